from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "coe_portal.audit"

    def ready(self) -> None:
        from coe_portal.audit import receivers  # noqa: F401 - connects itself
