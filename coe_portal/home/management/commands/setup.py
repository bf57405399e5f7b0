import gc
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Bring the database and the static files up to date; on first start build the demo organisation."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        content = parser.add_mutually_exclusive_group()
        content.add_argument("--demo", action="store_true", help="Build the demo organisation if nobody is here yet.")
        content.add_argument("--empty", action="store_true", help="Start without people (the default).")

    def handle(self, *args: Any, **options: Any) -> None:
        # Migrations build every model again at every step; without the collector that takes a third less.
        gc.disable()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if options["demo"] and apps.is_installed("coe_portal.demo"):
            call_command("build_demo")
