"""The statements that turn a batch of observations into samples and rollups. Each works on the whole batch at once.

The batch is copied into a temporary table. What is believed for a channel, day and metric is the greatest of
(source, as_of, value) that was ever seen, so the order and repetition of batches make no difference.
"""

from collections.abc import Collection, Iterable
from io import StringIO

from django.db import connection
from django.db.backends.utils import CursorWrapper

from metrics.collection.dictionary import ENTRIES, NUMBERS, PLACES
from metrics.collection.observations import GapSeen, Observation, Recorded

ANALYSE_FROM = 1_000
NULL = r"\N"
# Rollups of departments and networks are shared by channels, so one batch is merged at a time.
LOCK = 20_418

STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS metrics_stage (
    channel_id bigint, metric_id smallint, day date, source smallint, as_of timestamptz, value numeric(20, 4)
) ON COMMIT DELETE ROWS;
TRUNCATE metrics_stage;
"""

COMPARE = """
WITH best AS (
    SELECT DISTINCT ON (channel_id, day, metric_id) * FROM metrics_stage
    WHERE value IS NOT NULL
    ORDER BY channel_id, day, metric_id, source DESC, as_of DESC, value DESC
)
SELECT count(*),
    count(*) FILTER (WHERE r.values[metric_id] IS NULL),
    count(*) FILTER (WHERE r.values[metric_id] <> value
        AND (source, as_of, value) > (r.sources[metric_id], r.as_ofs[metric_id], r.values[metric_id])),
    count(*) FILTER (WHERE r.values[metric_id] = value)
FROM best LEFT JOIN metrics_dailyrollup r USING (channel_id, day)
"""

# A sample is written only where it says something else than the one before it from the same source.
# Where nothing is believed yet and nothing was ever withdrawn there is none before it, which spares the look-up.
ADD_SAMPLES = """
WITH withdrawn AS (SELECT DISTINCT channel_id FROM metrics_sample WHERE value IS NULL)
INSERT INTO metrics_sample (channel_id, metric_id, day, source, as_of, value, run_id)
SELECT s.channel_id, s.metric_id, s.day, s.source, s.as_of, s.value, %s
FROM (
    SELECT *, lag(as_of) OVER earlier AS staged_as_of, lag(value) OVER earlier AS staged_value
    FROM (
        SELECT DISTINCT ON (channel_id, metric_id, day, source, as_of) * FROM metrics_stage
        ORDER BY channel_id, metric_id, day, source, as_of, value DESC NULLS LAST
    ) once
    WINDOW earlier AS (PARTITION BY channel_id, metric_id, day, source ORDER BY as_of)
) s
LEFT JOIN metrics_dailyrollup r USING (channel_id, day)
LEFT JOIN LATERAL (
    SELECT as_of, value FROM metrics_sample p
    WHERE (r.values[s.metric_id] IS NOT NULL OR s.channel_id IN (SELECT channel_id FROM withdrawn))
        AND p.channel_id = s.channel_id AND p.metric_id = s.metric_id
        AND p.day = s.day AND p.source = s.source AND p.as_of <= s.as_of
    ORDER BY p.as_of DESC LIMIT 1
) kept ON true
WHERE s.as_of IS DISTINCT FROM kept.as_of AND (
    coalesce(kept.as_of, s.staged_as_of) IS NULL OR s.value IS DISTINCT FROM
    CASE WHEN kept.as_of IS NULL OR s.staged_as_of > kept.as_of THEN s.staged_value ELSE kept.value END
)
"""

_BEST_FROM_STAGE = """
    SELECT channel_id, day, metric_id, source, as_of, value FROM metrics_stage WHERE value IS NOT NULL
    UNION ALL
    SELECT r.channel_id, r.day, u.metric_id, u.source, u.as_of, u.value
    FROM (SELECT DISTINCT channel_id, day FROM metrics_stage) touched
    JOIN metrics_dailyrollup r USING (channel_id, day),
    LATERAL unnest(r.values, r.sources, r.as_ofs) WITH ORDINALITY AS u(value, source, as_of, metric_id)
    WHERE u.value IS NOT NULL
"""
# From the samples themselves: the last word of each source, withdrawals included, then the best source.
_BEST_FROM_SAMPLES = """
    SELECT * FROM (
        SELECT DISTINCT ON (channel_id, day, metric_id, source) channel_id, day, metric_id, source, as_of, value
        FROM metrics_sample JOIN (SELECT DISTINCT channel_id, day FROM metrics_stage) touched USING (channel_id, day)
        ORDER BY channel_id, day, metric_id, source, as_of DESC
    ) last_words WHERE value IS NOT NULL
