from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from coe_portal.audit.actions import record
from coe_portal.audit.models import AuditEntry
from coe_portal.core.database_roles import as_owner
from coe_portal.core.jobs import ATTEMPTS
from coe_portal.core.markdown import render
from coe_portal.notifications.actions import notify
from coe_portal.notifications.models import Notification
from coe_portal.outbox import running
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.actions import deactivate, reactivate
from coe_portal.people.models import User
from coe_portal.privacy import tasks  # noqa: F401 - a worker knows the jobs
from coe_portal.privacy.actions import erasing
from coe_portal.privacy.actions.holding import Held, place, release
from coe_portal.privacy.actions.retaining import remove_old
from coe_portal.privacy.models import Erasure, RetentionRun, SealedName
from coe_portal.privacy.queries.catalogue import retentions
from coe_portal.privacy.queries.retaining import effect_of, periods
from feedback.actions import drafts
from feedback.models import Draft, Post
from tests.factories.feedback import CategoryFactory, PostFactory, StoryFactory, TopicFactory
from tests.factories.people import PersonFactory, RoleGrantFactory, person_with
from tests.factories.training import completion_of, course_with

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
NAME = "Quentin Hazelwood-Ng"


@pytest.fixture
def leaver(strategist: User) -> User:
    """Somebody who wrote, read, learned and was mentioned."""
    person = person_with(name=NAME)
    person.email, person.employee_number = "quentin.hazelwood@riverbend.example", "RB-90210"
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    topic = TopicFactory(category=CategoryFactory(audience=person.audiences.get()), author=person)
    PostFactory(topic=topic, number=7, author=strategist, source=f"Thanks, @{NAME}!", html=render(f"Thanks, @{NAME}!"))
    StoryFactory(contact=f"{NAME}, ext. 12")
    drafts.keep(by=person, place="ask", fields={"title": "mine"}, at=timezone.now())
    notify(person_ids=[person.pk], kind="x", subject="For you", url="/", key="k")
    record(by=person, verb="started", on=topic)
    completion_of(person, course_with())
    return person


@pytest.fixture
def proposed(leaver: User, administrator: User) -> Erasure:
    return erasing.propose(by=administrator, person=leaver, reason="Asked for it", at=timezone.now())


def erase(erasure: Erasure, *, by: User) -> None:
    """Confirmed, and done by the job."""
    erasing.confirm(by=by, erasure=erasure, at=timezone.now())
    erasing.carry_out(erasure_id=erasure.pk, at=timezone.now())


def run_jobs() -> None:
    """As a worker does, as often as it takes."""
    for pk in QueuedJob.objects.waiting().filter(name=erasing.JOB).values_list("pk", flat=True):
        QueuedJob.objects.filter(pk=pk).update(due_at=timezone.now())
        running.run(pk)


def still_named() -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'tsvector')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ~* %s', ["hazelwood|quentin|RB-90210"]
            )
            if number := cursor.fetchone()[0]:
                found[f"{table}.{column}"] = number
    return found


def test_nothing_names_the_person_any_more_and_the_records_stay(proposed: Erasure, privacy_officer: User, leaver: User):
    assert len(still_named()) > 4

    erase(proposed, by=privacy_officer)

    assert still_named() == {}
    leaver.refresh_from_db()
    assert leaver.name.startswith("Former employee ")
    assert (leaver.is_active, leaver.email, leaver.has_usable_password()) == (
        False, f"former-{leaver.pk}@erased.invalid", False,
    )  # fmt: skip
    assert Draft.objects.count() == Notification.objects.filter(person=leaver).count() == 0
    assert leaver.completions.count() == 1
    assert AuditEntry.objects.filter(actor=leaver, verb="started").count() == 1
    assert f"@{leaver.name}!" in Post.objects.get(number=7).source


def test_the_trail_knows_the_erasure_but_no_name(proposed: Erasure, privacy_officer: User, leaver: User):
    erase(proposed, by=privacy_officer)

    entries = AuditEntry.objects.filter(verb__startswith="erasure.").order_by("pk")
    assert [each.verb for each in entries] == ["erasure.proposed", "erasure.confirmed", "erasure.done"]
    assert not any("azelwood" in f"{each.summary}{each.details}" for each in entries)


