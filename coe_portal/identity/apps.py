"""How people sign in: identity providers, invitations, second factors and sessions."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "coe_portal.identity"

    def ready(self) -> None:
        from coe_portal.contributions import register
        from coe_portal.identity import receivers  # noqa: F401 - connects itself
        from coe_portal.identity.contributions import contribution

        register(contribution)
