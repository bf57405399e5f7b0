from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from coe_portal.contributions import register
        from training.contributions import contribution

        register(contribution)
