from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coe_portal.audit.actions.verifying import note_verification
from coe_portal.audit.models import Seal


class Command(BaseCommand):
    help = "Work the chain of the audit trail out again. Ends with status 1 when an entry was changed or removed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", metavar="HASH", help="A hash that was kept outside: the chain must contain it.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = note_verification(by=None)
        if found.problem:
            where = f" at entry {found.broken_entry}" if found.broken_entry else ""
            raise CommandError(f"The trail is broken{where}: {found.get_problem_display()}.")
        if options["head"] and not Seal.objects.filter(hash=options["head"]).exists():
            raise CommandError("The trail is whole in itself, but does not contain that hash: it was made anew.")
        self.stdout.write(
            f"whole: {found.entries} entries, {found.seals} seals, head {found.head or '-'} ({found.seconds:.1f} s)"
        )
