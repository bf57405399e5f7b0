from django.apps import AppConfig


class AudiencesConfig(AppConfig):
    name = "coe_portal.audiences"

    def ready(self) -> None:
        from coe_portal.audiences.contributions import contribution
        from coe_portal.contributions import register

        register(contribution)
