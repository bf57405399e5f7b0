"""The nouns of all rooms, in one place for Django to find."""

from metrics.collection.models import (
    AdSpend,
    DailyRollup,
    DefinitionBreak,
    Gap,
    Metric,
    MonthlyRollup,
    NativeMetric,
    Post,
    PostSample,
    Run,
    Sample,
    Stream,
)
from metrics.imports.models import Upload

__all__ = [
    "AdSpend",
    "DailyRollup",
    "DefinitionBreak",
    "Gap",
    "Metric",
    "MonthlyRollup",
    "NativeMetric",
    "Post",
    "PostSample",
    "Run",
    "Sample",
    "Stream",
    "Upload",
]
