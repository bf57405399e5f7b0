from dataclasses import replace

from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    name = "coe_portal.announcements"

    def ready(self) -> None:
        from coe_portal.announcements.contributions import contribution
        from coe_portal.announcements.personal import personal
        from coe_portal.contributions import register

        register(replace(contribution, personal=personal))
