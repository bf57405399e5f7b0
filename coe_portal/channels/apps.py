from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "coe_portal.channels"

    def ready(self) -> None:
        from coe_portal.channels import receivers  # noqa: F401 - connects itself
        from coe_portal.channels.contributions import contribution
        from coe_portal.contributions import register

        register(contribution)
