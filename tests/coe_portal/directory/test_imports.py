from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.core.jobs import Later
from coe_portal.directory import actions, tasks
from coe_portal.directory.actions import bringing
from coe_portal.directory.models import DirectoryImport, ImportProblem, ImportRow
from coe_portal.notifications.models import Notification
from coe_portal.people.access import Role
from coe_portal.people.models import Audience, AudienceMember, Department, Membership, User
from tests.factories.directory import HEADER, brought_in, checked, person_line, table
from tests.factories.people import DepartmentFactory, MembershipFactory, PersonFactory, RoleGrantFactory, person_with

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def verbs(on: User) -> list[str]:
    return list(
        AuditEntry.objects.filter(kind="people.user", object_id=on.pk).order_by("pk").values_list("verb", flat=True)
    )


def reasons(source: DirectoryImport) -> dict[int, str]:
    return dict(source.problems.order_by("line").values_list("line", "reason"))


def departments_of(person: User) -> set[str]:
    return set(Membership.objects.on(TODAY).filter(person=person).values_list("department__code", flat=True))


def test_a_first_file_brings_everybody_in(administrator: User, everyone: Audience):
    source = brought_in(administrator, table(person_line(1), person_line(2, "ICU")))

    assert source.state == "done"
    assert source.counts["join"] == 2
    person = User.objects.get(employee_number="E1")
    assert (person.email, person.name, person.kind) == ("e1@riverbend.example", "Employee 1", "office")
    assert not person.has_usable_password()
    assert departments_of(person) == {"ED"}
    assert EmailAddress.objects.get(user=person).verified
    assert verbs(person) == ["person.added"]
    assert AudienceMember.objects.filter(audience=everyone, person=person).exists()
    assert Notification.objects.filter(person=administrator, kind="directory").count() == 1


def test_the_dry_run_changes_nobody(administrator: User):
    person = PersonFactory(employee_number="E1", email="old@riverbend.example")
    before = list(User.objects.order_by("pk").values())

    source = checked(administrator, table(person_line(1), person_line(2)))

    assert (source.state, source.counts["join"], source.counts["change"]) == ("checked", 1, 1)
    assert list(User.objects.order_by("pk").values()) == before
    assert not Department.objects.exists()
    assert ImportRow.objects.get(source=source, person=person).changed == ["email", "name"]


def test_the_same_file_again_changes_nothing(administrator: User):
    content = table(*(person_line(number) for number in range(5)))
    brought_in(administrator, content)
    memberships = list(Membership.objects.order_by("pk").values())
    people = list(User.objects.order_by("pk").values())

    again = brought_in(administrator, content)

    changes = {key: again.counts[key] for key in ("join", "back", "move", "change", "leave", "left_out")}
    assert set(changes.values()) == {0}
    assert again.counts["same"] == 5
    assert list(Membership.objects.order_by("pk").values()) == memberships
    assert list(User.objects.order_by("pk").values()) == people


def test_a_move_ends_one_membership_and_begins_another(administrator: User):
    department = DepartmentFactory(code="ED")
    person = PersonFactory(employee_number="E1")
    old = MembershipFactory(person=person, department=department, from_directory=True)
    by_hand = MembershipFactory(person=person, department=DepartmentFactory(code="BAND"))

    source = brought_in(administrator, table(person_line(1, "ICU")))

    assert source.counts["move"] == 1
    assert departments_of(person) == {"ICU", "BAND"}
    old.refresh_from_db()
    by_hand.refresh_from_db()
    assert (old.ends, by_hand.ends) == (TODAY, None)
    assert "person.moved" in verbs(person)


def test_two_moves_on_one_day_leave_one_membership_of_it(administrator: User):
    for department in ("ED", "ICU", "ED"):
        brought_in(administrator, table(person_line(1, department)))

    person = User.objects.get(employee_number="E1")
    assert [row.department.code for row in Membership.objects.filter(person=person)] == ["ED"]


