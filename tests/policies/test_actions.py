from datetime import date, timedelta
from hashlib import sha256

import pytest
import time_machine

from coe_portal.audit.models import AuditEntry
from coe_portal.notifications.models import Notification
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import User
from coe_portal.search.models import SearchDocument
from policies.actions import deciding, drafting, publishing
from policies.actions.acknowledging import acknowledge
from policies.actions.refusals import EditedMeanwhile, Refused
from policies.models import Acknowledgement, Change, Clause, KeptText, Policy, Review, State, Version
from tests.factories.policies import AT, TEXT, draft, next_version, put_in_force, wording

pytestmark = pytest.mark.django_db


def save(version: Version, by: User, **changes: str) -> Version:
    return drafting.save_wording(by=by, version=version, wording=wording(**changes), edition=version.edition, at=AT)


def submitted(writer: User, **settings: object) -> Version:
    version = draft(writer=writer, **settings)
    drafting.submit(by=writer, version=version, at=AT)
    version.refresh_from_db()
    return version


def approve(version: Version, by: User, change: str = Change.MATERIAL) -> Version:
    return deciding.approve(by=by, version=version, edition=version.edition, change=change, comment="", at=AT)


def sign(person: User, version: Version) -> tuple[Acknowledgement, bool]:
    return acknowledge(by=person, version=version, address="192.0.2.7", user_agent="Browser", at=AT)


def verbs(on: object) -> list[str]:
    return list(
        AuditEntry.objects.filter(object_id=on.pk, kind=on._meta.label_lower)
        .order_by("pk")
        .values_list("verb", flat=True)
    )  # type: ignore[attr-defined]


class TestWriting:
    def test_text_html_and_clauses_are_stored_when_saved(self, strategist: User) -> None:
        version = draft(writer=strategist)

        clause = version.clauses.get(number=1)
        assert (clause.anchor, clause.part) == ("say-whom-you-work-for", "Being yourself")
        assert clause.html == "<p>Write it in the post itself.</p>\n"
        assert clause.dos == ['<p>"I work for Riverbend."</p>\n']
        assert version.intro_html == "<p>What everybody should know.</p>\n"

    def test_hostile_text_is_harmless(self, strategist: User) -> None:
        version = draft(writer=strategist)
        text = "## A <script>alert(1)</script>\n<img src=x onerror=alert(1)> [x](javascript:alert(1))\nDo: <b>x</b>"

        version = save(version, strategist, text=text)

        clause = version.clauses.get()
        assert "<script" not in clause.html + clause.dos[0]
        assert "<img" not in clause.html
        assert 'href="javascript' not in clause.html

    def test_an_edit_voids_approvals_and_goes_back_to_draft(
        self, strategist: User, approver: User, third: User
    ) -> None:
        version = approve(submitted(strategist, quorum=2), approver)
        assert Review.objects.approvals(version).count() == 1

        version = save(version, strategist, text=TEXT + "\n\n## More")

        assert version.state == State.DRAFT
        assert Review.objects.approvals(version).count() == 0

    def test_two_people_cannot_overwrite_each_other(self, strategist: User, approver: User) -> None:
        version = draft(writer=strategist)
        save(version, approver, summary="Changed")

        with pytest.raises(EditedMeanwhile):
            save(version, strategist, summary="Changed, too")

    def test_what_was_kept_is_gone_once_it_is_saved(self, strategist: User) -> None:
        version = draft(writer=strategist)
        drafting.keep_text(by=strategist, version=version, fields={"text": "half"}, edition=version.edition, at=AT)

        save(version, strategist)

        assert not KeptText.objects.exists()

    def test_a_published_version_cannot_be_saved(self, version: Version, strategist: User) -> None:
        with pytest.raises(Refused):
            save(version, strategist)

    def test_numbers_follow_the_kind_of_change(self, policy: Policy, strategist: User) -> None:
        version = drafting.start_version(by=strategist, policy=policy, at=AT)
        assert version.number == "1.1"

        assert save(version, strategist, change=Change.MATERIAL).number == "2.0"

    def test_there_is_one_open_version_at_a_time(self, policy: Policy, strategist: User) -> None:
        first = drafting.start_version(by=strategist, policy=policy, at=AT)

        assert drafting.start_version(by=strategist, policy=policy, at=AT) == first

    def test_a_new_version_begins_with_the_text_in_force(self, policy: Policy, strategist: User) -> None:
        version = drafting.start_version(by=strategist, policy=policy, at=AT)

        assert (version.text, version.clauses.count()) == (TEXT, 2)

    def test_an_address_of_a_removed_clause_is_not_given_again(
        self, policy: Policy, strategist: User, approver: User
    ) -> None:
        next_version(policy, writer=strategist, approver=approver, text="## Other {#other}")
        version = drafting.start_version(by=strategist, policy=policy, at=AT)

        version = save(version, strategist, text="## Other {#other}\n\n## Never name a patient")

        assert list(version.clauses.values_list("anchor", flat=True)) == ["other", "never-name-a-patient-2"]

    def test_a_draft_without_clauses_is_not_handed_in(self, strategist: User) -> None:
        version = save(draft(writer=strategist), strategist, text="Only an introduction.")

        with pytest.raises(Refused):
            drafting.submit(by=strategist, version=version, at=AT)

    def test_a_change_is_explained_before_it_is_handed_in(self, policy: Policy, strategist: User) -> None:
        version = drafting.start_version(by=strategist, policy=policy, at=AT)

        with pytest.raises(Refused):
            drafting.submit(by=strategist, version=version, at=AT)

    def test_handing_in_asks_everybody_but_the_writers(self, strategist: User, approver: User) -> None:
        version = submitted(strategist)

        told = Notification.objects.filter(kind="policy-review").values_list("person_id", flat=True)
        assert list(told) == [approver.pk]
        assert verbs(version) == ["policies.save_wording", "policies.submit"]

    def test_a_draft_can_be_thrown_away_with_its_policy(self, secret: Version, strategist: User) -> None:
        drafting.discard(by=strategist, version=secret)

        assert not Policy.objects.exists()
        assert "policies.discard" in AuditEntry.objects.values_list("verb", flat=True)

    def test_a_draft_that_was_decided_on_is_kept(self, strategist: User, approver: User) -> None:
        version = submitted(strategist)
        deciding.send_back(by=approver, version=version, edition=version.edition, comment="Shorter", at=AT)

        with pytest.raises(Refused):
            drafting.discard(by=strategist, version=version)


