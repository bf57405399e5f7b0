from typing import Any

from django.core.management.commands import migrate

from coe_portal.core.database_roles import as_owner, grant


class Command(migrate.Command):
    """Django's own, as the owner of the tables, who then grants the application role its rights on the new ones."""

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().handle(*args, **options)
            if not (options["plan"] or options["check_unapplied"]):
                grant()
