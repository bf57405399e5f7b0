from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from coe_portal.people.access import Role
from coe_portal.people.actions import add_person, grant_role
from coe_portal.people.models import RoleGrant, User
from coe_portal.people.queries import password_link


class Command(BaseCommand):
    help = "Make somebody an administrator, adding them if need be, and print a link to choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        email, today = options["email"].lower(), timezone.localdate()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is not an e-mail address.") from error
        person = User.objects.filter(email=email).first()
        if person is None:
            person = add_person(by=None, email=email, name=options["name"], on=today)
        if not RoleGrant.objects.on(today).filter(person=person, role=Role.ADMINISTRATOR).exists():
            grant_role(by=None, person=person, role=Role.ADMINISTRATOR, starts=today)
        self.stdout.write(f"{person.name} is an administrator. To choose a password, open this once:")
        self.stdout.write(password_link(person))