class TestDeciding:
    def test_the_quorum_approves(self, strategist: User, approver: User, third: User) -> None:
        version = submitted(strategist, quorum=2)

        assert approve(version, approver).state == State.IN_REVIEW
        assert approve(version, third).state == State.APPROVED

    def test_nobody_approves_twice(self, strategist: User, approver: User) -> None:
        version = submitted(strategist, quorum=2)
        approve(version, approver)

        with pytest.raises(Refused):
            approve(version, approver)

    def test_a_writer_cannot_approve(self, strategist: User) -> None:
        with pytest.raises(Refused):
            approve(submitted(strategist), strategist)

    def test_an_approver_confirms_the_kind_of_change(self, strategist: User, approver: User) -> None:
        with pytest.raises(Refused):
            approve(submitted(strategist), approver, change=Change.MINOR)

    def test_an_approval_is_for_the_edition_that_was_read(self, strategist: User, approver: User) -> None:
        version = submitted(strategist)

        with pytest.raises(EditedMeanwhile):
            deciding.approve(
                by=approver, version=version, edition=version.edition - 1, change="material", comment="", at=AT
            )

    def test_sending_back_needs_a_comment(self, strategist: User, approver: User) -> None:
        version = submitted(strategist)

        with pytest.raises(Refused):
            deciding.send_back(by=approver, version=version, edition=version.edition, comment="  ", at=AT)

    def test_sending_back_makes_a_draft_and_tells_the_writer(self, strategist: User, approver: User) -> None:
        version = submitted(strategist)

        version = deciding.send_back(by=approver, version=version, edition=version.edition, comment="Why?", at=AT)

        assert version.state == State.DRAFT
        assert Notification.objects.get(kind="policy-decided").person_id == strategist.pk
        assert verbs(version)[-1] == "policies.send_back"


