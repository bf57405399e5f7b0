from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "coe_portal.people"
