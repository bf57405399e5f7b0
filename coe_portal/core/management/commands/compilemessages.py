from typing import Any

from django.core.management.base import BaseCommand

from coe_portal.core import catalogues


class Command(BaseCommand):
    help = "Compile the catalogues in locale/ into what the portal reads."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in catalogues.compile_all():
            self.stdout.write(f"compiled {path}")
