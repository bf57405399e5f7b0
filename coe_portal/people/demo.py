"""The people and departments of Riverbend Health, who exist only to show the portal."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from coe_portal.people.access import Role
from coe_portal.people.demo_audiences import build_audiences
from coe_portal.people.models import Audience, Department, Membership, RoleGrant, User

PASSWORD = "riverbend-demo-2026"  # noqa: S105 - printed at every start of the demo
DOMAIN = "riverbend.example"
NUMBER_OF_PEOPLE = 1_500
SEED = 2026
FIRST_EMPLOYEE_NUMBER = 100_001

# Branch by branch: name, then the departments below it.
TREE: dict[str, tuple[str, ...]] = {
    "Riverbend Medical Center": (
        "Emergency Department",
        "Intensive Care",
        "Surgery",
        "Labor and Delivery",
        "Cardiology",
        "Oncology",
        "Orthopedics",
        "Imaging",
        "Laboratory",
        "Pharmacy",
    ),
    "Lakeside Hospital": (
        "Lakeside Emergency",
        "Lakeside Medical Unit",
        "Lakeside Rehabilitation",
        "Lakeside Birth Center",
        "Lakeside Outpatient Surgery",
    ),
    "St. Anne Children's Hospital": (
        "Pediatric Emergency",
        "Neonatal Intensive Care",
        "Pediatric Oncology",
        "Child Life",
        "Pediatric Clinics",
    ),
    "Northfield Community Hospital": (
        "Northfield Emergency",
        "Northfield Family Medicine",
        "Northfield Home Care",
        "Northfield Volunteers",
    ),
    "Ambulatory Care": (
        "Primary Care East",
        "Primary Care West",
        "Urgent Care",
        "Behavioral Health",
        "Women's Health",
        "Dental Clinic",
        "Telehealth",
        "Occupational Health",
    ),
    "Research and Education": ("Clinical Trials", "Nursing Education", "Residency Program", "Medical Library"),
    "Communications and Marketing": ("Social Media", "Media Relations", "Brand and Design", "Community Outreach"),
    "Corporate Services": (
        "Human Resources",
        "Information Technology",
        "Compliance and Privacy",
        "Finance",
        "Legal",
        "Patient Experience",
        "Supply Chain",
        "Facilities",
        "Food and Nutrition",
        "Riverbend Foundation",
        "Executive Office",
    ),
}
LOCATIONS = {
    "Lakeside Hospital": "Lakeside",
    "Northfield Community Hospital": "Northfield",
    "St. Anne Children's Hospital": "St. Anne campus",
}

GIVEN_NAMES = """
    Aaliyah Abel Adaeze Aiko Alejandra Amara Amir Ana Andre Anika Antonio Aria Arjun Astrid Beatriz Ben Bianca
    Bilal Brianna Caleb Camila Carlos Chen Chloe Clara Damian Daniela Darius David Deepa Diego Elena Eli Elise
    Emeka Emily Esther Ethan Fatima Felix Fiona Gabriel Grace Hana Hannah Hassan Helen Hugo Ibrahim Imani Ingrid
    Isaac Ivy Jamal James Jasmine Jin Joanna Jonas Jose Julia Kai Karen Keisha Kenji Kofi Laila Lars Laura Leila
    Leo Lin Lucia Luis Lydia Malik Marcus Maria Marisol Mateo Maya Mei Michael Mina Miriam Mohammed Naomi Nadia
    Nathan Nia Nikolai Noah Noor Olga Olivia Omar Oscar Paula Pedro Priya Quinn Rachel Rafael Rahul Rebecca Rosa
    Ruth Samuel Sana Sara Sean Simone Sofia Stefan Tamika Tariq Teresa Thomas Uma Valentina Victor Wei Willa
    Xavier Yara Yusuf Zainab Zoe