"""


ANYTHING_WITHDRAWN = """
SELECT EXISTS (
    SELECT FROM metrics_sample w
    WHERE w.value IS NULL AND (w.channel_id, w.day) IN (SELECT channel_id, day FROM metrics_stage)
)
"""


def _array(column: str) -> str:
    places = ", ".join(f"max({column}) FILTER (WHERE metric_id = {place})" for place in range(1, PLACES + 1))
    return f"ARRAY[{places}]"


def _write_days(best: str) -> str:
    return f"""
INSERT INTO metrics_dailyrollup (channel_id, day, values, sources, as_ofs)
SELECT channel_id, day, {_array("value")}, {_array("source")}, {_array("as_of")}
FROM (
    SELECT DISTINCT ON (channel_id, day, metric_id) * FROM ({best}) known
    ORDER BY channel_id, day, metric_id, source DESC, as_of DESC, value DESC
) believed
GROUP BY channel_id, day
ON CONFLICT (channel_id, day) DO UPDATE
SET values = EXCLUDED.values, sources = EXCLUDED.sources, as_ofs = EXCLUDED.as_ofs
"""  # noqa: S608 - built from the constants above


MERGE_DAYS = _write_days(_BEST_FROM_STAGE)
FORGET_DAYS = """
DELETE FROM metrics_dailyrollup r USING (SELECT DISTINCT channel_id, day FROM metrics_stage) touched
WHERE r.channel_id = touched.channel_id AND r.day = touched.day
"""
REBUILD_DAYS = _write_days(_BEST_FROM_SAMPLES)

CLOSE_GAPS = """
DELETE FROM metrics_gap g USING metrics_stage s
WHERE g.channel_id = s.channel_id AND g.day = s.day AND g.metric_id = s.metric_id AND s.value IS NOT NULL
"""
OPEN_GAP = """
INSERT INTO metrics_gap (channel_id, day, metric_id, state, reason, as_of, run_id)
SELECT s.channel_id, s.day, s.metric_id, s.state, s.reason, s.as_of, %s
FROM (SELECT DISTINCT ON (channel_id, day, metric_id) *
      FROM unnest(%s::bigint[], %s::date[], %s::smallint[], %s::text[], %s::text[], %s::timestamptz[])
        AS g(channel_id, day, metric_id, state, reason, as_of)
      ORDER BY channel_id, day, metric_id, as_of DESC, state DESC, reason DESC) s
LEFT JOIN metrics_dailyrollup r USING (channel_id, day)
WHERE r.values[s.metric_id] IS NULL
ON CONFLICT (channel_id, day, metric_id) DO UPDATE
SET state = EXCLUDED.state, reason = EXCLUDED.reason, as_of = EXCLUDED.as_of, run_id = EXCLUDED.run_id
WHERE (EXCLUDED.as_of, EXCLUDED.state, EXCLUDED.reason) > (metrics_gap.as_of, metrics_gap.state, metrics_gap.reason)
"""

_TOUCHED_MONTHS = "(SELECT DISTINCT date_trunc('month', day)::date AS month FROM metrics_stage)"
_TOUCHED_METRICS = "(SELECT DISTINCT metric_id FROM metrics_stage)"
_TOUCHED_CHANNELS = "(SELECT DISTINCT channel_id, date_trunc('month', day)::date AS month FROM metrics_stage)"
_SNAPSHOTS = ", ".join(str(entry.number) for entry in ENTRIES if entry.kind != "count")

FORGET_MONTHS = f"""
DELETE FROM metrics_monthlyrollup m USING {_TOUCHED_CHANNELS} touched, {_TOUCHED_METRICS} metric
WHERE m.scope = 'channel' AND m.scope_id = touched.channel_id::text AND m.month = touched.month
    AND m.metric_id = metric.metric_id
"""  # noqa: S608 - built from the constants above
WRITE_MONTHS = f"""
INSERT INTO metrics_monthlyrollup (scope, scope_id, metric_id, month, value, days, channels, as_of, is_demo)
SELECT 'channel', channel_id::text, metric_id, month,
    coalesce((array_agg(value ORDER BY day DESC) FILTER (WHERE metric_id IN ({_SNAPSHOTS})))[1], sum(value)),
    count(*), 1, max(as_of), bool_or(source = 0)