def test_somebody_added_by_hand_becomes_the_directorys_by_their_address(administrator: User):
    person = PersonFactory(email="e1@riverbend.example", name="Employee 1")
    MembershipFactory(person=person, department=DepartmentFactory(code="ICU"))
    stranger = PersonFactory()

    source = brought_in(administrator, table(person_line(1)))

    person.refresh_from_db()
    assert person.employee_number == "E1"
    assert departments_of(person) == {"ED"}
    assert source.counts["leave"] == 0
    assert User.objects.get(pk=stranger.pk).is_active


def test_who_is_missing_leaves_and_who_returns_comes_back(administrator: User):
    PersonFactory.create_batch(60)
    brought_in(administrator, table(person_line(1), person_line(2)))
    person = User.objects.get(employee_number="E2")

    gone = brought_in(administrator, table(person_line(1)))
    person.refresh_from_db()
    assert (gone.counts["leave"], person.is_active) == (1, False)
    back = brought_in(administrator, table(person_line(1), person_line(2)))

    person.refresh_from_db()
    assert (back.counts["back"], back.counts["join"], person.is_active) == (1, 0, True)
    assert verbs(person) == ["person.added", "person.deactivated", "person.reactivated"]
    assert AudienceMember.objects.filter(person=person).count() == Audience.objects.filter(is_everyone=True).count()


def test_a_part_of_the_people_lets_nobody_leave(administrator: User):
    PersonFactory(employee_number="E9")

    source = brought_in(administrator, table(person_line(1)), is_whole=False)

    assert (source.counts["leave"], source.counts["kept"]) == (0, 0)
    assert User.objects.get(employee_number="E9").is_active


def test_administrators_and_who_brings_it_in_never_leave_by_a_file(administrator: User):
    other = PersonFactory(employee_number="A1")
    RoleGrantFactory(person=other, role=Role.ADMINISTRATOR)
    User.objects.filter(pk=administrator.pk).update(employee_number="A2")
    former = PersonFactory(employee_number="A3")
    RoleGrantFactory(person=former, role=Role.ADMINISTRATOR, ends=TODAY - timedelta(days=1))

    source = brought_in(administrator, table(person_line(1)))

    assert (source.counts["kept"], source.counts["leave"]) == (2, 1)
    assert set(User.objects.active().values_list("employee_number", flat=True)) == {"A1", "A2", "E1"}


def test_more_than_a_twentieth_must_be_named(administrator: User):
    PersonFactory.create_batch(3, employee_number="")
    for number in range(10, 13):
        PersonFactory(employee_number=f"E{number}")
    source = checked(administrator, table(person_line(1)))

    for wrong in (None, 2, 4):
        with pytest.raises(actions.TooManyLeave) as stopped:
            actions.confirm(by=administrator, source=source, leavers_accepted=wrong)
        assert stopped.value.leavers == 3
    actions.confirm(by=administrator, source=source, leavers_accepted=3)

    source.refresh_from_db()
    assert source.state == "applying"


def test_it_stops_when_more_would_leave_than_were_accepted(administrator: User):
    PersonFactory.create_batch(40)
    source = checked(administrator, table(person_line(1)))
    actions.confirm(by=administrator, source=source)
    late = PersonFactory(employee_number="E99")

    tasks.apply_import(source.pk)

    source.refresh_from_db()
    late.refresh_from_db()
    assert (source.state, late.is_active, source.counts["leave"]) == ("checked", True, 1)
    assert "1 person would leave now" in source.error
    assert not User.objects.filter(employee_number="E1").exists()