def test_who_proposes_does_not_confirm(leaver: User):
    both = person_with()
    RoleGrantFactory(person=both, role="administrator")
    RoleGrantFactory(person=both, role="privacy_officer")
    found = erasing.propose(by=both, person=leaver, reason="x", at=timezone.now())

    with pytest.raises(PermissionDenied):
        erasing.confirm(by=both, erasure=found, at=timezone.now())


def test_a_hold_stops_it(proposed: Erasure, privacy_officer: User, leaver: User):
    place(by=privacy_officer, reason="Matter 12", person=leaver, at=timezone.now())

    with pytest.raises(Held):
        erasing.confirm(by=privacy_officer, erasure=proposed, at=timezone.now())

    leaver.refresh_from_db()
    assert leaver.name == NAME


def test_somebody_of_the_same_name_keeps_it(proposed: Erasure, privacy_officer: User):
    twin = PersonFactory(name=NAME)

    erase(proposed, by=privacy_officer)

    twin.refresh_from_db()
    assert twin.name == NAME


def test_the_sealed_name_opens_with_a_reason_and_is_destroyed_in_the_end(
    proposed: Erasure, privacy_officer: User, leaver: User
):
    erase(proposed, by=privacy_officer)
    assert erasing.release_name(by=privacy_officer, erasure=proposed, reason="Court")["name"] == NAME
    assert AuditEntry.objects.get(verb="erasure.name_released").details == {"reason": "Court"}

    assert remove_old(at=timezone.now())["privacy.sealed_names"] == 0
    assert remove_old(at=timezone.now() + timedelta(days=2_193))["privacy.sealed_names"] == 1
    assert SealedName.objects.count() == 0


def test_the_page_shows_what_will_happen_and_erases(
    proposed: Erasure, privacy_officer: User, leaver: User, administrator: User, sign_in: SignIn
):
    officer, page = sign_in(privacy_officer), f"/privacy/erasures/{proposed.pk}/"
    shown = {str(each.label): (each.number, each.erased) for each in officer.get(page).context["affected"]}
    assert shown["Drafts"] == (1, True)
    assert shown["Completions"] == (1, False)
    assert sign_in(administrator).post(f"{page}confirm/").status_code == 403

    officer.post(f"{page}confirm/")
    assert "Is being done" in officer.get(page).content.decode()
    run_jobs()

    proposed.refresh_from_db()
    assert proposed.state == "done"
    assert Notification.objects.get(person=privacy_officer, subject="An erasure is done").url == page
    assert NAME not in officer.get(page).content.decode()
    assert NAME in officer.post(f"{page}name/", {"reason": "Court order 7"}).content.decode()
    assert officer.post(f"{page}name/", {"reason": ""}).context["release_form"].errors


def test_an_administrator_proposes_and_a_wrong_address_is_said(administrator: User, leaver: User, sign_in: SignIn):
    client = sign_in(administrator)

    wrong = client.post("/privacy/erasures/propose/", {"person": "nobody@riverbend.example", "reason": "Asked"})
    right = client.post("/privacy/erasures/propose/", {"person": leaver.email.upper(), "reason": "Asked"})

    assert "Nobody has this e-mail address" in wrong.content.decode()
    assert right["Location"] == f"/privacy/erasures/{Erasure.objects.get().pk}/"


def test_who_is_erased_cannot_come_back_with_an_old_session(
    proposed: Erasure,
    privacy_officer: User,
    leaver: User,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
):
    session = sign_in(leaver)
    assert session.get("/my/").status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        erase(proposed, by=privacy_officer)

    assert session.get("/my/").status_code == 302


def test_erasing_asks_once_more_who_it_is_and_then_goes_on(
    proposed: Erasure, privacy_officer: User, leaver: User, sign_in: SignIn, settings
):
    privacy_officer.set_password("a-long-enough-password")
    privacy_officer.save()
    officer, page = sign_in(privacy_officer), f"/privacy/erasures/{proposed.pk}/confirm/"
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0

    asked = officer.post(page)

    assert "reauthenticate" in asked["Location"]
    leaver.refresh_from_db()
    assert leaver.name == NAME
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
    officer.post(asked["Location"], {"password": "a-long-enough-password"})
    run_jobs()
    leaver.refresh_from_db()
    assert leaver.name.startswith("Former employee ")


