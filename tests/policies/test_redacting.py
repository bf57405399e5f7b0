"""Words leave a published version by one way alone, and what is left of the evidence says so."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from coe_portal.people.models import User
from coe_portal.privacy.actions import erasing, purging
from coe_portal.privacy.actions.retaining import remove_old
from coe_portal.privacy.models import Purge
from coe_portal.privacy.sweeping import removal_of
from coe_portal.search.models import SearchDocument
from policies.actions.acknowledging import acknowledge
from policies.actions.deciding import approve
from policies.actions.drafting import save_wording, start_version, submit
from policies.actions.publishing import publish
from policies.actions.redacting import redact
from policies.models import Acknowledgement, Clause, Redaction, Review, Version
from tests.factories.people import person_with
from tests.factories.policies import AT, draft, next_version, published, wording

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
NAME = "Zebediah O'Quartz"
TEXT = f"""What {NAME} taught us.

# The case of Zebediah O'Quartz

## Never write about {NAME} {{#never-write-about-zebediah-oquartz}}

On **3 May** a colleague wrote that zebediah   o'quartz was in room 412.

Do: "We care for everybody."
Don't: "{NAME.upper()} went home today."
Source: [The case of {NAME}](https://example.org/zebediah-oquartz), checked 2026-10-12

## Ask first {{#ask-first}}

Whoever is not sure asks.
"""


@pytest.fixture
def named(strategist: User, approver: User, employee: User) -> Version:
    """In force and signed; words about a patient in its title, summary, text, note, comment and in the signature."""
    version = draft(writer=strategist, slug="the-case", title=f"The case of {NAME}")
    words = wording(title=f"The case of {NAME}", summary=f"What {NAME} taught us.", text=TEXT, change_note=NAME)
    version = save_wording(by=strategist, version=version, wording=words, edition=version.edition, at=AT)
    submit(by=strategist, version=version, at=AT)
    approve(
        by=approver, version=version, edition=version.edition, change=version.change, at=AT,
        comment=f"{NAME} has agreed.",
    )  # fmt: skip
    version = publish(by=strategist, version=version, acknowledge_by=None, at=AT)
    acknowledge(by=employee, version=version, address="198.51.100.7", user_agent="Firefox", at=AT)
    return version


def purge_of(version: Version, officer: User, *words: str) -> Purge:
    made = purging.ask(
        by=officer, kind="policy", object_id=version.pk, reason="phi", words=words or [NAME], at=timezone.now()
    )
    purging.carry_out(purge_id=made.pk)
    made.refresh_from_db()
    return made


def everything(version: Version) -> str:
    with connection.cursor() as cursor:
        tables = ("policy", "version", "clause", "review", "acknowledgement", "kepttext")
        found = []
        for table in tables:
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM policies_{table} t")
            found.append(str(cursor.fetchone()[0]))
    return " ".join(found).lower()


def test_the_words_leave_and_everything_else_stays(named: Version, privacy_officer: User):
    before = Version.objects.get(pk=named.pk)

    made = purge_of(named, privacy_officer)

    assert made.failed == []
    assert "zebediah" not in everything(named)
    assert "quartz" not in everything(named)
    after = Version.objects.get(pk=named.pk)
    assert after.title == "The case of Removed for privacy"
    assert after.text == (
        TEXT.replace(f"about {NAME} {{#never-write-about-zebediah-oquartz}}", f"about {NAME} {{#ADDRESS}}")
        .replace("https://example.org/zebediah-oquartz", "https://example.org/ADDRESS")
        .replace(NAME, "Removed for privacy")
        .replace("zebediah   o'quartz", "Removed for privacy")
        .replace(NAME.upper(), "Removed for privacy")
        .replace("https://example.org/ADDRESS", "https://example.org/removed-for-privacy-0")
        .replace("ADDRESS", f"removed-for-privacy-{after.clauses.get(number=1).pk}")
    )
    assert (after.sha256, after.state, after.major) == (before.sha256, before.state, before.major)
    clause = after.clauses.get(number=1)
    assert "On <strong>3 May</strong> a colleague wrote that Removed for privacy was in room 412." in clause.html
    assert [each["do"] for each in clause.examples] == [True, False]
    assert after.clauses.get(number=2).text == "Whoever is not sure asks."


def test_the_note_says_who_and_when_and_has_both_hashes(named: Version, privacy_officer: User):
    made = purge_of(named, privacy_officer)

    note = Redaction.objects.get()
    after = Version.objects.get(pk=named.pk)
    assert (note.version, note.purge, note.before) == (named, made, named.sha256)
    assert note.after == sha256(after.reading.encode()).hexdigest() != note.before


def test_who_signed_before_keeps_the_hash_and_who_signs_after_gets_the_new_one(
    named: Version, privacy_officer: User, employee: User
):
    purge_of(named, privacy_officer)
    later = person_with(name="Later Reader")
    acknowledge(by=later, version=Version.objects.get(pk=named.pk), address="", user_agent="", at=timezone.now())

    hashes = dict(Acknowledgement.objects.values_list("person__name", "sha256"))

    note = Redaction.objects.get()
    assert hashes == {employee.name: named.sha256, "Later Reader": note.after}
    consent = Acknowledgement.objects.get(person=employee).consent
    assert consent.startswith("I have read “The case of Removed for privacy”, version 1.0.")


def test_a_second_purge_begins_where_the_first_ended(named: Version, privacy_officer: User):
    purge_of(named, privacy_officer)
    purge_of(named, privacy_officer, "room 412")

    first, second = Redaction.objects.order_by("pk")
    assert second.before == first.after
    assert "room 412" not in everything(named)


def test_retired_versions_and_drafts_lose_the_words_too(
    named: Version, privacy_officer: User, strategist: User, approver: User
):
    newer = next_version(named.policy, writer=strategist, approver=approver, text=TEXT + "\nMore.")
    opened = start_version(by=strategist, policy=named.policy, at=timezone.now())

    made = purge_of(newer, privacy_officer)

    assert made.failed == []
    assert "zebediah" not in everything(named)
    addresses = Clause.objects.filter(version__in=[named, newer, opened], number=1).values_list("anchor", flat=True)
    assert len(set(addresses)) == 1


def test_a_version_that_has_nothing_to_do_with_it_gets_no_note(
    named: Version, privacy_officer: User, strategist: User, approver: User
):
    other = published(writer=strategist, approver=approver, slug="other", title="Other")

    purge_of(named, privacy_officer)

    assert not Redaction.objects.filter(version=other).exists()
    assert Version.objects.get(pk=other.pk).reading == other.reading


def test_search_finds_the_policy_without_the_words(named: Version, privacy_officer: User):
    purge_of(named, privacy_officer)

    documents = SearchDocument.objects.filter(kind__in=["policy", "clause"])
    assert documents.count() == 3
    assert not any("zebediah" in f"{each.title}{each.lead}{each.body}{each.url}".lower() for each in documents)


def test_a_word_of_regular_expressions_is_only_a_word(named: Version, privacy_officer: User):
    purge_of(named, privacy_officer, "room (412)", "100%_\\")

    assert "room 412" in everything(named)


def refused(write: Callable[[], Any]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        write()


@pytest.fixture
def under_way(named: Version, privacy_officer: User) -> Redaction:
    """The note of a purge that has begun, as a program with the rights of the portal could write it."""
    made = Purge.objects.create(kind="policy", object_id=named.pk, asked_by=privacy_officer, asked_at=timezone.now())
    return Redaction.objects.create(version=named, purge=made, at=timezone.now(), after=named.sha256)


@pytest.mark.usefixtures("under_way")
@pytest.mark.parametrize(
    "change",
    [
        {"text": "Removed for privacy, and patients may be named."},
        {"summary": "What Removed for privacy never taught us."},
        {"title": "The case of somebody else"},
        {"sha256": "0" * 64},
        {"major": 7},
        {"published_at": timezone.now()},
        {"policy_id": 0},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_purge_under_way_lets_nothing_else_through(named: Version, change: dict[str, Any]):
    refused(lambda: Version.objects.filter(pk=named.pk).update(**change))


@pytest.mark.usefixtures("under_way")
def test_a_text_whose_hash_is_not_the_one_of_the_note_is_refused(named: Version):
    refused(lambda: Version.objects.filter(pk=named.pk).update(summary="What Removed for privacy taught us."))


@pytest.mark.usefixtures("under_way")
def test_evidence_changes_by_nothing_but_the_words(named: Version, employee: User):
    for change in ({"sha256": "0" * 64}, {"at": timezone.now()}, {"consent": "I disagree."}, {"address": None}):
        refused(lambda change=change: Acknowledgement.objects.filter(person=employee).update(**change))
    for change in ({"decision": "send_back"}, {"comment": "No."}, {"edition": 9}):
        refused(lambda change=change: Review.objects.filter(version=named).update(**change))
    refused(lambda: Clause.objects.filter(version=named, number=2).update(text="Nobody needs to ask."))
    refused(lambda: Acknowledgement.objects.filter(person=employee).delete())


def test_without_a_purge_under_way_not_even_the_words_leave(named: Version, under_way: Redaction):
    Purge.objects.update(state="done", done_at=timezone.now())

    refused(lambda: Version.objects.filter(pk=named.pk).update(change_note="Removed for privacy"))
    refused(lambda: Review.objects.filter(version=named).update(comment="Removed for privacy has agreed."))


@pytest.mark.django_db(transaction=True)
def test_the_note_of_another_transaction_opens_nothing(named: Version, under_way: Redaction):
    Redaction.objects.create(version=named, purge=under_way.purge, at=timezone.now(), after=named.sha256)

    refused(lambda: Review.objects.filter(version=named).update(comment="Removed for privacy has agreed."))
    with transaction.atomic():
        Redaction.objects.create(version=named, purge=under_way.purge, at=timezone.now(), after=named.sha256)
        Review.objects.filter(version=named).update(comment="Removed for privacy has agreed.")
    assert Review.objects.get(version=named).comment == "Removed for privacy has agreed."


def test_a_note_tells_the_truth_and_is_never_changed(named: Version, under_way: Redaction):
    invented = Redaction.objects.create(
        version=named, purge=under_way.purge, at=timezone.now(), before="0" * 64, after="1" * 64, transaction=1
    )
    invented.refresh_from_db()

    assert (invented.before, invented.transaction != 1) == (named.sha256, True)
    refused(lambda: Redaction.objects.filter(pk=under_way.pk).update(after="2" * 64))
    refused(lambda: Redaction.objects.filter(pk=under_way.pk).delete())


def test_an_erasure_replaces_the_name_in_a_published_version(
    strategist: User, approver: User, administrator: User, privacy_officer: User
):
    person = person_with(name="Quentin Hazelwood-Ng")
    version = published(writer=strategist, approver=approver, slug="asks", title="Ask Quentin Hazelwood-Ng")
    found = erasing.propose(by=administrator, person=person, reason="Asked", at=timezone.now())

    erasing.confirm(by=privacy_officer, erasure=found, at=timezone.now())
    erasing.carry_out(erasure_id=found.pk, at=timezone.now())

    person.refresh_from_db()
    assert Version.objects.get(pk=version.pk).title == f"Ask {person.name}"
    assert Redaction.objects.get().erasure == found
    assert "hazelwood" not in everything(version)


def test_a_failure_elsewhere_leaves_everything_as_it_was(named: Version):
    """No row for the reason: the database refuses, and nothing is half done."""
    refused(lambda: redact(removal_of([NAME], "Removed for privacy")))

    assert Version.objects.get(pk=named.pk).text == named.text


def test_every_page_that_shows_the_text_shows_the_note_instead(
    named: Version, privacy_officer: User, employee: User, strategist: User, approver: User, sign_in: SignIn
):
    newer = next_version(named.policy, writer=strategist, approver=approver, text=TEXT.replace("412", "413"))
    receipt = Acknowledgement.objects.get(person=employee)
    pages = [
        "/policies/", "/policies/the-case/", "/policies/the-case/history/", "/policies/the-case/versions/1.0/",
        "/policies/the-case/compare/?from=1.0&to=2.0", f"/policies/receipts/{receipt.reference}/",
        "/policies/the-case/signatures/1.0/csv/", "/search/?q=zebediah", "/",
    ]  # fmt: skip
    reader, writer = sign_in(employee), sign_in(strategist)
    clauses = [f"/policies/the-case/clauses/{each.anchor}/" for each in newer.clauses.all()]
    shown = {page: reading(writer, page) for page in [*pages, *clauses]}
    assert sum("quartz" in text for text in shown.values()) > 7

    purge_of(newer, privacy_officer)

    for client in (reader, writer):
        for page in pages:
            text = reading(client, page)
            assert "quartz" not in text, page
            assert "zebediah" not in text or page.startswith("/search/"), page  # which repeats what was looked for
    assert "words were removed for privacy" in reading(reader, "/policies/the-case/")
    assert f"{privacy_officer.name} had them removed: patient information.".lower() in reading(reader, pages[3])
    assert named.sha256 in reading(reader, f"/policies/receipts/{receipt.reference}/")
    assert Redaction.objects.get(version=named).after in reading(reader, f"/policies/receipts/{receipt.reference}/")
    assert Redaction.objects.get(version=named).after in reading(writer, "/policies/the-case/signatures/1.0/csv/")


def reading(client: Client, page: str) -> str:
    answer = client.get(page)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode().lower().replace("&#x27;", "'")


def test_the_officer_is_led_to_it_and_must_name_the_words(named: Version, privacy_officer: User, sign_in: SignIn):
    officer = sign_in(privacy_officer)
    address = f"/privacy/purges/policy/{named.pk}/"
    assert address in officer.get("/policies/the-case/").content.decode()
    page = officer.get(address).content.decode()
    assert "Only the words and passages below are removed" in page
    assert "has agreed." in page

    empty = officer.post(address, {"reason": "phi", "words": ""})
    heading = officer.post(
        address, {"reason": "phi", "words": f"## Never write about {NAME} {{#never-write-about-zebediah-oquartz}}"}
    )

    assert empty.status_code == 422
    made = Purge.objects.get()
    assert heading["Location"] == f"/privacy/purges/{made.pk}/"
    purging.carry_out(purge_id=made.pk)
    assert Version.objects.get(pk=named.pk).clauses.get(number=1).title == "Removed for privacy"


def test_the_button_is_the_privacy_officers(named: Version, employee: User, strategist: User, sign_in: SignIn):
    for person in (employee, strategist):
        assert "/privacy/purges/" not in sign_in(person).get("/policies/the-case/").content.decode()


@pytest.mark.parametrize(
    ("address", "kept"), [("198.51.100.7", "198.51.100.0"), ("2001:db8:1:2::7", "2001:db8:1::"), ("", None)]
)
def test_the_last_part_of_an_address_goes_after_thirty_days(
    address: str, kept: str | None, version: Version, employee: User
):
    now = timezone.now()
    signed, _new = acknowledge(
        by=employee, version=version, address=address, user_agent="x", at=now - timedelta(days=29)
    )
    young = person_with(name="Younger")
    old, _new = acknowledge(by=young, version=version, address=address, user_agent="x", at=now - timedelta(days=31))
    evidence = (old.sha256, old.at, old.consent, old.reference)

    assert remove_old(at=now)["policies.addresses"] == 1
    assert remove_old(at=now)["policies.addresses"] == 0

    old.refresh_from_db()
    signed.refresh_from_db()
    assert (signed.address, signed.is_shortened) == (address or None, False)
    assert (old.address, old.is_shortened) == (kept, True)
    assert (old.sha256, old.at, old.consent, old.reference) == evidence


def test_an_address_becomes_neither_another_one_nor_a_shorter_one_too_early(version: Version, employee: User):
    now = timezone.now()
    acknowledge(by=employee, version=version, address="198.51.100.7", user_agent="x", at=now - timedelta(days=40))
    rows = Acknowledgement.objects.filter(person=employee)
    other = person_with(name="Young")
    acknowledge(by=other, version=version, address="198.51.100.7", user_agent="x", at=now - timedelta(days=29))

    refused(lambda: rows.update(address="203.0.113.0", is_shortened=True))
    refused(lambda: rows.update(address=None, is_shortened=True))
    refused(lambda: rows.update(address="198.51.100.0"))
    refused(lambda: Acknowledgement.objects.filter(person=other).update(address="198.51.100.0", is_shortened=True))
    assert rows.update(address="198.51.100.0", is_shortened=True) == 1
    refused(lambda: rows.update(address="198.51.100.7", is_shortened=False))