def test_rows_with_errors_are_left_out_and_who_they_name_does_not_leave(administrator: User):
    known = PersonFactory(employee_number="E2", name="Known")
    by_mail = PersonFactory(employee_number="E3", email="e3@riverbend.example")
    content = table(
        person_line(1),
        person_line(2, email="not an address"),
        person_line(3, number=""),
    )

    source = brought_in(administrator, content)

    assert (source.counts["left_out"], source.counts["leave"], source.counts["join"]) == (2, 0, 1)
    known.refresh_from_db()
    assert (known.name, known.is_active) == ("Known", True)
    assert User.objects.get(pk=by_mail.pk).is_active
    assert reasons(source) == {3: "This is no e-mail address.", 4: "There is no employee number."}


def test_an_address_of_somebody_else_is_left_out(administrator: User):
    PersonFactory(email="e1@riverbend.example", name="Other", employee_number="X7")
    second = PersonFactory(name="Second")
    EmailAddress.objects.create(user=second, email="e2@riverbend.example", verified=True, primary=False)

    source = brought_in(administrator, table(person_line(1), person_line(2), person_line(3)), is_whole=False)

    assert reasons(source) == {
        2: "This address is Other's (X7). Correct it, or make the two accounts one.",
        3: "This address is Second's. Correct it, or make the two accounts one.",
    }
    assert source.counts["join"] == 1


def test_two_people_swap_their_addresses(administrator: User):
    brought_in(administrator, table(person_line(1), person_line(2), person_line(3)))

    source = brought_in(
        administrator,
        table(
            person_line(1, email="e2@riverbend.example"), person_line(2, email="e1@riverbend.example"),
            person_line(3, email="new@riverbend.example"), person_line(4, email="e3@riverbend.example"),
        ),
    )  # fmt: skip

    addresses = dict(User.objects.exclude(employee_number="").values_list("employee_number", "email"))
    assert addresses == {
        "E1": "e2@riverbend.example", "E2": "e1@riverbend.example", "E3": "new@riverbend.example",
        "E4": "e3@riverbend.example",
    }  # fmt: skip
    primary = EmailAddress.objects.filter(primary=True, verified=True).exclude(user=administrator)
    assert dict(primary.values_list("user__employee_number", "email")) == addresses
    assert reasons(source) == {}


def test_who_waits_for_an_address_that_stays_is_left_out_too(administrator: User):
    """2 cannot have 1's address, so 3 cannot have 2's."""
    for number in (1, 2, 3):
        PersonFactory(employee_number=f"E{number}", email=f"e{number}@riverbend.example", name=f"Employee {number}")

    source = checked(
        administrator,
        table(
            person_line(1), person_line(2, email="x@riverbend.example"), person_line(3, email="e2@riverbend.example"),
            person_line(4, email="e1@riverbend.example"),
        ),
    )  # fmt: skip
    assert reasons(source) == {5: "Line 2 has this address already; capitals make no difference."}

    PersonFactory(email="x@riverbend.example", name="Other")
    source = checked(
        administrator,
        table(
            person_line(1), person_line(2, email="x@riverbend.example"), person_line(3, email="e2@riverbend.example")
        ),
    )
    assert reasons(source) == {
        3: "This address is Other's. Correct it, or make the two accounts one.",
        4: "This address is Employee 2's (E2). Correct it, or make the two accounts one.",
    }
    assert source.counts["leave"] == 0


@pytest.mark.parametrize("has_left", [True, False])
def test_the_address_of_who_has_left_goes_to_who_is_new(has_left: bool, administrator: User):
    """Whether they left before or leave by this file."""
    known = PersonFactory(employee_number="X7", email="e1@riverbend.example", name="Before", is_active=not has_left)
    EmailAddress.objects.create(user=known, email=known.email, verified=True, primary=True)

    source = brought_in(administrator, table(person_line(1), person_line(2)))

    assert reasons(source) == {
        2: "This was the address of Before (X7), who has left. If they are one person, make the two accounts one."
    }
    assert (source.counts["join"], source.counts["leave"]) == (2, 0 if has_left else 1)
    known.refresh_from_db()
    assert (known.email, known.is_active) == (f"left-{known.pk}@left.invalid", False)
    assert list(EmailAddress.objects.filter(user=known)) == []
    assert User.objects.get(email="e1@riverbend.example").employee_number == "E1"


