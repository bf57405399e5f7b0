from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "coe_portal.core"

    def ready(self) -> None:
        from coe_portal.core import checks  # noqa: F401 - registers the system checks
