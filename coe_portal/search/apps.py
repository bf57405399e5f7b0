from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "coe_portal.search"
