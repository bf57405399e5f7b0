from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coe_portal.privacy.actions.renewing import renew


class Command(BaseCommand):
    help = "Encrypt every stored secret with the first of FIELD_KEYS. The portal may run meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        found = renew()
        self.stdout.write(f"{found.renewed} rows renewed.")
        if found.lost:
            raise CommandError(f"No key opens these: {', '.join(found.lost)}. Add the key they were made with.")