""".split()  # noqa: SIM905
FAMILY_NAMES = """
    Abara Adams Aguilar Ahmed Alvarez Andersen Bailey Banerjee Barnes Becker Bell Bennett Bianchi Brooks Carter
    Castillo Chan Chavez Choi Clark Cohen Cruz Daniels Das Delgado Diaz Dubois Edwards Eriksen Evans Farah
    Fernandez Fischer Flores Foster Fujita Garcia Gomez Grant Green Gupta Hahn Hansen Hayes Herrera Hill Hoang
    Hughes Ibarra Iyer Jackson Jensen Johnson Kaplan Kaur Kelly Khan Kim King Kowalski Kumar Larsen Lee Lewis Li
    Lopez Martin Mbeki Medina Mehta Mendoza Meyer Mitchell Molina Moore Morales Moreno Murphy Nakamura Nguyen
    Novak Nunez Obi Okafor Olsen Ortiz Osei Owens Park Patel Perez Pham Price Quintero Rahman Ramos Reed Reyes
    Rivera Robinson Romero Rossi Ruiz Russo Salazar Sanchez Santos Schmidt Sharma Silva Singh Soto Stewart
    Suzuki Tanaka Taylor Torres Tran Turner Vargas Vasquez Vega Wagner Walker Wang Ward Watson White Williams
    Wong Wright Wu Yamamoto Yilmaz Young Zhang Zimmerman
""".split()  # noqa: SIM905

CLINICAL_TITLES = {
    User.Kind.NURSE: ("Registered nurse", "Charge nurse", "Nurse practitioner", "Nursing assistant"),
    User.Kind.PHYSICIAN: ("Attending physician", "Resident physician", "Hospitalist"),
    User.Kind.ALLIED: ("Physical therapist", "Respiratory therapist", "Radiology technologist", "Medical assistant"),
}
OTHER_TITLES = {
    User.Kind.OFFICE: ("Front desk coordinator", "Analyst", "Program manager", "Administrative assistant"),
    User.Kind.VOLUNTEER: ("Volunteer",),
    User.Kind.CONTRACTOR: ("Contractor",),
}


@dataclass(frozen=True)
class SignIn:
    """Somebody a visitor of the demo can sign in as; the first part of the address is the key."""

    name: str
    job_title: str
    kind: User.Kind
    department: str
    role: Role | None = None
    branch: str = ""


SIGN_INS = {
    "employee": SignIn("Rosa Delgado", "Registered nurse", User.Kind.NURSE, "Emergency Department"),
    "coordinator": SignIn(
        "Marcus Bell", "Unit manager", User.Kind.OFFICE, "Riverbend Medical Center", Role.COORDINATOR,
        "Riverbend Medical Center",
    ),
    "strategist": SignIn("Priya Raman", "Social media strategist", User.Kind.OFFICE, "Social Media", Role.STRATEGIST),
    "approver": SignIn(
        "Jonas Lindqvist", "Senior social media strategist", User.Kind.OFFICE, "Social Media", Role.STRATEGIST
    ),
    "executive": SignIn(
        "Helen Ward", "Chief communications officer", User.Kind.OFFICE, "Executive Office", Role.EXECUTIVE
    ),
    "privacy": SignIn(
        "Samuel Osei", "Privacy officer", User.Kind.OFFICE, "Compliance and Privacy", Role.PRIVACY_OFFICER
    ),
    "admin": SignIn(
        "Ingrid Novak", "Systems administrator", User.Kind.OFFICE, "Information Technology", Role.ADMINISTRATOR
    ),
}  # fmt: skip


@dataclass(frozen=True)
class DemoOrganisation:
    """What the apps' demo data is built on. `random` is seeded; every date counts from `today`."""

    today: date
    random: random.Random
    sign_ins: dict[str, User]
    people: list[User]
    departments: dict[str, Department]
    everyone: Audience
    clinicians: Audience
    coordinators: Audience
    communications: Audience

    def days_ago(self, days: int) -> date:
        return self.today - timedelta(days=days)


def build_organisation() -> DemoOrganisation:
    chance = random.Random(SEED)  # noqa: S311 - made-up people
    today = timezone.localdate()
    departments = _departments()
    people = _people(chance, today)
    sign_ins = {person.email.partition("@")[0]: person for person in people[: len(SIGN_INS)]}
    _memberships(chance, people, sign_ins, departments, today)
    _roles(chance, people, sign_ins, departments, today)
    audiences = build_audiences(departments, sign_ins, today)
    return DemoOrganisation(today, chance, sign_ins, people, departments, **audiences)