def test_an_administrators_address_goes_to_nobody(administrator: User):
    other = PersonFactory(name="Other", email="e1@riverbend.example", employee_number="X7")
    RoleGrantFactory(person=other, role=Role.ADMINISTRATOR)

    source = brought_in(administrator, table(person_line(1), person_line(2)))

    assert reasons(source) == {2: "This address is Other's (X7). Correct it, or make the two accounts one."}
    other.refresh_from_db()
    assert (other.email, other.is_active) == ("e1@riverbend.example", True)


@pytest.mark.parametrize("is_active", [True, False])
def test_who_is_numbered_anew_stays_the_same_person(is_active: bool, administrator: User):
    known = PersonFactory(employee_number="X7", email="e1@riverbend.example", name="Employee 1", is_active=is_active)

    source = brought_in(administrator, table(person_line(1), person_line(2)))

    known.refresh_from_db()
    assert (known.employee_number, known.is_active) == ("E1", True)
    assert (source.counts["join"], source.counts["leave"], source.counts["left_out"]) == (1, 0, 0)


def test_who_a_row_with_somebodys_address_names_is_meant_by_it(administrator: User):
    """So that they do not leave."""
    known = PersonFactory(name="Other", email="e1@riverbend.example", employee_number="X7")

    source = checked(administrator, table(person_line(1), person_line(2)), is_whole=False)

    assert ImportRow.objects.get(source=source, outcome="error").person == known


def test_what_a_file_changes_is_on_record(administrator: User):
    brought_in(administrator, table(person_line(1)))

    source = brought_in(administrator, table(person_line(1, name="Married")))

    person = User.objects.get(employee_number="E1")
    entry = AuditEntry.objects.get(kind="people.user", object_id=person.pk, verb="person.changed")
    assert entry.details == {"fields": ["name"], "import": source.pk}


def test_a_kind_nobody_knows_is_not_taken_and_the_person_is(administrator: User):
    content = table((*person_line(1), "Per diem"), header=(*HEADER, "Employee type"))

    source = brought_in(administrator, content)

    assert (source.counts["join"], source.counts["left_out"], source.counts["notes"]) == (1, 0, 1)
    assert reasons(source)[2].startswith("This kind is not known and is not taken.")


def test_titles_above_the_columns_are_passed_over(administrator: User):
    source = checked(administrator, b"People of the hospital,as of 2026-03-01\n\n" + table(person_line(1)))

    assert source.header == list(HEADER)
    assert (source.counts["join"], source.counts["left_out"]) == (1, 0)


def test_people_with_titles_like_columns_are_no_header(administrator: User):
    content = table(
        ("E1", "e1@riverbend.example", "Ana", "Unit", "Manager"), header=("A", "B", "C", "D", "E"),
    )  # fmt: skip

    source = actions.receive(by=administrator, name="people.csv", content=content, kind="people", is_whole=True)

    assert source.header == ["A", "B", "C", "D", "E"]


@pytest.mark.parametrize("last", ["", '"'])
def test_a_quotation_mark_that_takes_in_people_stops_the_file(last: str, administrator: User):
    """Closed on a later line or never: who stands between would seem to have left."""
    rows = table(*(person_line(number) for number in range(9))).decode().splitlines()
    rows[3] = rows[3].replace("Employee 2", '"Employee 2')
    rows[6] = rows[6].replace("Employee 5", f"Employee 5{last}")

    source = checked(administrator, "\n".join(rows).encode())

    assert source.state == "failed"
    assert source.error.startswith("On line 4 a quotation mark opens and takes in the lines below it.")
    assert source.counts == {}


