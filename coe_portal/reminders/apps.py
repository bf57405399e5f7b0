"""What is owed by a date, told in stages, once each, to the person and up the line."""

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "coe_portal.reminders"

    def ready(self) -> None:
        from coe_portal.contributions import register
        from coe_portal.reminders.contributions import contribution

        register(contribution)
