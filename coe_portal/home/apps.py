from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "coe_portal.home"