def test_a_reason_with_a_patient_in_it_does_not_get_into_the_trail(
    proposed: Erasure, privacy_officer: User, sign_in: SignIn
):
    erase(proposed, by=privacy_officer)

    answer = sign_in(privacy_officer).post(
        f"/privacy/erasures/{proposed.pk}/name/", {"reason": "Mr. Alvarez in room 412 complained"}
    )

    assert "may identify a patient" in answer.content.decode()
    assert "Mr. Alvarez in room 412" in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="erasure.name_released").exists()


def test_declining_changes_nothing(proposed: Erasure, privacy_officer: User, leaver: User, sign_in: SignIn):
    sign_in(privacy_officer).post(f"/privacy/erasures/{proposed.pk}/decline/", {"answer": "Still employed"})

    proposed.refresh_from_db()
    leaver.refresh_from_db()
    assert (proposed.state, proposed.answer, leaver.name) == ("declined", "Still employed", NAME)


def test_neither_longer_words_nor_figures_of_others_change(leaver: User, administrator: User, privacy_officer: User):
    """An employee number may be a year, and a name a part of another word."""
    User.objects.filter(pk=leaver.pk).update(name="Ann Lee", employee_number="2026", external_id="")
    drafts.keep(by=administrator, place="ask", fields={"text": "Budget 2026"}, at=timezone.now())
    Draft.objects.update(fields={"text": "Budget 2026", "n": 2026})
    story = StoryFactory(source="Joann Leeds and Ann Lee, 2026", contact="")
    proposed = erasing.propose(by=administrator, person=leaver, reason="x", at=timezone.now())

    erase(proposed, by=privacy_officer)

    proposed.refresh_from_db()
    story.refresh_from_db()
    assert story.source == f"Joann Leeds and {proposed.pseudonym}, 2026"
    assert Draft.objects.get(person=administrator).fields == {"text": "Budget 2026", "n": 2026}
    assert proposed.failed == []


@pytest.mark.django_db(transaction=True)
def test_where_the_name_could_not_be_replaced_is_said(proposed: Erasure, privacy_officer: User, sign_in: SignIn):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE feedback_story ADD CHECK (contact LIKE '%ext. 12' AND contact NOT LIKE 'Former%')")

    erase(proposed, by=privacy_officer)

    proposed.refresh_from_db()
    assert proposed.failed == ["feedback.story.contact"]
    assert (
        "feedback.story.contact" in sign_in(privacy_officer).get(f"/privacy/erasures/{proposed.pk}/").content.decode()
    )