def test_a_cell_of_two_lines_is_one_cell(administrator: User):
    source = checked(administrator, table(person_line(1, name="Ana\nRuiz"), person_line(2)))

    assert list(source.rows.order_by("line").values_list("name", flat=True)) == ["Ana Ruiz", "Employee 2"]


def test_a_new_address_is_where_they_sign_in(administrator: User):
    brought_in(administrator, table(person_line(1)))

    brought_in(administrator, table(person_line(1, email="New.Name@riverbend.example")))

    person = User.objects.get(employee_number="E1")
    assert person.email == "new.name@riverbend.example"
    assert [(each.email, each.primary, each.verified) for each in EmailAddress.objects.filter(user=person)] == [
        ("new.name@riverbend.example", True, True)
    ]


def test_unknown_departments_are_left_out_where_nobody_says_their_names(administrator: User):
    DepartmentFactory(code="ED")
    header, lines = HEADER[:4], [person_line(1)[:4], person_line(2, "ICU")[:4]]

    source = brought_in(administrator, table(*lines, header=header))

    assert reasons(source) == {
        3: "The department “ICU” is unknown. Bring the departments in first, or add a column of their names."
    }
    assert source.counts["join"] == 1


def test_a_circle_of_departments_is_named(administrator: User):
    header = (*HEADER, "Parent department code")
    content = table(
        (*person_line(1, "A"), "B"), (*person_line(2, "B"), "C"), (*person_line(3, "C"), "A"),
        (*person_line(4, "D"), "C"), (*person_line(5, "E"), ""),
        header=header,
    )  # fmt: skip

    source = brought_in(administrator, content)

    assert reasons(source)[2] == "The departments go round in a circle: A > B > C > A."
    assert source.counts["left_out"] == 4
    assert list(Department.objects.values_list("code", flat=True)) == ["E"]


def test_departments_make_a_tree_whatever_their_order(administrator: User):
    DepartmentFactory(code="OLD", name="Old name")
    header = ("Code", "Name", "Parent code", "Location")
    content = table(
        ("ED", "Emergency", "MED", "North"), ("MED", "Medicine", "RH", ""), ("RH", "Riverbend", "", ""),
        ("OLD", "New name", "RH", ""), ("BAD", "Nowhere", "XX", ""), ("ED", "Twice", "", ""),
        header=header,
    )  # fmt: skip

    source = brought_in(administrator, content, kind="departments")

    found = {each.code: (each.name, each.parent.code if each.parent else "") for each in Department.objects.all()}
    assert found == {
        "RH": ("Riverbend", ""),
        "MED": ("Medicine", "RH"),
        "ED": ("Emergency", "MED"),
        "OLD": ("New name", "RH"),
    }
    assert (source.counts["departments_new"], source.counts["departments_changed"]) == (3, 1)
    assert reasons(source) == {
        6: "The department above, “XX”, is unknown.",
        7: "Line 2 has this code already.",
    }
    again = checked(administrator, content, kind="departments")
    assert (again.counts["departments_new"], again.counts["departments_changed"]) == (0, 0)


def test_managers_may_stand_below_their_people(administrator: User):
    header = (*HEADER, "Manager")
    content = table(
        (*person_line(1), "E3"), (*person_line(2), "E3@Riverbend.example"), (*person_line(3), ""),
        (*person_line(4), "nobody"), (*person_line(5), "E5"),
        header=header,
    )  # fmt: skip

    source = brought_in(administrator, content)

    boss = User.objects.get(employee_number="E3")
    assert set(boss.reports.values_list("employee_number", flat=True)) == {"E1", "E2"}
    assert User.objects.get(employee_number="E5").manager is None
    assert source.counts["join"] == 5
    assert (source.counts["left_out"], source.counts["notes"]) == (0, 1)
    assert checked(administrator, content).counts["change"] == 0


