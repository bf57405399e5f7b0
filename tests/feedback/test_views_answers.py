from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from feedback.actions import topics
from feedback.models import Topic
from feedback.queries.waiting import PAGE_SIZE, Waiting
from feedback.queries.work import hours_to_first_reply
from tests.factories.feedback import QuestionFactory


@pytest.fixture
def client(sign_in, strategist):
    return sign_in(strategist)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("show", ["silent", "open", "stale"])
def test_the_list_makes_constant_queries(client, room, rows, show, django_assert_num_queries):
    QuestionFactory.create_batch(rows, category=room)
    client.get("/feedback/stories/")
    client.get("/feedback/waiting/")

    with django_assert_num_queries(2):
        client.get("/feedback/waiting/", {"show": show})


def test_the_oldest_question_comes_first(client, room):
    now = timezone.now()
    young = QuestionFactory(category=room, created_at=now - timedelta(hours=2))
    old = QuestionFactory(category=room, created_at=now - timedelta(days=3))

    rows = client.get("/feedback/waiting/").context["page"].rows

    assert [(row.topic, row.days) for row in rows] == [(old, 3), (young, 0)]


def test_the_list_pages_by_key(client, room):
    QuestionFactory.create_batch(PAGE_SIZE + 2, category=room)

    first = client.get("/feedback/waiting/").context["page"]
    second = client.get(first.later_url).context["page"]

    assert (len(first.rows), len(second.rows)) == (PAGE_SIZE, 2)
    assert {row.topic.pk for row in first.rows} & {row.topic.pk for row in second.rows} == set()
    assert client.get("/feedback/waiting/?after=nonsense~x").status_code == 200


def test_answered_replied_and_stale_questions_are_apart(client, strategist, employee, room, now):
    silent, replied, answered = QuestionFactory.create_batch(3, category=room)
    topics.reply(by=strategist, topic=replied, text=topics.Text("Which network?", uuid4()), at=now)
    answer = topics.reply(by=strategist, topic=answered, text=topics.Text("Yes.", uuid4()), at=now)
    Topic.objects.filter(pk=answered.pk).update(
        accepted=answer, accepted_by=strategist, accepted_at=now, verified_until=now.date(), verified_by=strategist
    )

    shown = {
        show: [row.topic for row in client.get("/feedback/waiting/", {"show": show}).context["page"].rows]
        for show in ("silent", "open", "stale")
    }

    assert shown == {"silent": [silent], "open": [replied], "stale": [answered]}


def test_claiming_leads_to_the_reply_and_is_seen_by_others(client, sign_in, approver, strategist, question):
    response = client.post(f"/feedback/topics/{question.pk}/claim/")

    assert response.url == f"{question.get_absolute_url()}#reply"
    assert strategist.name in sign_in(approver).get("/feedback/waiting/").content.decode()


def test_a_claimed_question_is_not_claimed_again(client, sign_in, approver, strategist, question):
    client.post(f"/feedback/topics/{question.pk}/claim/")

    response = sign_in(approver).post(f"/feedback/topics/{question.pk}/claim/")

    assert response.url == "/feedback/waiting/"
    assert Topic.objects.get().claimed_by == strategist


def test_a_claim_counts_until_its_minute(question, strategist, now):
    question.claimed_by, question.claimed_until = strategist, now

    assert Waiting(question, now - timedelta(seconds=1)).claimed_by == strategist
    assert Waiting(question, now).claimed_by is None


def test_the_median_of_the_first_replies_in_hours(room, now):
    for hours in (1, 2, 30):
        QuestionFactory(category=room, created_at=now, first_reply_at=now + timedelta(hours=hours))
    QuestionFactory(category=room, created_at=now)

    assert str(hours_to_first_reply(Topic.objects.all())) == "2.0"
    assert hours_to_first_reply(Topic.objects.none()) is None


def test_accept_verify_and_mark_as_asked_before_through_pages(client, strategist, employee, room, question, now):
    post = topics.reply(by=employee, topic=question, text=topics.Text("Yes.", uuid4()), at=now)
    client.post(f"/feedback/posts/{post.pk}/accept/")
    until = timezone.localdate() + timedelta(days=90)
    client.post(f"/feedback/topics/{question.pk}/verify/", {"until": until.isoformat()})
    double = QuestionFactory(category=room)
    client.post(
        f"/feedback/topics/{double.pk}/duplicate/",
        {"original": f"https://portal/feedback/topics/{question.pk}/?page=2"},
    )

    question.refresh_from_db()
    double.refresh_from_db()
    assert (question.accepted, question.verified_until, question.duplicate_count) == (post, until, 1)
    assert double.canonical == question
    assert "Verified until" in client.get(question.get_absolute_url()).content.decode()
    assert "This was asked before" in client.get(double.get_absolute_url()).content.decode()


@pytest.mark.parametrize("original", ["", "no number", "/feedback/topics/999999/", "99999999999999999999"])
def test_a_duplicate_needs_a_question_that_is_there(client, question, original):
    response = client.post(f"/feedback/topics/{question.pk}/duplicate/", {"original": original})

    assert response.status_code == 200
    assert Topic.objects.get().canonical is None


def test_a_past_day_verifies_nothing(client, question):
    response = client.post(f"/feedback/topics/{question.pk}/verify/", {"until": "2020-01-01"})

    assert response.context["form"].errors == {"until": ["This day has passed."]}


@pytest.mark.parametrize("page", ["verify", "duplicate", "move"])
def test_pages_about_a_question_open(client, question, page):
    assert client.get(f"/feedback/topics/{question.pk}/{page}/").status_code == 200
