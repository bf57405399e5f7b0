from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MetricsConfig(AppConfig):
    name = "metrics"

    def ready(self) -> None:
        from coe_portal.contributions import register
        from metrics.contributions import contribution

        register(contribution)
        # The dictionary is part of the schema: it is back whenever the tables are made or emptied.
        post_migrate.connect(_write_dictionary, sender=self)


def _write_dictionary(apps: Any, **_kwargs: Any) -> None:
    from metrics.collection.dictionary import write_dictionary

    try:
        apps.get_model("metrics", "Metric")
    except LookupError:  # migrated back to zero
        return
    write_dictionary(apps)
