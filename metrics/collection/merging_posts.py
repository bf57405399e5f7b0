"""The statements that turn a batch of posts into rows. Which reading of a post is believed depends on neither
order nor repetition: the newest says what it is, and each total is the greatest of (source, as_of, value).
"""

import json
from collections.abc import Collection
from typing import Any

from django.db.backends.utils import CursorWrapper
from psycopg2.extras import execute_values

from metrics.collection.dictionary import KEYS, NUMBERS
from metrics.collection.observations import PostSeen, Recorded

STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS metrics_post_stage (
    channel_id bigint, external_id text, published_at timestamptz, day date, as_of timestamptz, source smallint,
    text text, url text, kind text, figures jsonb, extra jsonb
) ON COMMIT DELETE ROWS;
TRUNCATE metrics_post_stage;
"""
FILL = "INSERT INTO metrics_post_stage VALUES %s"

WRITE_POSTS = """
INSERT INTO metrics_post (channel_id, external_id, published_at, day, as_of, text, url, kind, extra, figures)
SELECT DISTINCT ON (channel_id, external_id)
    channel_id, external_id, published_at, day, as_of, text, url, kind, extra, '{}'
FROM metrics_post_stage ORDER BY channel_id, external_id, as_of DESC, source DESC, text DESC
ON CONFLICT (channel_id, external_id) DO UPDATE
SET published_at = EXCLUDED.published_at, day = EXCLUDED.day, as_of = EXCLUDED.as_of, text = EXCLUDED.text,
    url = EXCLUDED.url, kind = EXCLUDED.kind, extra = metrics_post.extra || EXCLUDED.extra
WHERE EXCLUDED.as_of > metrics_post.as_of
RETURNING id, xmax = 0
"""

ADD_SAMPLES = """
INSERT INTO metrics_postsample (post_id, metric_id, source, as_of, value, run_id)
SELECT s.post_id, s.metric_id, s.source, s.as_of, s.value, %s
FROM (
    SELECT DISTINCT ON (p.id, n.number, st.source, st.as_of)
        p.id AS post_id, n.number AS metric_id, st.source, st.as_of, f.value::numeric AS value
    FROM metrics_post_stage st
    JOIN metrics_post p USING (channel_id, external_id),
    LATERAL jsonb_each_text(st.figures) AS f(key, value)
    JOIN unnest(%s::text[], %s::smallint[]) AS n(key, number) ON n.key = f.key
    ORDER BY p.id, n.number, st.source, st.as_of, f.value::numeric DESC
) s
LEFT JOIN LATERAL (
    SELECT as_of, value FROM metrics_postsample k
    WHERE k.post_id = s.post_id AND k.metric_id = s.metric_id AND k.source = s.source AND k.as_of <= s.as_of
    ORDER BY k.as_of DESC LIMIT 1
) kept ON true
WHERE s.as_of IS DISTINCT FROM kept.as_of AND s.value IS DISTINCT FROM kept.value
"""

BELIEVE = """
UPDATE metrics_post p SET figures = believed.figures
FROM (
    SELECT post_id, jsonb_object_agg(n.key, trim_scale(value)) AS figures
    FROM (
        SELECT DISTINCT ON (s.post_id, s.metric_id) s.post_id, s.metric_id, s.value
        FROM metrics_postsample s
        JOIN metrics_post p ON p.id = s.post_id
        JOIN (SELECT DISTINCT channel_id, external_id FROM metrics_post_stage) st USING (channel_id, external_id)
        ORDER BY s.post_id, s.metric_id, s.source DESC, s.as_of DESC, s.value DESC
    ) best
    JOIN unnest(%s::text[], %s::smallint[]) AS n(key, number) ON n.number = best.metric_id
    GROUP BY post_id
) believed
WHERE believed.post_id = p.id AND p.figures IS DISTINCT FROM believed.figures
RETURNING p.id
"""

_DICTIONARY: list[Any] = [list(KEYS.values()), list(KEYS)]


def merge(cursor: CursorWrapper, run_id: int, posts: Collection[PostSeen]) -> Recorded:
    cursor.execute(STAGE)
    execute_values(cursor.cursor, FILL, [_row(post) for post in posts], page_size=1_000)
    cursor.execute(WRITE_POSTS)
    new = {post_id for post_id, is_new in cursor.fetchall() if is_new}
    cursor.execute(ADD_SAMPLES, [run_id, *_DICTIONARY])
    cursor.execute(BELIEVE, _DICTIONARY)
    changed = {post_id for (post_id,) in cursor.fetchall()} - new
    return Recorded(len(posts), len(new), len(changed), len(posts) - len(new) - len(changed))


def _row(post: PostSeen) -> tuple[object, ...]:
    """Raises KeyError for a metric that the dictionary does not know."""
    figures = {key: str(value) for key, value in post.figures.items() if NUMBERS[key]}
    return (
        post.channel_id,
        post.external_id,
        post.published_at,
        post.day,
        post.as_of,
        int(post.source),
        _clean(post.text),
        post.url,
        post.kind,
        json.dumps(figures),
        _clean(json.dumps(post.extra, default=str)),
    )


def _clean(text: str) -> str:
    """PostgreSQL stores no NUL."""
    return text.replace("\x00", "").replace("\\u0000", "")
