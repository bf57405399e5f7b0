from metrics.collection.actions.collecting import ask_now, collect, ensure_streams, start_due
from metrics.collection.actions.entering import enter_figure
from metrics.collection.actions.recording import preview, record_posts, record_samples

__all__ = [
    "ask_now",
    "collect",
    "ensure_streams",
    "enter_figure",
    "preview",
    "record_posts",
    "record_samples",
    "start_due",
]
