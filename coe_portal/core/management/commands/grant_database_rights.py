from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from coe_portal.core.database_roles import grant, grants_as_text, has_owner


class Command(BaseCommand):
    help = "Grant the role of DATABASE_URL its rights, as the owner of DATABASE_OWNER_URL. `migrate` does it, too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sql", metavar="ROLE", help="Show the statements for this role instead.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sql"]:
            self.stdout.write("\n".join(grants_as_text(options["sql"])))
            return
        if not has_owner():
            raise CommandError("Set DATABASE_OWNER_URL to the owner, and DATABASE_URL to another role, first.")
        grant()
        self.stdout.write(f"{settings.DATABASE_ROLE} has its rights.")
