from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "coe_portal.home"

    def ready(self) -> None:
        from coe_portal.contributions import register
        from coe_portal.home import receivers  # noqa: F401 - connects itself
        from coe_portal.home.contributions import contribution

        register(contribution)
