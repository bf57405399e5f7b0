"""Jobs of all rooms, by name."""

from metrics.collection.tasks import collect_channel, collect_due
from metrics.imports.tasks import import_upload

__all__ = ["collect_channel", "collect_due", "import_upload"]
