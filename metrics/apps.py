from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "metrics"

    def ready(self) -> None:
        from coe_portal.contributions import register
        from metrics.contributions import contribution

        register(contribution)