def test_a_worker_that_dies_half_way_is_followed_by_one_that_goes_on(administrator: User, monkeypatch):
    monkeypatch.setattr(bringing, "PART", 2)
    source = checked(administrator, table(*(person_line(number) for number in range(7))))
    actions.confirm(by=administrator, source=source)
    parts = []
    bring_in = bringing.bringing_in.bring_in

    def dies_in_the_third_part(*args, **kwargs):
        parts.append(args)
        bring_in(*args, **kwargs)
        if len(parts) == 3:
            raise SystemExit

    monkeypatch.setattr(bringing.bringing_in, "bring_in", dies_in_the_third_part)
    with pytest.raises(SystemExit):
        tasks.apply_import(source.pk)
    source.refresh_from_db()
    assert (source.state, source.rows_done, source.rows_total) == ("applying", 4, 7)

    tasks.apply_import(source.pk)
    tasks.apply_import(source.pk)

    source.refresh_from_db()
    assert (source.state, source.rows_done) == ("done", 7)
    assert User.objects.filter(employee_number__startswith="E").count() == 7
    assert AuditEntry.objects.filter(verb="person.added").count() == 7


def test_a_long_import_asks_for_another_turn(administrator: User, monkeypatch):
    source = checked(administrator, table(*(person_line(number) for number in range(5))))
    actions.confirm(by=administrator, source=source)
    monkeypatch.setattr(bringing, "STOP_AFTER_SECONDS", -1.0)

    with pytest.raises(Later):
        tasks.apply_import(source.pk)
    monkeypatch.setattr(bringing, "STOP_AFTER_SECONDS", 60.0)
    tasks.apply_import(source.pk)

    source.refresh_from_db()
    assert source.state == "done"


def test_only_one_file_is_brought_in_at_a_time(administrator: User):
    first, second = checked(administrator, table(person_line(1))), checked(administrator, table(person_line(2)))
    actions.confirm(by=administrator, source=first)

    with pytest.raises(actions.NotNow, match="Another file"):
        actions.confirm(by=administrator, source=second)


def test_a_file_is_confirmed_once(administrator: User):
    source = checked(administrator, table(person_line(1)))
    actions.confirm(by=administrator, source=source)

    with pytest.raises(actions.NotNow, match="Being brought in"):
        actions.confirm(by=administrator, source=source)


def test_what_the_columns_are_is_remembered(administrator: User):
    content = table(("E1", "e1@x.example", "Rosa", "x"), header=("Key", "E-mail", "Who", "Name"))
    source = actions.receive(by=administrator, name="a.csv", content=content, kind="people", is_whole=True)
    assert source.columns == {"email": 1, "name": 3}
    columns = {"employee_number": 0, "email": 1, "name": 2}
    actions.name_columns(by=administrator, source=source, columns=columns, dates="iso", is_whole=True)

    later = actions.receive(by=administrator, name="b.csv", content=content, kind="people", is_whole=True)

    assert later.columns == columns


def test_discard_forgets_the_file(administrator: User):
    source = checked(administrator, table(person_line(1), person_line(2, email="bad")))

    actions.discard(by=administrator, source=source)

    assert not ImportRow.objects.exists()
    assert not ImportProblem.objects.exists()
    assert bytes(DirectoryImport.objects.get().content) == b""


def test_names_that_look_like_sql_or_formulas_stay_names(administrator: User):
    names = ["'; DROP TABLE people_user; --", "=1+1", "\\N", 'Zoë \\. O\'Brien, "RN"', "%s %(ids)s"]

    brought_in(administrator, table(*(person_line(n, name=name) for n, name in enumerate(names))))

    assert set(User.objects.filter(employee_number__startswith="E").values_list("name", flat=True)) == set(names)


def test_coordinators_keep_their_roles_through_an_import(administrator: User):
    person = person_with(Role.COORDINATOR)
    User.objects.filter(pk=person.pk).update(employee_number="E1", email="e1@riverbend.example")

    brought_in(administrator, table(person_line(1)))

    assert User.objects.get(pk=person.pk).is_coordinator
