"""A person's own data, erasure, retention and legal hold over all apps."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "coe_portal.privacy"

    def ready(self) -> None:
        from coe_portal.contributions import register
        from coe_portal.privacy.contributions import contribution

        register(contribution)
