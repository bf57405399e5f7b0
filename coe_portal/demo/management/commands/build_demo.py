import time
from typing import Any

from django.core.management.base import BaseCommand

from coe_portal.demo.build import analyse, build
from coe_portal.people.demo import DOMAIN, PASSWORD, SIGN_INS
from coe_portal.people.models import User


class Command(BaseCommand):
    help = "Build the demo organisation Riverbend Health, unless there are people already, and print its sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        if not User.objects.exists():
            started = time.monotonic()
            build()
            analyse()
            self.stderr.write(f"Built the demo organisation in {time.monotonic() - started:.1f} s.")
        self.print_sign_ins()

    def print_sign_ins(self) -> None:
        addresses = [f"{key}@{DOMAIN}" for key in SIGN_INS]
        here = User.objects.filter(email__in=addresses).values_list("email", flat=True)
        for address in sorted(here, key=addresses.index):
            self.stdout.write(f"    {address}  {PASSWORD}")
