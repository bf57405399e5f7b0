from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "coe_portal.audit"
