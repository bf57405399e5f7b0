"""A department that was moved in the tree: what held before is answered by the tree of that day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coe_portal.audiences.queries.past import departments_above, departments_reached
from coe_portal.people.access import Role, today
from coe_portal.people.models import Department, EarlierParent, Membership, RoleGrant, User
from coe_portal.people.queries import access_of, branch_ids, grants_filtered, parents_on, people_filtered
from tests.factories.people import DepartmentFactory, MembershipFactory, person_with

pytestmark = pytest.mark.django_db
TODAY = today()
BEFORE = TODAY - timedelta(days=1)


@pytest.fixture
def surgery() -> Department:
    return DepartmentFactory(name="Surgery")


@pytest.fixture
def medicine() -> Department:
    return DepartmentFactory(name="Medicine")


@pytest.fixture
def theatre(surgery: Department, medicine: Department) -> Department:
    """Moved from Surgery to Medicine today."""
    found = DepartmentFactory(name="Theatre", parent=surgery)
    Department.objects.filter(pk=found.pk).update(parent=medicine)
    found.refresh_from_db()
    return found


def test_every_way_of_moving_is_kept(theatre: Department, surgery: Department, medicine: Department):
    theatre.name = "Theatres"
    theatre.save()
    theatre.parent = None
    theatre.save()

    kept = EarlierParent.objects.filter(department=theatre).order_by("pk")
    assert [each.parent for each in kept] == [surgery, medicine]


def test_the_tree_is_that_of_the_day(theatre: Department, surgery: Department, medicine: Department):
    trees = [parents_on(day)[theatre.pk] for day in (BEFORE, TODAY, None, TODAY + timedelta(days=9))]

    assert trees == [surgery.pk, medicine.pk, medicine.pk, medicine.pk]
    assert theatre.pk in branch_ids([surgery.pk], BEFORE)
    assert theatre.pk not in branch_ids([surgery.pk])


def test_of_several_moves_the_first_after_the_day_counts(theatre: Department, surgery: Department):
    third = DepartmentFactory(name="Third")
    EarlierParent.objects.update(until=timezone.now() - timedelta(days=9))
    Department.objects.filter(pk=theatre.pk).update(parent=third)

    def above(days: int) -> str:
        return Department.objects.get(pk=parents_on(TODAY - timedelta(days=days))[theatre.pk]).name

    assert [above(days) for days in (20, 10, 5, 1, 0)] == ["Surgery", "Surgery", "Medicine", "Medicine", "Third"]


def test_a_role_for_a_branch_reached_what_was_in_it(theatre: Department, surgery: Department):
    person = person_with(Role.COORDINATOR, branch=surgery)
    RoleGrant.objects.filter(person=person).update(starts=TODAY - timedelta(days=30))

    reach = [access_of(person, day).reaches(Role.COORDINATOR, theatre.pk) for day in (BEFORE, TODAY)]

    assert reach == [True, False]


def test_lists_of_a_past_day_use_its_tree(theatre: Department, surgery: Department):
    person = person_with(Role.COORDINATOR, branch=theatre)
    MembershipFactory(person=person, department=theatre, starts=TODAY - timedelta(days=30))
    RoleGrant.objects.filter(person=person).update(starts=TODAY - timedelta(days=30))

    def found(day) -> tuple[bool, bool]:
        people, grants = people_filtered({"department": surgery}, day), grants_filtered({"branch": surgery}, day)
        return person in people, grants.filter(person=person).exists()

    assert (found(BEFORE), found(TODAY)) == ((True, True), (False, False))


def test_the_page_of_a_past_day_shows_its_tree(theatre: Department, surgery: Department, administrator: User, sign_in):
    person = person_with(Role.STRATEGIST, branch=surgery)
    MembershipFactory(person=person, department=theatre, starts=TODAY - timedelta(days=30))
    RoleGrant.objects.filter(person=person).update(starts=TODAY - timedelta(days=30))
    memberships, grants = list(Membership.objects.filter(person=person)), list(RoleGrant.objects.filter(person=person))

    paths = [departments_above(memberships, day)[theatre.pk] for day in (BEFORE, TODAY)]
    reached = [departments_reached(grants, day)[grants[0].pk] for day in (BEFORE, TODAY)]
    assert paths == ["Surgery / Theatre", "Medicine / Theatre"]
    assert reached == [["Surgery", "Theatre"], ["Surgery"]]

    client, address = sign_in(administrator), f"/administration/people/{person.pk}/on/"
    pages = [client.get(address, {"day": day.isoformat()}).content.decode() for day in (BEFORE, TODAY)]
    assert ["Surgery / Theatre" in page for page in pages] == [True, False]
    assert ["2 departments that day" in page for page in pages] == [True, False]
