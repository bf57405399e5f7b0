"""Rules are worked out by PostgreSQL; here they are worked out a second time, one person at a time, and compared."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coe_portal.people.access import Role
from coe_portal.people.models import Audience, Department, Membership, RoleGrant, User
from coe_portal.people.queries import matching, names_for, rule_in_words
from coe_portal.people.rules import ALL, ANY, NONE, Condition, Group, Rule, RuleError, read_rule
from tests.factories.people import AudienceFactory, DepartmentFactory, PersonFactory

DAY = date(2026, 3, 2)
ROLES = [Role.COORDINATOR.value, Role.STRATEGIST.value, Role.EXECUTIVE.value]
KINDS = [kind.value for kind in User.Kind][:4]
TITLES = ["", "Registered nurse", "Nurse manager", "ANALYST 100%", "Physiker_in", "Médecin"]
LOCATIONS = ["", "Riverbend", "lakeside", "Lakeside"]


@dataclass
class World:
    """A tree of departments, and audiences that a rule may name."""

    departments: list[Department]
    audiences: list[Audience]

    def branch(self, roots: set[int]) -> set[int]:
        found = set(roots)
        for _level in self.departments:
            found |= {each.pk for each in self.departments if each.parent_id in found}
        return found


def holds(part: Group | Condition, person: User, world: World) -> bool:
    """The rule as its words say it."""
    if isinstance(part, Group):
        verdicts = [holds(each, person, world) for each in part.parts]
        return {ALL: all(verdicts), ANY: any(verdicts), NONE: not any(verdicts)}[part.op]
    return CHECKS[part.about](part, person, world)


def there(row: Membership | RoleGrant) -> bool:
    return row.starts <= DAY and (row.ends is None or row.ends > DAY)


def role(part: Condition, person: User, world: World) -> bool:
    grants = [each for each in person.role_grants.all() if there(each) and each.role in part.values]
    return any(part.branch is None or each.branch_id in world.branch({part.branch}) for each in grants)


def department(part: Condition, person: User, world: World) -> bool:
    branch = world.branch(set(part.values))
    return any(there(each) and each.department_id in branch for each in person.memberships.all())


def hired(part: Condition, person: User, world: World) -> bool:
    if person.hired_on is None:
        return False
    if part.how == "within":
        return DAY - timedelta(days=part.values[0]) < person.hired_on <= DAY
    day = date.fromisoformat(part.values[0])
    return person.hired_on < day if part.how == "before" else person.hired_on >= day


def audience(part: Condition, person: User, world: World) -> bool:
    named = [each for each in world.audiences if each.pk in part.values]
    return any(each.is_everyone or hit(each.parsed, person, world) for each in named)


CHECKS = {
    "role": role,
    "department": department,
    "kind": lambda part, person, world: person.kind in part.values,
    "hired": hired,
    "location": lambda part, person, world: person.location.lower() in [each.lower() for each in part.values],
    "title": lambda part, person, world: any(each.lower() in person.job_title.lower() for each in part.values),
    "manager": lambda part, person, world: (person.manager_id is not None) == (part.how == "yes"),
    "audience": audience,
}


def hit(rule: Rule, person: User, world: World) -> bool:
    if not person.is_active or person.pk in rule.never:
        return False
    return person.pk in rule.also or (bool(rule.group.parts) and holds(rule.group, person, world))


DAYS = st.dates(DAY - timedelta(days=60), DAY + timedelta(days=10))


def conditions(world: World) -> st.SearchStrategy[Condition]:
    departments = st.sampled_from([each.pk for each in world.departments] + [10**9])
    some = {"min_size": 1, "max_size": 3, "unique": True}
    return st.one_of(
        st.builds(
            lambda roles, branch: Condition("role", tuple(roles), branch=branch),
            st.lists(st.sampled_from(ROLES), **some), st.none() | departments,
        ),
        st.lists(departments, **some).map(lambda each: Condition("department", tuple(each))),
        st.lists(st.sampled_from(KINDS), **some).map(lambda each: Condition("kind", tuple(each))),
        st.integers(1, 90).map(lambda days: Condition("hired", (days,), how="within")),
        st.builds(
            lambda how, day: Condition("hired", (day.isoformat(),), how=how), st.sampled_from(["before", "since"]), DAYS
        ),
        st.lists(st.sampled_from(["LAKESIDE", "Riverbend", "Nowhere"]), **some).map(
            lambda each: Condition("location", tuple(each))
        ),
        st.lists(st.sampled_from(["nurse", "100%", "r_i", "É", "x"]), **some).map(
            lambda each: Condition("title", tuple(each))
        ),
        st.sampled_from(["yes", "no"]).map(lambda how: Condition("manager", how=how)),
        st.lists(st.sampled_from([each.pk for each in world.audiences] + [10**9]), **some).map(
            lambda each: Condition("audience", tuple(each))
        ),
    )  # fmt: skip


def groups(world: World, depth: int = 1) -> st.SearchStrategy[Group]:
    parts = conditions(world) if depth == 3 else conditions(world) | groups(world, depth + 1)
    some = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.builds(Group, st.sampled_from([ALL, ANY, NONE]), some)


@pytest.fixture
def world(db: None) -> World:
    root = DepartmentFactory()
    ward, clinic = DepartmentFactory(parent=root), DepartmentFactory(parent=root)
    departments = [root, ward, clinic, DepartmentFactory(parent=ward), DepartmentFactory()]
    nurses = AudienceFactory(rule=Rule(Group(ALL, (Condition("kind", ("nurse",)),))).as_data())
    nested = AudienceFactory(
        rule=Rule(Group(NONE, (Condition("audience", (nurses.pk,)), Condition("department", (ward.pk,))))).as_data()
    )
    everyone, _ = Audience.objects.get_or_create(is_everyone=True, defaults={"name": "Everyone"})
    return World(departments, [nurses, nested, everyone])


@pytest.fixture
def people(world: World) -> list[User]:
    """Forty people of all sorts, the same in every run."""
    ends = [None, DAY, DAY + timedelta(days=1)]
    boss = PersonFactory()
    for n in range(40):
        person = PersonFactory(
            kind=KINDS[n % 4], job_title=TITLES[n % 6], location=LOCATIONS[n % 4], is_active=n % 11 != 0,
            hired_on=None if n % 7 == 0 else DAY - timedelta(days=n * 2 - 5), manager=boss if n % 3 else None,
        )  # fmt: skip
        if n % 5:
            Membership.objects.create(
                person=person, department=world.departments[n % 5], starts=DAY - timedelta(days=n % 9), ends=ends[n % 3]
            )
        if n % 2:
            RoleGrant.objects.create(
                person=person, role=ROLES[n % 3], branch=[None, *world.departments][n % 6],
                starts=DAY - timedelta(days=n % 4), ends=ends[n % 3] if n % 4 else None,
            )  # fmt: skip
    return list(User.objects.prefetch_related("memberships", "role_grants"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_database_hits_whom_the_words_say(world: World, people: list[User], data: st.DataObject):
    ids = st.lists(st.sampled_from([each.pk for each in people]), max_size=3, unique=True).map(tuple)
    rule = Rule(data.draw(groups(world)), data.draw(ids), data.draw(ids))

    found = set(matching(Audience(rule=rule.as_data()), DAY).values_list("pk", flat=True))

    assert found == {person.pk for person in people if hit(rule, person, world)}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_stored_is_what_is_read(world: World, data: st.DataObject):
    rule = Rule(data.draw(groups(world)), also=(1, 2), never=(3,))

    assert read_rule(rule.as_data()) == rule


def test_an_empty_rule_hits_nobody(people: list[User]):
    assert matching(Audience(rule=Rule().as_data()), DAY).count() == 0


def test_a_moved_department_moves_the_audience(world: World, people: list[User]):
    audience = Audience(rule=Rule(Group(ALL, (Condition("department", (world.departments[4].pk,)),))).as_data())
    before = matching(audience, DAY).count()

    Department.objects.filter(pk=world.departments[1].pk).update(parent=world.departments[4])

    assert matching(audience, DAY).count() > before


def test_a_circle_in_the_tree_ends(world: World, people: list[User]):
    root, ward = world.departments[:2]
    Department.objects.filter(pk=root.pk).update(parent=ward)
    audience = Audience(rule=Rule(Group(ALL, (Condition("department", (ward.pk,)),))).as_data())

    assert matching(audience, DAY).count() > 0


def test_audiences_in_a_circle_are_refused(world: World):
    nurses, nested, _everyone = world.audiences
    nurses.rule = Rule(Group(ALL, (Condition("audience", (nested.pk,)),))).as_data()
    nurses.save()

    with pytest.raises(RuleError, match="leads back to itself"):
        matching(nurses, DAY)


@pytest.mark.parametrize(
    "data",
    [
        None, [], {}, {"op": "xor", "parts": []}, {"op": "all", "parts": "kind"}, {"op": "all", "parts": [None]},
        {"op": "all", "parts": [{"op": "any", "parts": []}]},
        {"op": "all", "parts": [{"about": "shoe size", "values": [43]}]},
        {"op": "all", "parts": [{"about": ["kind"], "values": ["nurse"]}]},
        {"op": "all", "parts": [{"about": "kind", "values": []}]},
        {"op": "all", "parts": [{"about": "kind", "values": "nurse"}]},
        {"op": "all", "parts": [{"about": "kind", "values": ["nurse\x00"]}]},
        {"op": "all", "parts": [{"about": "role", "values": ["king"]}]},
        {"op": "all", "parts": [{"about": "role", "values": ["executive"], "branch": "1"}]},
        {"op": "all", "parts": [{"about": "kind", "values": ["nurse"], "branch": 1}]},
        {"op": "all", "parts": [{"about": "department", "values": ["1"]}]},
        {"op": "all", "parts": [{"about": "department", "values": [True]}]},
        {"op": "all", "parts": [{"about": "department", "values": [2**63]}]},
        {"op": "all", "parts": [{"about": "hired", "how": "within", "values": [40_000]}]},
        {"op": "all", "parts": [{"about": "hired", "how": "before", "values": ["yesterday"]}]},
        {"op": "all", "parts": [{"about": "hired", "how": "before", "values": ["2026-01-01", "2026-01-02"]}]},
        {"op": "all", "parts": [{"about": "manager", "how": "perhaps"}]},
        {"op": "all", "parts": [], "also": ["me"]},
        {"op": "all", "parts": [], "never": list(range(1, 202))},
        {"op": "all", "parts": [{"about": "kind", "values": ["nurse"]}] * 41},
        {"op": "all", "parts": [{"op": "all", "parts": [{"op": "all", "parts": [
            {"op": "all", "parts": [{"op": "all", "parts": [{"about": "manager", "how": "yes"}]}]}]}]}]},
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused(data: object):
    with pytest.raises(RuleError):
        read_rule(data)


def test_a_rule_in_words(world: World):
    root = world.departments[0]
    Department.objects.filter(pk=root.pk).update(name="Hospital")
    person = PersonFactory(name="Ada")
    inner = Group(ANY, (Condition("title", ("manager",)), Condition("role", ("coordinator",), branch=root.pk)))
    without = Group(NONE, (Condition("kind", ("contractor",)),))
    parts = (Condition("department", (root.pk, 10**9)), inner, without, Condition("hired", (30,), how="within"))
    rule = Rule(Group(ALL, parts), also=(person.pk,), never=(10**9,))

    assert rule_in_words(rule, names_for([rule])) == (
        "Works in Hospital or a department that no longer exists, or below one of them,"
        " (has “manager” in the job title or has the role Department coordinator for Hospital or below),"
        " not (is Contractor), and joined in the last 30 days; also Ada; never somebody who is gone"
    )


def test_a_rule_in_spanish(world: World):
    ward, other = world.departments[:2]
    Department.objects.filter(pk=ward.pk).update(name="Cardiología")
    Department.objects.filter(pk=other.pk).update(name="Oncología")
    somewhere = Condition("department", (ward.pk, other.pk))
    kinds = Condition("kind", ("contractor", "volunteer"))
    rule = Rule(Group(ALL, (somewhere, kinds, Condition("manager", how="yes"))))

    with override("es"):
        assert rule_in_words(rule, names_for([rule])) == (
            "Trabaja en Cardiología u Oncología, o en un departamento que dependa de alguno de ellos,"
            " es parte de Personal externo o Voluntariado y tiene supervisión asignada"
        )


def test_the_name_of_everyone_is_the_readers():
    everyone = Audience(name="Everyone", is_everyone=True)

    with override("es"):
        assert (str(everyone), str(Audience(name="Night shift"))) == ("Todas las personas", "Night shift")


def test_everyone_in_words(world: World):
    assert rule_in_words(Rule(), names_for([]), is_everyone=True) == "Every active person"