class TestPublishing:
    def test_an_unapproved_version_is_not_published(self, strategist: User) -> None:
        with pytest.raises(Refused):
            publishing.publish(by=strategist, version=submitted(strategist), acknowledge_by=None, at=AT)

    def test_the_version_before_retires(self, version: Version, strategist: User, approver: User) -> None:
        new = next_version(version.policy, writer=strategist, approver=approver)

        version.refresh_from_db()
        assert (version.state, version.retired_at) == (State.RETIRED, new.published_at)
        assert verbs(new)[-1] == "policies.publish"

    def test_search_holds_only_what_is_in_force(self, version: Version, strategist: User, approver: User) -> None:
        new = next_version(version.policy, writer=strategist, approver=approver, text="## Only this {#only-this}")

        found = SearchDocument.objects.filter(kind="clause").values_list("object_id", "title")
        assert list(found) == [(new.clauses.get().pk, "Only this")]
        assert SearchDocument.objects.filter(kind="policy").count() == 1

    def test_drafts_are_not_in_the_search(self, secret: Version) -> None:
        assert not SearchDocument.objects.exists()

    def test_the_audience_is_told_once_by_a_job(self, version: Version, employee: User) -> None:
        job = QueuedJob.objects.get(name="policies.announce")
        assert job.arguments == {"version_id": version.pk}

        publishing.announce(version=version)
        publishing.announce(version=version)

        told = Notification.objects.filter(person=employee, kind="policy-published")
        assert [each.subject for each in told] == ["Please read and sign: Social media"]

    def test_a_version_replaced_meanwhile_is_not_announced(
        self, version: Version, employee: User, strategist: User, approver: User
    ) -> None:
        next_version(version.policy, writer=strategist, approver=approver)
        version.refresh_from_db()

        publishing.announce(version=version)

        assert not Notification.objects.filter(person=employee).exists()

    def test_retiring_leaves_nothing_in_force(self, version: Version, strategist: User) -> None:
        publishing.retire(by=strategist, version=version, at=AT)

        assert not Clause.objects.in_force().exists()
        assert not SearchDocument.objects.exists()

    def test_reviews_are_asked_for_once_a_month_before(
        self, version: Version, strategist: User, approver: User
    ) -> None:
        Policy.objects.update(review_due=date(2026, 12, 1))

        publishing.remind_of_reviews(on=date(2026, 10, 31))
        assert not Notification.objects.filter(kind="policy-review-due").exists()
        publishing.remind_of_reviews(on=date(2026, 11, 1))
        publishing.remind_of_reviews(on=date(2026, 11, 2))

        told = Notification.objects.filter(kind="policy-review-due").values_list("person_id", flat=True)
        assert sorted(told) == sorted([strategist.pk, approver.pk])


class TestAcknowledging:
    def test_the_evidence_is_what_was_read(self, version: Version, employee: User) -> None:
        receipt, created = sign(employee, version)

        stored = Version.objects.get(pk=version.pk)
        expected = sha256(f"{stored.title} {stored.number}\n\n{stored.summary}\n\n{stored.text}".encode()).hexdigest()
        assert created
        assert (receipt.sha256, stored.sha256) == (expected, expected)
        assert (receipt.address, receipt.user_agent, receipt.at) == ("192.0.2.7", "Browser", AT)
        assert receipt.consent == ("I have read “Social media”, version 1.0. I understand it and I will follow it.")
        assert verbs(receipt) == ["policies.acknowledge"]

    def test_signing_twice_gives_the_same_receipt(self, version: Version, employee: User) -> None:
        first, _created = sign(employee, version)
        again, created = sign(employee, version)

        assert (again, created) == (first, False)
        assert AuditEntry.objects.filter(verb="policies.acknowledge").count() == 1

    def test_a_draft_and_a_retired_version_cannot_be_signed(
        self, secret: Version, version: Version, employee: User, strategist: User, approver: User
    ) -> None:
        next_version(version.policy, writer=strategist, approver=approver)
        version.refresh_from_db()

        for each in (secret, version):
            with pytest.raises(Refused):
                sign(employee, each)

    def test_a_minor_change_keeps_a_signature_and_a_material_one_does_not(
        self, version: Version, employee: User, strategist: User, approver: User
    ) -> None:
        sign(employee, version)

        minor = next_version(version.policy, writer=strategist, approver=approver, change=Change.MINOR)
        assert Acknowledgement.objects.counting_for(minor).filter(person=employee).exists()
        material = next_version(version.policy, writer=strategist, approver=approver, change=Change.MATERIAL)
        assert not Acknowledgement.objects.counting_for(material).filter(person=employee).exists()

    def test_a_minor_change_after_a_new_signature_keeps_it(
        self, version: Version, employee: User, strategist: User, approver: User
    ) -> None:
        minor = next_version(version.policy, writer=strategist, approver=approver, change=Change.MINOR)
        sign(employee, minor)

        again = next_version(version.policy, writer=strategist, approver=approver, change=Change.MINOR)

        assert Acknowledgement.objects.counting_for(again).filter(person=employee).exists()


def test_a_scheduled_day_does_not_change_what_was_sealed(strategist: User, approver: User) -> None:
    with time_machine.travel(AT + timedelta(days=400)):
        version = put_in_force(draft(writer=strategist), writer=strategist, approver=approver)

    assert version.sha256 == publishing.seal(Version.objects.get(pk=version.pk))
