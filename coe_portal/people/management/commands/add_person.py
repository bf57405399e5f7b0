import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from coe_portal.people.access import Role
from coe_portal.people.actions import add_person, grant_role
from coe_portal.people.models import User


class Command(BaseCommand):
    help = "Add a person, such as the first administrator. The password is asked for, or read from a pipe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--role", action="append", choices=Role.values, default=[], help="May be given repeatedly.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User(email=options["email"].lower(), name=options["name"])
        try:
            person.clean_fields(exclude=["password"])
            person.validate_unique()
            password = self.password_for(person)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.add(person.email, person.name, password, options["role"])
        self.stdout.write(f"{person.name} can sign in as {person.email}.")

    def password_for(self, person: User) -> str:
        asked = sys.stdin.isatty()
        password = getpass("Password: ") if asked else sys.stdin.readline().rstrip("\n")
        validate_password(password, person)
        if asked and getpass("Password again: ") != password:
            raise CommandError("The two passwords differ.")
        return password

    @transaction.atomic
    def add(self, email: str, name: str, password: str, roles: list[str]) -> None:
        today = timezone.localdate()
        person = add_person(by=None, email=email, name=name, on=today)
        person.set_password(password)
        person.save(update_fields=["password"])
        for role in roles:
            grant_role(by=None, person=person, role=role, starts=today)
