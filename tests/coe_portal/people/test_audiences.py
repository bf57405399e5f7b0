"""Who joins and leaves when a rule, a person or a day changes, and that it is remembered."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache

from coe_portal.people import actions
from coe_portal.people.access import Role
from coe_portal.people.facts import members_changed
from coe_portal.people.models import Audience, AudienceMember, AudienceRun, PastMember, User
from coe_portal.people.rules import ALL, Condition, Group, Rule, RuleError, rule_of
from tests.factories.people import AudienceFactory, MembershipFactory, PersonFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def nurses() -> Audience:
    return AudienceFactory(name="Nurses", rule=rule_of(kinds=["nurse"]).as_data())


@pytest.fixture
def told():
    heard: list[dict] = []

    def listen(**fact):
        heard.append({key: fact[key] for key in ("audience_id", "joined", "left", "on")})

    members_changed.connect(listen)
    yield heard
    members_changed.disconnect(listen)


def test_who_leaves_is_remembered_with_both_days(nurses: Audience):
    nurse = PersonFactory(kind="nurse")
    actions.refresh_audiences(on=MONDAY, audiences=[nurses])
    User.objects.filter(pk=nurse.pk).update(kind="office")

    actions.refresh_audiences(on=TUESDAY, audiences=[nurses])

    assert not AudienceMember.objects.filter(audience=nurses).exists()
    past = PastMember.objects.get(audience=nurses)
    assert (past.person, past.joined_on, past.left_on) == (nurse, MONDAY, TUESDAY)


def test_who_comes_and_goes_on_one_day_was_never_in(nurses: Audience):
    nurse = PersonFactory(kind="nurse")
    actions.refresh_audiences(on=MONDAY, audiences=[nurses])
    User.objects.filter(pk=nurse.pk).update(kind="office")

    actions.refresh_audiences(on=MONDAY, audiences=[nurses])

    assert not PastMember.objects.exists()


def test_who_stays_keeps_the_first_day_and_is_not_told_about(nurses: Audience, told: list[dict]):
    nurse = PersonFactory(kind="nurse")
    actions.refresh_audiences(on=MONDAY, audiences=[nurses])
    actions.refresh_audiences(on=TUESDAY, audiences=[nurses])

    assert AudienceMember.objects.get(audience=nurses).joined_on == MONDAY
    assert told == [{"audience_id": nurses.pk, "joined": [nurse.pk], "left": [], "on": MONDAY}]


def test_a_run_says_how_many_moved_where(nurses: Audience):
    PersonFactory.create_batch(2, kind="nurse")

    run = actions.refresh_audiences(on=MONDAY, audiences=[nurses, AudienceFactory()])

    assert (run.audiences, run.is_daily) == (2, False)
    assert list(run.changes.values_list("audience", "joined", "left")) == [(nurses.pk, 2, 0)]


def test_leavers_leave_all_audiences_and_are_remembered(nurses: Audience):
    nurse = PersonFactory(kind="nurse")
    actions.refresh_audiences(on=MONDAY, audiences=[nurses])

    actions.deactivate(by=None, person=nurse)

    assert not AudienceMember.objects.filter(person=nurse).exists()
    assert PastMember.objects.get(person=nurse).joined_on == MONDAY


def test_many_people_are_reconsidered_in_a_constant_number_of_queries(nurses: Audience, django_assert_num_queries):
    one, *others = PersonFactory.create_batch(4, kind="nurse")
    with django_assert_num_queries(10):
        actions.reconsider_people([one.pk])

    with django_assert_num_queries(10):
        actions.reconsider_people([each.pk for each in others])
    assert nurses.people.count() == 4


def test_saving_a_rule_moves_the_audiences_that_name_it(strategist: User, nurses: Audience):
    named = Rule(Group(ALL, (Condition("audience", (nurses.pk,)),)))
    outer = AudienceFactory(rule=named.as_data())
    physician = PersonFactory(kind="physician")
    nurses.rule = rule_of(kinds=["physician"]).as_data()

    actions.save_audience(by=strategist, audience=nurses, on=MONDAY)

    assert list(outer.people.all()) == [physician]


def test_saving_a_circle_saves_nothing(strategist: User, nurses: Audience):
    outer = AudienceFactory(rule=Rule(Group(ALL, (Condition("audience", (nurses.pk,)),))).as_data())
    nurses.rule = Rule(Group(ALL, (Condition("audience", (outer.pk,)),))).as_data()

    with pytest.raises(RuleError, match="itself"):
        actions.save_audience(by=strategist, audience=nurses, on=MONDAY)

    assert Audience.objects.get(pk=nurses.pk).rule == rule_of(kinds=["nurse"]).as_data()
    assert not AudienceRun.objects.exists()


def test_every_saved_rule_is_kept_as_a_version(strategist: User):
    PersonFactory(kind="nurse")
    audience = Audience(name="Nurses", rule=rule_of(kinds=["nurse"]).as_data())
    actions.save_audience(by=strategist, audience=audience, on=MONDAY)
    audience.rule = rule_of(kinds=["physician"]).as_data()
    actions.save_audience(by=strategist, audience=audience, on=TUESDAY)

    versions = audience.versions.values_list("number", "joined", "left", "by")
    assert list(versions) == [(2, 0, 1, strategist.pk), (1, 1, 0, strategist.pk)]
    assert audience.made_by == strategist


def test_an_audience_that_another_names_is_not_deleted(strategist: User, nurses: Audience):
    AudienceFactory(rule=Rule(Group(ALL, (Condition("audience", (nurses.pk,)),))).as_data())

    with pytest.raises(RuleError, match="part of another"):
        actions.delete_audience(by=strategist, audience=nurses)


def test_a_role_that_begins_tonight_counts_in_the_run_of_the_morning():
    coordinators = AudienceFactory(rule=rule_of(roles=[Role.COORDINATOR]).as_data())
    person = RoleGrantFactory(role=Role.COORDINATOR, starts=TUESDAY).person

    actions.refresh_audiences(on=MONDAY, audiences=[coordinators])
    assert list(coordinators.people.all()) == []

    actions.refresh_audiences(on=TUESDAY, audiences=[coordinators])
    assert list(coordinators.people.all()) == [person]


def test_a_mover_changes_audience_at_once(administrator: User):
    membership = MembershipFactory()
    audience = AudienceFactory(rule=rule_of(departments=[membership.department_id]).as_data())
    mover = PersonFactory()

    actions.join_department(by=administrator, person=mover, department=membership.department, starts=MONDAY)

    assert mover in audience.people.all()


@pytest.mark.django_db(transaction=True)
def test_thousands_are_forgotten_in_a_few_round_trips(nurses: Audience, monkeypatch: pytest.MonkeyPatch):
    people = User.objects.bulk_create(
        User(email=f"n{n}@riverbend.example", name=f"N {n}", kind="nurse") for n in range(6_000)
    )
    trips: list[int] = []
    write = cache.set_many
    monkeypatch.setattr(
        cache, "set_many", lambda data, *args, **kwargs: (trips.append(len(data)), write(data, *args, **kwargs))[1]
    )

    actions.refresh_audiences(on=MONDAY, audiences=[nurses])

    assert len(people) == nurses.people.count()
    assert sorted(trips) == [1_000, 1_000, 5_000, 5_000]
