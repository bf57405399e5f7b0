from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"

    def ready(self) -> None:
        from coe_portal.contributions import register
        from feedback.contributions import contribution

        register(contribution)
