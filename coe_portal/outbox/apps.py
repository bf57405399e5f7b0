from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "coe_portal.outbox"
