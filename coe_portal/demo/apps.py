from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "coe_portal.demo"
