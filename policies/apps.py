from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "policies"

    def ready(self) -> None:
        from coe_portal.contributions import register
        from policies import receivers  # noqa: F401 - connects itself
        from policies.contributions import contribution

        register(contribution)
