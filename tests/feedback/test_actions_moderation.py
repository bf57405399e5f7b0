from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from coe_portal.audit.models import AuditEntry
from coe_portal.search.models import SearchDocument
from feedback.actions import moderation, topics
from feedback.models import Category, Flag, Hold, Topic
from tests.factories.feedback import CategoryFactory


@pytest.fixture
def reply(discussion, employee, now):
    return topics.reply(by=employee, topic=discussion, text=topics.Text("A remark.", uuid4()), at=now)


def test_removing_a_reply_counts_back_and_restoring_counts_again(strategist, discussion, reply, now):
    moderation.remove(by=strategist, post=reply, reason="Off topic.", at=now)
    discussion.refresh_from_db()
    assert (discussion.reply_count, discussion.active_at, discussion.last_author) == (
        0,
        discussion.created_at,
        discussion.author,
    )

    reply.refresh_from_db()
    moderation.restore(by=strategist, post=reply)

    discussion.refresh_from_db()
    assert (discussion.reply_count, discussion.active_at) == (1, now)


def test_the_author_is_told_the_reason_on_the_page(sign_in, strategist, employee, executive, discussion, reply, now):
    moderation.remove(by=strategist, post=reply, reason="Off topic.", at=now)

    html = sign_in(executive).get(discussion.get_absolute_url()).content.decode()
    assert "Off topic." in html
    assert "A remark." not in html
    assert [each.kind for each in employee.notifications.all()] == ["feedback.removed"]


def test_removing_the_first_post_removes_the_topic(sign_in, strategist, employee, discussion, reply, now):
    moderation.remove(by=strategist, post=discussion.posts.get(number=1), reason="Advertising.", at=now)

    assert sign_in(employee).get(discussion.get_absolute_url()).status_code == 404
    assert sign_in(strategist).get(discussion.get_absolute_url()).status_code == 200
    assert SearchDocument.objects.count() == 0
    assert Category.objects.get().topic_count == 0


def test_employees_moderate_nothing(employee, discussion, reply, room, now):
    with pytest.raises(PermissionDenied):
        moderation.remove(by=employee, post=reply, reason="Mine.", at=now)
    with pytest.raises(PermissionDenied):
        moderation.pin(by=employee, topic=discussion, pinned=True)
    with pytest.raises(PermissionDenied):
        moderation.lock(by=employee, topic=discussion, locked=True)
    with pytest.raises(PermissionDenied):
        moderation.move(by=employee, topic=discussion, category=room)


def test_moving_counts_in_both_categories(strategist, everyone, discussion, reply, room):
    other = CategoryFactory(audience=everyone)

    moderation.move(by=strategist, topic=discussion, category=other)

    counts = dict(Category.objects.values_list("slug", "post_count"))
    assert counts == {room.slug: 0, other.slug: 2}


def test_a_pinned_topic_comes_first(sign_in, strategist, employee, discussion, question):
    moderation.pin(by=strategist, topic=discussion, pinned=True)

    html = sign_in(employee).get("/feedback/everyday/").content.decode()

    assert html.index(discussion.title) < html.index(question.title)


def test_moderation_leaves_one_trace_each(strategist, discussion, reply, now):
    before = AuditEntry.objects.count()

    moderation.pin(by=strategist, topic=discussion, pinned=True)
    moderation.lock(by=strategist, topic=discussion, locked=True)
    moderation.remove(by=strategist, post=reply, reason="Off topic.", at=now)
    reply.refresh_from_db()
    moderation.restore(by=strategist, post=reply)

    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)[before:]
    assert list(verbs) == ["pinned", "locked", "removed", "restored"]


def test_a_person_flags_once(executive, reply, now):
    for _ in range(2):
        moderation.flag(by=executive, post=reply, reason="rude", note="", at=now)

    assert Flag.objects.count() == 1


def test_upheld_flags_remove_the_post(strategist, executive, discussion, reply, now):
    moderation.flag(by=executive, post=reply, reason="rude", note="", at=now)

    moderation.decide_flags(by=strategist, post=reply, upheld=True, reason="Unkind.", at=now)

    reply.refresh_from_db()
    assert (reply.removed_at, reply.removal_reason) == (now, "Unkind.")
    assert Flag.objects.waiting().count() == 0


def test_dismissed_flags_leave_it(strategist, executive, reply, now):
    moderation.flag(by=executive, post=reply, reason="other", note="", at=now)

    moderation.decide_flags(by=strategist, post=reply, upheld=False, reason="", at=now)

    reply.refresh_from_db()
    assert reply.removed_at is None
    assert Flag.objects.get().upheld is False


@pytest.fixture
def hold(discussion, employee, now):
    topics.reply(by=employee, topic=discussion, text=topics.Text("In Room 7.", uuid4(), ["room"]), at=now)
    return Hold.objects.get()


def test_release_publishes_and_tells(privacy_officer, employee, discussion, hold, now):
    moderation.release(by=privacy_officer, hold=hold, at=now)

    discussion.refresh_from_db()
    assert discussion.reply_count == 1
    assert Topic.objects.get().last_published == 2
    assert [each.kind for each in employee.notifications.all()] == ["feedback.released"]


def test_refusal_keeps_it_hidden_and_says_why(sign_in, privacy_officer, employee, discussion, hold, now):
    moderation.refuse(by=privacy_officer, hold=hold, reason="The room can be recognised.", at=now)

    html = sign_in(employee).get(discussion.get_absolute_url()).content.decode()
    assert "The room can be recognised." in html
    assert Topic.objects.get().reply_count == 0


def test_a_hold_is_decided_once(privacy_officer, strategist, hold, now):
    moderation.refuse(by=privacy_officer, hold=hold, reason="No.", at=now)
    moderation.release(by=strategist, hold=hold, at=now)

    hold.refresh_from_db()
    assert (hold.outcome, hold.decided_by) == ("refused", privacy_officer)


def test_employees_decide_no_hold(employee, hold, now):
    with pytest.raises(PermissionDenied):
        moderation.release(by=employee, hold=hold, at=now)


def test_the_review_page_shows_the_text_and_what_was_recognised(sign_in, privacy_officer, strategist, hold):
    for person in (privacy_officer, strategist):
        html = sign_in(person).get("/feedback/review/").content.decode()
        assert "In Room 7." in html
        assert "Room or bed" in html


def test_refusing_needs_a_reason(sign_in, strategist, hold):
    sign_in(strategist).post(f"/feedback/holds/{hold.pk}/refuse/", {"reason": ""})

    hold.refresh_from_db()
    assert hold.outcome == ""


def test_releasing_through_the_page(sign_in, strategist, discussion, hold):
    response = sign_in(strategist).post(f"/feedback/holds/{hold.pk}/release/")

    assert response.url == "/feedback/review/"
    hold.refresh_from_db()
    assert hold.outcome == "released"
