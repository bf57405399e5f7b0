from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from coe_portal.people.models import Audience, User
from policies import contributions
from policies.actions.acknowledging import acknowledge
from policies.models import Change, Clause, Policy, Version
from tests.factories.people import AudienceFactory, person_with
from tests.factories.policies import AT, next_version, published

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 10)


def sign(person: User, version: Version) -> None:
    acknowledge(by=person, version=version, address="", user_agent="", at=AT)


def owed(*people: User) -> list[tuple[int, str, date | None, str]]:
    found = contributions.obligations([each.pk for each in people], TODAY)
    return sorted((each.person_id, each.title, each.due, str(each.action)) for each in found)


class TestObligations:
    def test_due_the_usual_number_of_days_after_publishing(self, version: Version, employee: User) -> None:
        assert owed(employee) == [(employee.pk, "Social media", date(2026, 10, 15), "Read and sign")]

    def test_due_on_the_day_of_the_campaign(self, strategist: User, approver: User, employee: User) -> None:
        published(writer=strategist, approver=approver, acknowledge_by=date(2026, 12, 1))

        assert [each[2] for each in owed(employee)] == [date(2026, 12, 1)]

    def test_who_joins_later_has_the_usual_days_from_joining(self, version: Version) -> None:
        joiner = person_with(name="Joiner")
        joiner.hired_on = date(2026, 11, 1)
        joiner.save()

        assert [each[2] for each in owed(joiner)] == [date(2026, 11, 15)]

    def test_signed_is_nothing_owed(self, version: Version, employee: User, executive: User) -> None:
        sign(employee, version)

        assert [each[0] for each in owed(employee, executive)] == [executive.pk]

    def test_a_minor_change_owes_nothing_and_a_material_one_a_new_signature(
        self,
        version: Version,
        employee: User,
        strategist: User,
        approver: User,
        django_capture_on_commit_callbacks: Callable[..., object],
    ) -> None:
        sign(employee, version)
        next_version(version.policy, writer=strategist, approver=approver, change=Change.MINOR)
        assert owed(employee) == []

        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            next_version(version.policy, writer=strategist, approver=approver)
        assert [each[3] for each in owed(employee)] == ["Read what changed and sign"]

    def test_only_the_audience_of_what_must_be_signed(
        self, few: Version, secret: Version, employee: User, strategist: User, approver: User
    ) -> None:
        published(writer=strategist, approver=approver, slug="read", title="To read", must_acknowledge=False)

        assert owed(employee, strategist) == []

    @pytest.mark.parametrize("number", [1, 3])
    def test_constant_queries(
        self,
        strategist: User,
        approver: User,
        number: int,
        django_assert_num_queries: Callable[..., object],
    ) -> None:
        for each in range(number):
            published(writer=strategist, approver=approver, slug=f"p{each}", title=f"Policy {each}")
        people = [person_with().pk for _each in range(number)]
        list(contributions.obligations(people, TODAY))

        with django_assert_num_queries(3):  # type: ignore[attr-defined]
            found = list(contributions.obligations(people, TODAY))

        assert len(found) == number * number


def test_standings_ask_for_each_policy_that_binds(version: Version, few: Version, employee: User) -> None:
    before = contributions.standings([employee.pk], TODAY)
    sign(employee, version)
    after = contributions.standings([employee.pk], TODAY)

    assert [(each.met, str(each.label), each.url) for each in before[employee.pk]] == [
        (False, "“Social media” acknowledged", "/policies/social-media/")
    ]
    assert [each.met for each in after[employee.pk]] == [True]


def test_standings_of_an_outsider_are_empty(few: Version, employee: User) -> None:
    assert contributions.standings([employee.pk], TODAY) == {employee.pk: []}


class TestDocuments:
    def test_clauses_and_policies_in_force_with_their_audience(
        self, version: Version, secret: Version, everyone: Audience
    ) -> None:
        clauses = list(contributions.clause_documents(None))
        policies = list(contributions.policy_documents(None))

        assert [(each.title, each.url, each.audience_id) for each in clauses] == [
            ("Say whom you work for", "/policies/social-media/#say-whom-you-work-for", everyone.pk),
            ("Never name a patient", "/policies/social-media/#never-name-a-patient", everyone.pk),
        ]
        assert clauses[0].lead == "Write it in the post itself."
        assert "I work for Riverbend." in clauses[0].body
        assert clauses[0].body.endswith("16 CFR 255.5 Social media")
        assert policies[0].body.endswith("Say whom you work for Never name a patient")
        assert [(each.title, each.lead, each.object_id) for each in policies] == [
            ("Social media", "Be kind, be clear.", version.policy_id)
        ]

    def test_only_those_asked_for(self, version: Version, secret: Version) -> None:
        ids = list(Clause.objects.filter(version=secret).values_list("pk", flat=True))

        assert list(contributions.clause_documents(ids)) == []
        assert list(contributions.policy_documents([secret.policy_id])) == []


class TestHomeCards:
    def test_readers_see_what_changed_lately(
        self, version: Version, few: Version, employee: User, strategist: User, approver: User
    ) -> None:
        next_version(
            version.policy,
            writer=strategist,
            approver=approver,
            change_note="Kinder.",
            at=datetime(2026, 10, 5, tzinfo=UTC),
        )

        cards = list(contributions.home_cards(employee, TODAY))

        assert [(card.key, [(each.title, each.note, each.badge) for each in card.items]) for card in cards] == [
            ("policies-lately", [("Social media", "Kinder.", "Version 2.0")])
        ]

    def test_what_is_long_ago_is_not_news(self, version: Version, employee: User) -> None:
        assert list(contributions.home_cards(employee, TODAY + timedelta(days=90))) == []

    def test_strategists_see_what_waits_for_them(self, version: Version, strategist: User, approver: User) -> None:
        Policy.objects.update(review_due=TODAY - timedelta(days=1))

        card = next(iter(contributions.home_cards(approver, TODAY)))

        assert (card.key, [each.badge for each in card.items]) == ("policies-work", ["Review overdue"])


class TestMeasurements:
    def test_the_share_of_today_and_the_signatures_of_the_time(
        self, version: Version, employee: User, executive: User
    ) -> None:
        sign(employee, version)

        found = {each.key: each.value for each in contributions.measurements(AT.date(), AT.date() + timedelta(days=1))}

        assert found == {"policies.acknowledged": Decimal(1), "policies.acknowledged_share": Decimal("25.0")}

    def test_unknown_is_not_zero(self, employee: User) -> None:
        found = {each.key: each.value for each in contributions.measurements(TODAY, TODAY)}

        assert found["policies.acknowledged_share"] is None

    def test_somebody_who_left_the_audience_is_not_counted(
        self, version: Version, employee: User, everyone: Audience
    ) -> None:
        sign(employee, version)
        everyone.people.remove(employee)
        AudienceFactory()

        share = {each.key: each.value for each in contributions.measurements(TODAY, TODAY)}

        assert share["policies.acknowledged_share"] == Decimal("0.0")


def test_what_to_do_is_said_in_the_language_of_whoever_reads_it(version: Version, employee: User):
    found = list(contributions.obligations([employee.pk], TODAY))

    with override("es"):
        assert [str(each.action) for each in found] == ["Leer y firmar"]
