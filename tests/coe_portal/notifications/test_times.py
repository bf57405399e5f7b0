from datetime import UTC, datetime, time

import pytest

from coe_portal.notifications.times import Times

WEEK = Times("America/New_York", time(7), time(20), time(7), quiet_weekends=False)
WORKDAYS = Times("America/New_York", time(7), time(20), time(7), quiet_weekends=True)
NEVER = Times("America/New_York", time(7), time(0), time(0), quiet_weekends=False)
SIESTA = Times("Europe/Madrid", time(7), time(14), time(16), quiet_weekends=False)


@pytest.mark.parametrize(
    ("times", "at", "ends"),
    [
        (WEEK, "2026-03-02 11:59", "2026-03-02 12:00"),
        (WEEK, "2026-03-02 12:00", None),
        (WEEK, "2026-03-03 00:59", None),
        (WEEK, "2026-03-03 01:00", "2026-03-03 12:00"),
        (NEVER, "2026-03-03 05:00", None),
        (SIESTA, "2026-03-02 13:30", "2026-03-02 15:00"),
        # Friday evening, Saturday noon and Sunday evening end on Monday at seven.
        (WORKDAYS, "2026-02-28 01:30", "2026-03-02 12:00"),
        (WORKDAYS, "2026-02-28 17:00", "2026-03-02 12:00"),
        (WORKDAYS, "2026-03-02 02:00", "2026-03-02 12:00"),
        # The night in which clocks go forward is an hour shorter, the one in which they go back an hour longer.
        (WEEK, "2026-03-08 02:00", "2026-03-08 11:00"),
        (WEEK, "2026-11-01 01:00", "2026-11-01 12:00"),
    ],
)
def test_when_mail_may_go_out_again(times: Times, at: str, ends: str | None):
    def utc(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert times.quiet_ends(utc(at)) == (utc(ends) if ends else None)
