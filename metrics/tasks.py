"""Jobs of all rooms, by name."""

from metrics.collection.tasks import collect_channel, collect_due
from metrics.imports.tasks import drop_old_uploads, import_upload

__all__ = ["collect_channel", "collect_due", "drop_old_uploads", "import_upload"]
