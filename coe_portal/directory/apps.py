"""People and departments from the organisation's directory: files, SCIM, and accounts made one."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "coe_portal.directory"

    def ready(self) -> None:
        from coe_portal.contributions import register
        from coe_portal.directory.contributions import contribution

        register(contribution)
