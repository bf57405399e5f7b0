"""Tokens with scopes, with which other programs come in."""

from django.apps import AppConfig


class TokensConfig(AppConfig):
    name = "coe_portal.tokens"

    def ready(self) -> None:
        from coe_portal.contributions import register
        from coe_portal.tokens import receivers  # noqa: F401 - connects itself
        from coe_portal.tokens.contributions import contribution

        register(contribution)
