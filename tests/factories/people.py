from datetime import date

import factory
from factory.django import DjangoModelFactory

from coe_portal.people.access import Role
from coe_portal.people.models import Audience, Department, Membership, RoleGrant, User

LONG_AGO = date(2020, 1, 1)


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    name = factory.Sequence(lambda n: f"Department {n}")
    code = factory.Sequence(lambda n: f"D{n}")


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@riverbend.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    hired_on = LONG_AGO


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    department = factory.SubFactory(DepartmentFactory)
    starts = LONG_AGO


class RoleGrantFactory(DjangoModelFactory):
    class Meta:
        model = RoleGrant

    person = factory.SubFactory(PersonFactory)
    role = Role.STRATEGIST
    starts = LONG_AGO


class AudienceFactory(DjangoModelFactory):
    class Meta:
        model = Audience

    name = factory.Sequence(lambda n: f"Audience {n}")


def person_with(role: Role | None = None, *, branch: Department | None = None, name: str = "") -> User:
    """Somebody with a role, who is in the audience Everyone; no role is a plain employee."""
    person = PersonFactory(**({"name": name} if name else {}))
    if role:
        RoleGrantFactory(person=person, role=role, branch=branch)
    everyone, _ = Audience.objects.get_or_create(is_everyone=True, defaults={"name": "Everyone"})
    everyone.people.add(person, through_defaults={"joined_on": LONG_AGO})
    return person


def speaker_of(language: str) -> User:
    """Somebody in the audience Everyone who reads the portal in that language."""
    person = person_with()
    person.language = language
    person.save(update_fields=["language"])
    return person
