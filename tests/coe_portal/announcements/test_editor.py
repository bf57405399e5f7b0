"""Write with a preview, in two languages, past the guard; change what is published."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from coe_portal.announcements import actions
from coe_portal.announcements.models import Announcement, EarlierReceipt, Edition, KeptText, Receipt, Sending, State
from coe_portal.announcements.queries.lists import newest, open_duties
from coe_portal.audit.models import AuditEntry
from coe_portal.contributions import open_obligations
from coe_portal.notifications import composing
from coe_portal.notifications.models import OutgoingMail
from coe_portal.people.models import Audience, User
from coe_portal.search.models import SearchDocument
from coe_portal.search.queries import find
from tests.factories.announcements import AnnouncementFactory, ReceiptFactory
from tests.factories.people import speaker_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PATIENT = "Our patient John Miller, MRN 00482913, went home today."


@pytest.fixture
def typed(everyone: Audience) -> dict[str, object]:
    return {
        "title": "Ask first", "text": "Ask the **charge nurse**.", "language": "en", "audience": everyone.pk,
        "mail": "digest",
    }  # fmt: skip


@pytest.fixture
def in_spanish(typed: dict[str, object]) -> dict[str, object]:
    return {**typed, "other_title": "Pregunte primero", "other_text": "Pregunte a la **enfermera**."}


def texts(title: str) -> dict[str, str]:
    return {"title": title, "text": title}


def test_the_preview_shows_what_is_typed_and_keeps_it(strategist: User, typed: dict[str, object], sign_in: SignIn):
    client = sign_in(strategist)

    part = client.post("/announcements/new/preview/", typed, headers={"HX-Request": "true"}).content.decode()

    assert "<strong>charge nurse</strong>" in part
    assert "<html" not in part
    assert "1 person reads this" in part
    assert not Announcement.objects.exists()
    page = client.get("/announcements/new/")
    assert page.context["form"]["title"].value() == "Ask first"
    assert "We kept what you typed" in page.content.decode()


def test_without_javascript_the_preview_is_a_page(strategist: User, typed: dict[str, object], sign_in: SignIn):
    page = sign_in(strategist).post("/announcements/new/preview/", typed).content.decode()

    assert "Back to the editor" in page
    assert "<strong>charge nurse</strong>" in page


def test_the_preview_of_hostile_markdown_is_clean(strategist: User, typed: dict[str, object], sign_in: SignIn):
    hostile = {**typed, "title": "<script>alert(1)</script>", "text": "<img src=x onerror=alert(1)> [a](javascript:x)"}

    answer = sign_in(strategist).post("/announcements/new/preview/", hostile, headers={"HX-Request": "true"})
    page = answer.content.decode()

    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page


def test_saving_forgets_what_was_kept(strategist: User, typed: dict[str, object], sign_in: SignIn):
    client = sign_in(strategist)
    client.post("/announcements/new/preview/", typed)

    client.post("/announcements/new/", typed)

    assert not KeptText.objects.exists()
    assert Announcement.objects.get().title == "Ask first"


def test_what_is_kept_can_be_thrown_away(strategist: User, typed: dict[str, object], sign_in: SignIn):
    draft = AnnouncementFactory(draft=True, title="As saved")
    client = sign_in(strategist)
    client.post(f"/announcements/{draft.pk}/edit/preview/", typed)
    assert client.get(f"/announcements/{draft.pk}/edit/").context["form"]["title"].value() == "Ask first"

    client.post(f"/announcements/{draft.pk}/edit/forget/")

    assert client.get(f"/announcements/{draft.pk}/edit/").context["form"]["title"].value() == "As saved"


def test_another_strategist_does_not_see_what_i_type(
    strategist: User, approver: User, typed: dict[str, object], sign_in: SignIn
):
    sign_in(strategist).post("/announcements/new/preview/", typed)

    assert sign_in(approver).get("/announcements/new/").context["form"]["title"].value() == ""


def test_readers_have_no_editor(employee: User, typed: dict[str, object], sign_in: SignIn):
    client = sign_in(employee)

    for path in ["new/", "new/preview/", "new/forget/"]:
        assert client.post(f"/announcements/{path}", typed).status_code == 403


def test_patient_information_is_refused_until_somebody_says_it_is_none(
    strategist: User, typed: dict[str, object], sign_in: SignIn
):
    client = sign_in(strategist)

    refused = client.post("/announcements/new/", {**typed, "text": PATIENT})
    assert "This may identify a patient" in refused.content.decode()
    assert refused.context["form"]["text"].value() == PATIENT
    assert not Announcement.objects.exists()

    digest = refused.context["form"].suspicion.digest
    client.post("/announcements/new/", {**typed, "text": PATIENT, "confirmed": digest})

    assert Announcement.objects.get().text == PATIENT
    details = AuditEntry.objects.get(verb="announcement.drafted").details
    assert "record-number" in details["no_patient_information"]
    assert "Miller" not in str(details)


def test_the_checklist_counts_people_hours_and_languages(strategist: User, typed: dict[str, object], sign_in: SignIn):
    speaker_of("es")
    client = sign_in(strategist)

    page = client.post("/announcements/new/", {**typed, "text": "word " * 500}, follow=True)

    checklist = page.context["checklist"]
    assert (checklist.people, checklist.minutes) == (2, 3)
    assert checklist.in_language == [("en", 1)]
    assert "1 person prefers another language" in page.content.decode()


def test_a_reader_gets_their_language_and_may_switch(strategist: User, in_spanish: dict[str, object], sign_in: SignIn):
    sign_in(strategist).post("/announcements/new/", in_spanish)
    announcement = Announcement.objects.get()
    actions.publish(by=strategist, announcement=announcement, at=NOW)
    client = sign_in(speaker_of("es"))

    page = client.get(f"/announcements/{announcement.pk}/")
    switched = client.get(f"/announcements/{announcement.pk}/?language=en")

    assert page.context["text"].title == "Pregunte primero"
    assert 'lang="es"' in page.content.decode()
    assert switched.context["text"].title == "Ask first"
    assert client.get("/announcements/").context["rows"][0].text.title == "Pregunte primero"


def test_a_translation_needs_both_title_and_text(strategist: User, typed: dict[str, object], sign_in: SignIn):
    response = sign_in(strategist).post("/announcements/new/", {**typed, "other_title": "Pregunte"})

    assert set(response.context["form"].errors) == {"other_text"}


def test_both_languages_are_found(strategist: User, employee: User, everyone: Audience):
    spanish = speaker_of("es")
    announcement = actions.save(
        by=strategist, announcement=Announcement(), at=NOW, fields={**texts("Visiting hours"), "audience": everyone},
        translations={"es": texts("Horario de visitas")},
    )  # fmt: skip
    actions.publish(by=strategist, announcement=announcement, at=NOW)

    assert [each.title for each in find(spanish, "visitas").rows] == ["Horario de visitas"]
    assert [each.title for each in find(employee, "visiting").rows] == ["Visiting hours"]

    actions.save(by=strategist, announcement=Announcement.objects.get(), at=NOW, fields={}, translations={})
    assert [each.language for each in SearchDocument.objects.all()] == ["en"]


def test_what_is_owed_is_named_in_the_language_of_who_owes_it(strategist: User, everyone: Audience):
    spanish = speaker_of("es")
    announcement = actions.save(
        by=strategist, announcement=Announcement(), at=NOW,
        fields={**texts("Visiting hours"), "audience": everyone, "must_read": True},
        translations={"es": texts("Horario de visitas")},
    )  # fmt: skip
    actions.publish(by=strategist, announcement=announcement, at=NOW)

    duties = {each.person_id: each.title for each in open_duties([strategist.pk, spanish.pk], NOW)}

    assert duties == {strategist.pk: "Visiting hours", spanish.pk: "Horario de visitas"}
    assert [row.text.title for row in newest(spanish, NOW, 5)] == ["Horario de visitas"]


def published(by: User, **fields: object) -> Announcement:
    written = {**texts("Before"), **fields}
    announcement = actions.save(by=by, announcement=Announcement(), fields=written, at=NOW)
    actions.publish(by=by, announcement=announcement, at=NOW)
    return Announcement.objects.get(pk=announcement.pk)


def test_a_change_after_publishing_is_dated_and_kept(strategist: User, everyone: Audience, sign_in: SignIn):
    announcement = published(strategist, audience=everyone)
    later = NOW + timedelta(days=1)

    actions.save(
        by=strategist, announcement=announcement, fields={"text": "After"}, at=later, change=actions.Change("Clearer")
    )

    announcement.refresh_from_db()
    assert (announcement.edition, announcement.edited_at) == (2, later)
    assert list(Edition.objects.values_list("number", "note", "texts__en__text")) == [
        (2, "Clearer", "After"),
        (1, "", "Before"),
    ]
    assert "changed on" in sign_in(strategist).get(f"/announcements/{announcement.pk}/").content.decode()
    assert "Before" in sign_in(strategist).get(f"/announcements/{announcement.pk}/history/").content.decode()


def test_another_audience_or_date_is_no_new_edition(strategist: User, everyone: Audience):
    announcement = published(strategist, audience=everyone)

    actions.save(by=strategist, announcement=announcement, fields={"is_pinned": True}, at=NOW)

    assert announcement.edition == 1
    assert announcement.edited_at is None


def test_a_change_can_ask_everybody_to_confirm_again(strategist: User, employee: User, everyone: Audience):
    announcement = published(strategist, audience=everyone, must_read=True)
    receipt = ReceiptFactory(announcement=announcement, person=employee, acknowledged_at=NOW)
    assert employee.pk not in {each.person_id for each in open_obligations([employee.pk], NOW.date())}

    actions.save(
        by=strategist, announcement=announcement, fields={"text": "After"}, at=NOW, change=actions.Change("", True)
    )

    receipt.refresh_from_db()
    assert receipt.acknowledged_at is None
    assert list(EarlierReceipt.objects.values_list("person", "edition", "acknowledged_at")) == [(employee.pk, 1, NOW)]
    (owed,) = open_obligations([employee.pk], NOW.date())
    assert owed.key == f"announcement:{announcement.pk}:2"
    assert Sending.objects.filter(cause="asked_again").count() == 1


def test_the_form_says_how_many_would_be_asked_again(strategist: User, everyone: Audience, sign_in: SignIn):
    announcement = published(strategist, audience=everyone, must_read=True)
    ReceiptFactory.create_batch(2, announcement=announcement, acknowledged_at=NOW)

    page = sign_in(strategist).get(f"/announcements/{announcement.pk}/edit/").content.decode()

    assert "2 people have confirmed and would be asked again." in page


def test_a_note_of_who_denies_patient_information_survives_a_scheduled_start(strategist: User, everyone: Audience):
    announcement = actions.save(
        by=strategist, announcement=Announcement(), at=NOW, found=["room"],
        fields={**texts("Ask"), "audience": everyone, "publish_at": timezone.now() + timedelta(days=1)},
    )  # fmt: skip
    actions.schedule(by=strategist, announcement=announcement)

    announcement.refresh_from_db()
    assert announcement.state == State.SCHEDULED
    assert not Receipt.objects.exists()
    assert AuditEntry.objects.first().details == {"no_patient_information": ["room"]}


@pytest.mark.parametrize(("language", "hello"), [("en", "Hello Priya Raman,"), ("es", "Hola, Priya Raman")])
@time_machine.travel(timezone.now, tick=False)  # the second is signed into the link that stops the mails
def test_the_mail_in_the_preview_is_the_one_that_is_sent(
    strategist: User, approver: User, in_spanish: dict[str, object], sign_in: SignIn, language: str, hello: str
):
    client = sign_in(strategist)
    client.post("/announcements/new/preview/", in_spanish)

    shown = client.get(f"/announcements/new/preview/mail/{language}/").content.decode()

    User.objects.filter(pk=strategist.pk).update(language=language)
    sign_in(approver).post("/announcements/new/", {**in_spanish, "mail": "now"})
    written = Announcement.objects.get()
    actions.publish(by=strategist, announcement=written, at=NOW)
    actions.send_part(sending_id=Sending.objects.get().pk, at=NOW)
    sent = mail_at_once_to(strategist)
    assert hello in sent
    assert shown == sent.replace(f"{written.get_absolute_url()}", "/announcements/")


def mail_at_once_to(person: User) -> str:
    noon = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
    mail = OutgoingMail.objects.create(person=person, purpose="now", address=person.email, due_at=noon)
    ready = composing.compose(mail, composing.gather([mail], noon), noon)
    assert isinstance(ready, composing.Ready)
    assert isinstance(ready.message, EmailMultiAlternatives)
    return str(ready.message.alternatives[0].content)


def test_only_the_preview_frames_a_mail_and_nothing_runs_in_it(
    strategist: User, typed: dict[str, object], sign_in: SignIn
):
    client = sign_in(strategist)
    page = client.post("/announcements/new/preview/", typed)

    mail = client.get("/announcements/new/preview/mail/en/")

    assert 'src="/announcements/new/preview/mail/en/"' in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    directives = {each.strip() for each in mail["Content-Security-Policy"].split(";")}
    assert directives == {"default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'self'", "sandbox"}
    assert mail["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get("/announcements/new/preview/mail/es/").status_code == 404
