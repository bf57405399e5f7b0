from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "coe_portal.design"
    label = "design"
