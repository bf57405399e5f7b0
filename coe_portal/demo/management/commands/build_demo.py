import time
from typing import Any

from django.core.management.base import BaseCommand

from coe_portal.demo.build import analyse, build
from coe_portal.people.models import User


class Command(BaseCommand):
    help = "Build the demo organisation Riverbend Health, unless there are people already."

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            return
        started = time.monotonic()
        build()
        analyse()
        self.stdout.write(f"Built the demo organisation in {time.monotonic() - started:.1f} s.")
