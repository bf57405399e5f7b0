from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "coe_portal.notifications"