def _departments() -> dict[str, Department]:
    root = Department.objects.create(name="Riverbend Health", code="RH", location="Riverbend")
    found = {root.name: root}
    for number, (division, below) in enumerate(TREE.items(), start=1):
        place = LOCATIONS.get(division, "Riverbend")
        parent = Department.objects.create(name=division, code=f"RH-{number:02}", parent=root, location=place)
        found[division] = parent
        for position, name in enumerate(below, start=1):
            code = f"{parent.code}-{position:02}"
            found[name] = Department.objects.create(name=name, code=code, parent=parent, location=place)
    return found


def _people(chance: random.Random, today: date) -> list[User]:
    password = make_password(PASSWORD)
    unusable = make_password(None)
    fixed = [
        User(
            email=f"{key}@{DOMAIN}",
            name=each.name,
            job_title=each.job_title,
            kind=each.kind,
            location="Riverbend",
            hired_on=today - timedelta(days=chance.randint(400, 4_000)),
            password=password,
        )
        for key, each in SIGN_INS.items()
    ]
    names = list(product(GIVEN_NAMES, FAMILY_NAMES))
    others = [
        _person(chance, given, family, unusable, today)
        for given, family in chance.sample(names, NUMBER_OF_PEOPLE - len(fixed))
    ]
    for person in others[::14]:
        person.language = "es"
    for number, person in enumerate([*fixed, *others], start=FIRST_EMPLOYEE_NUMBER):
        person.employee_number = str(number)
    people: list[User] = User.objects.bulk_create([*fixed, *others], batch_size=1_000)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people
    )
    return people


def _person(chance: random.Random, given: str, family: str, password: str, today: date) -> User:
    titles = CLINICAL_TITLES | OTHER_TITLES
    kind = chance.choices(list(titles), weights=[42, 9, 20, 21, 5, 3])[0]
    return User(
        email=f"{given}.{family}@{DOMAIN}".lower(),
        name=f"{given} {family}",
        job_title=chance.choice(titles[kind]),
        kind=kind,
        hired_on=today - timedelta(days=int(chance.expovariate(1 / 1_400)) + 3),
        password=password,
    )


def _memberships(
    chance: random.Random,
    people: list[User],
    sign_ins: dict[str, User],
    departments: dict[str, Department],
    today: date,
) -> None:
    leaves = [departments[name] for below in TREE.values() for name in below]
    fixed = {sign_ins[key].pk: departments[each.department] for key, each in SIGN_INS.items()}
    rows = []
    for person in people:
        department = fixed.get(person.pk) or chance.choice(leaves)
        person.location = department.location
        starts = person.hired_on or today
        rows.append(Membership(person=person, department=department, starts=starts, from_directory=True))
    _managers(rows)
    Membership.objects.bulk_create(rows, batch_size=1_000)
    User.objects.bulk_update(people, ["location", "manager"], batch_size=1_000)


def _managers(memberships: list[Membership]) -> None:
    """Whoever is longest in a department leads it."""
    first: dict[int, Membership] = {}
    for row in sorted(memberships, key=lambda row: row.starts):
        lead = first.setdefault(row.department_id, row)
        if lead is not row:
            row.person.manager = lead.person


def _roles(
    chance: random.Random,
    people: list[User],
    sign_ins: dict[str, User],
    departments: dict[str, Department],
    today: date,
) -> None:
    starts = today - timedelta(days=400)
    grants = [
        RoleGrant(person=sign_ins[key], role=each.role, branch=departments.get(each.branch), starts=starts)
        for key, each in SIGN_INS.items()
        if each.role
    ]
    others = iter(chance.sample(people[len(SIGN_INS) :], len(TREE)))
    grants += [
        RoleGrant(person=next(others), role=Role.COORDINATOR, branch=departments[division], starts=starts)
        for division in TREE
        if division != SIGN_INS["coordinator"].branch
    ]
    given = RoleGrant.objects.bulk_create(grants)
    _stand_in(people, given, today)


def _stand_in(people: list[User], given: list[RoleGrant], today: date) -> None:
    """One coordinator is on holiday."""
    away, holders = given[-1], {grant.person_id for grant in given}
    colleague = next(person for person in people[len(SIGN_INS) :] if person.pk not in holders)
    RoleGrant.objects.create(
        person=colleague, role=away.role, branch=away.branch, delegated_from=away,
        starts=today - timedelta(days=3), ends=today + timedelta(days=11),
    )  # fmt: skip
