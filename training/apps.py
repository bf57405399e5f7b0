from dataclasses import replace

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from coe_portal.contributions import register
        from training import receivers  # noqa: F401 - connects itself
        from training.contributions import contribution
        from training.personal import personal

        register(replace(contribution, personal=personal))