FROM (
    SELECT r.channel_id, metric.metric_id, touched.month, r.day, r.values[metric.metric_id] AS value,
        r.sources[metric.metric_id] AS source, r.as_ofs[metric.metric_id] AS as_of
    FROM {_TOUCHED_CHANNELS} touched
    JOIN metrics_dailyrollup r ON r.channel_id = touched.channel_id
        AND r.day >= touched.month AND r.day < touched.month + interval '1 month'
    CROSS JOIN {_TOUCHED_METRICS} metric
) days
WHERE value IS NOT NULL
GROUP BY channel_id, metric_id, month
"""  # noqa: S608

# The channels' months added up, for our own channels by their department and network of today.
_SCOPES = {
    "department": "c.department_id::text",
    "network": "c.network",
    "organisation": "''::text",
}


def _write_scope(scope: str, key: str) -> str:
    return f"""
INSERT INTO metrics_monthlyrollup (scope, scope_id, metric_id, month, value, days, channels, as_of, is_demo)
SELECT '{scope}', {key}, m.metric_id, m.month, sum(m.value), sum(m.days), sum(m.channels),
    max(m.as_of), bool_or(m.is_demo)
FROM metrics_monthlyrollup m
JOIN {_TOUCHED_MONTHS} touched USING (month)
JOIN {_TOUCHED_METRICS} metric USING (metric_id)
JOIN channels_channel c ON c.id = m.scope_id::bigint
WHERE m.scope = 'channel' AND c.relation = 'own'
GROUP BY {key}, m.metric_id, m.month
"""  # noqa: S608


FORGET_SCOPES = f"""
DELETE FROM metrics_monthlyrollup m USING {_TOUCHED_MONTHS} touched, {_TOUCHED_METRICS} metric
WHERE m.scope <> 'channel' AND m.month = touched.month AND m.metric_id = metric.metric_id
"""  # noqa: S608
WRITE_SCOPES = ";".join(_write_scope(scope, key) for scope, key in _SCOPES.items())


def alone(cursor: CursorWrapper) -> None:
    """Only one batch is merged at a time, so it may have memory enough to sort without the disk."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s), set_config('work_mem', '128MB', true)", [LOCK])


def stage(cursor: CursorWrapper, observations: Collection[Observation]) -> None:
    """Raises KeyError for a metric that the dictionary does not know."""
    cursor.execute(STAGE)
    days = {day: str(day) for day in {each.day for each in observations}}
    moments = {moment: str(moment) for moment in {each.as_of for each in observations}}
    lines = StringIO(
        "".join(
            f"{channel_id}\t{NUMBERS[metric]}\t{days[day]}\t{source:d}\t{moments[as_of]}\t"
            f"{NULL if value is None else value}\n"
            for channel_id, metric, day, value, as_of, source in observations
        )
    )
    cursor.copy_expert("COPY metrics_stage FROM STDIN", lines)
    if len(observations) >= ANALYSE_FROM:
        cursor.execute("ANALYZE metrics_stage")


def compare(cursor: CursorWrapper) -> Recorded:
    cursor.execute(COMPARE)
    read, added, changed, same = cursor.fetchone()
    return Recorded(read, added, changed, same, kept=read - added - changed - same)


def merge(cursor: CursorWrapper, run_id: int) -> None:
    """Days of which anything was ever withdrawn are made anew from their samples."""
    cursor.execute(ADD_SAMPLES, [run_id])
    cursor.execute(ANYTHING_WITHDRAWN)
    if cursor.fetchone()[0]:
        cursor.execute(FORGET_DAYS)
        cursor.execute(REBUILD_DAYS)
    else:
        cursor.execute(MERGE_DAYS)
    cursor.execute(CLOSE_GAPS)
    refresh_months(cursor)


def refresh_months(cursor: CursorWrapper) -> None:
    cursor.execute(FORGET_MONTHS)
    cursor.execute(WRITE_MONTHS)
    cursor.execute(FORGET_SCOPES)
    cursor.execute(WRITE_SCOPES)


def open_gaps(run_id: int, gaps: Iterable[GapSeen]) -> None:
    rows = [(g.channel_id, g.day, NUMBERS[g.metric], g.state, g.reason[:300], g.as_of) for g in gaps]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(OPEN_GAP, [run_id, *map(list, zip(*rows, strict=True))])
