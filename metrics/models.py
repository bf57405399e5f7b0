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
from metrics.dashboards.models import EventNote
from metrics.executive.models import Ask, Snapshot
from metrics.imports.models import Upload
from metrics.returns.models import (
    Activity,
    Assumption,
    Campaign,
    Goal,
    GoalTarget,
    OutcomeCount,
    OutcomeValue,
)
from metrics.standing.models import Comparator, Rating, Round

__all__ = [
    "Activity",
    "AdSpend",
    "Ask",
    "Assumption",
    "Campaign",
    "Comparator",
    "DailyRollup",
    "DefinitionBreak",
    "EventNote",
    "Gap",
    "Goal",
    "GoalTarget",
    "Metric",
    "MonthlyRollup",
    "NativeMetric",
    "OutcomeCount",
    "OutcomeValue",
    "Post",
    "PostSample",
    "Rating",
    "Round",
    "Run",
    "Sample",
    "Snapshot",
    "Stream",
    "Upload",
]