def test_killed_half_way_nothing_has_happened_and_the_next_worker_does_it(
    proposed: Erasure, privacy_officer: User, leaver: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    page = f"/privacy/erasures/{proposed.pk}/"
    erasing.confirm(by=privacy_officer, erasure=proposed, at=timezone.now())

    def killed(**given: object) -> None:
        raise RuntimeError(f"the value {NAME} broke it")

    with monkeypatch.context() as broken:
        broken.setattr(erasing, "pseudonymise", killed)
        for _attempt in range(ATTEMPTS):
            run_jobs()

    leaver.refresh_from_db()
    assert (leaver.name, Draft.objects.count()) == (NAME, 1)
    shown = sign_in(privacy_officer).get(page).content.decode()
    assert "It could not be done" in shown
    assert f": {'RuntimeError'}" in shown
    assert "broke it" not in shown

    sign_in(privacy_officer).post(f"{page}confirm/")
    run_jobs()
    erasing.carry_out(erasure_id=proposed.pk, at=timezone.now())

    proposed.refresh_from_db()
    assert proposed.state == "done"
    assert still_named() == {}
    assert AuditEntry.objects.filter(verb="erasure.done").count() == 1


def test_a_hold_that_comes_between_stops_the_job_and_it_can_be_confirmed_anew(
    proposed: Erasure, privacy_officer: User, leaver: User
):
    erasing.confirm(by=privacy_officer, erasure=proposed, at=timezone.now())
    hold = place(by=privacy_officer, reason="Matter 12", person=leaver, at=timezone.now())
    run_jobs()

    proposed.refresh_from_db()
    leaver.refresh_from_db()
    assert (proposed.state, proposed.decided_by, leaver.name) == ("proposed", None, NAME)
    assert AuditEntry.objects.filter(verb="erasure.stopped").count() == 1

    release(by=privacy_officer, hold=hold, at=timezone.now())
    erasing.confirm(by=privacy_officer, erasure=proposed, at=timezone.now())
    run_jobs()

    proposed.refresh_from_db()
    assert proposed.state == "done"


class TestWhoHasLeft:
    """Six years after the employment nobody has to ask."""

    @pytest.fixture
    def left(self, leaver: User) -> User:
        deactivate(by=None, person=leaver)
        return leaver

    def night(self, days: int) -> int:
        removed = remove_old(at=timezone.now() + timedelta(days=days))["people.leavers"]
        run_jobs()
        return removed

    def test_their_records_stay_under_a_pseudonym(self, left: User, privacy_officer: User, sign_in: SignIn):
        assert self.night(2_191) == 0
        assert [self.night(2_193), self.night(2_193)] == [1, 0]

        left.refresh_from_db()
        done = Erasure.objects.get()
        assert left.name == done.pseudonym
        assert (done.state, done.proposed_by, done.decided_by) == ("done", None, None)
        assert left.completions.count() == 1
        assert "azelwood" not in left.completions.get().certificate.holder
        assert still_named() == {}
        verbs = AuditEntry.objects.filter(verb__startswith="erasure.").order_by("pk")
        assert [(each.verb, each.actor) for each in verbs] == [("erasure.due", None), ("erasure.done", None)]
        assert RetentionRun.objects.filter(key="people.leavers", removed=1).count() == 1
        page = sign_in(privacy_officer).get(f"/privacy/erasures/{done.pk}/").content.decode()
        assert "the table of retention periods" in page

    @pytest.mark.parametrize(
        "held", [{"person": True}, {"kind": "feedback.drafts"}, {"kind": "people.leavers"}, {"since": True}]
    )
    def test_whom_a_hold_covers_stays(self, held: dict[str, object], left: User, privacy_officer: User):
        real = {"person": left} if "person" in held else {"since": left.joined_at.date()} if "since" in held else held
        hold = place(by=privacy_officer, reason="Matter 12", at=timezone.now(), **real)
        at = timezone.now() + timedelta(days=2_193)
        Draft.objects.update(updated_at=at)

        assert [(each.due, each.held) for each in periods(at, at.date()) if each.rule.key == "people.leavers"] == [
            (0, 1)
        ]
        assert self.night(2_193) == 0
        release(by=privacy_officer, hold=hold, at=timezone.now())
        assert self.night(2_193) == 1

    def test_who_came_back_or_is_decided_on_stays(self, left: User, administrator: User):
        erasing.propose(by=administrator, person=left, reason="Asked", at=timezone.now())
        back = PersonFactory()
        deactivate(by=None, person=back)
        reactivate(by=None, person=back)

        assert self.night(2_193) == 0
        back.refresh_from_db()
        assert back.left_at is None

    def test_the_name_is_not_sealed_once_more(self, left: User):
        """Its six years are over with those of the records."""
        User.objects.filter(pk=left.pk).update(left_at=timezone.now() - timedelta(days=2_193))

        self.night(0)

        assert Erasure.objects.get().state == "done"
        assert SealedName.objects.count() == 0

    def test_many_are_one_query_a_hold(self, privacy_officer: User, django_assert_max_num_queries):
        for _each in range(3):
            deactivate(by=None, person=PersonFactory())
        at = timezone.now() + timedelta(days=2_193)
        place(by=privacy_officer, reason="Matter", kind="feedback.drafts", at=timezone.now())
        rule = retentions()["people.leavers"]

        with django_assert_max_num_queries(6):
            assert effect_of(rule, rule.days, at, at.date()) == (3, 0)
