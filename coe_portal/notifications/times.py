"""When a person may be mailed: rules about clocks on the wall of their time zone, daylight saving time included."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def is_between(clock: time, start: time, end: time) -> bool:
    """From `start` until just before `end`, over midnight where `end` is the earlier; never where both are the same."""
    return start <= clock < end if start <= end else clock >= start or clock < end


@dataclass(frozen=True)
class Times:
    """The quiet hours may span midnight; where both ends are the same there are none."""

    zone: str
    digest_at: time
    quiet_from: time
    quiet_until: time
    quiet_weekends: bool

    def is_quiet(self, local: datetime) -> bool:
        return self._is_night(local.time()) or (self.quiet_weekends and local.weekday() >= SATURDAY)

    def quiet_ends(self, at: datetime) -> datetime | None:
        """When mail may go out again; None where it may now."""
        local = at.astimezone(ZoneInfo(self.zone))
        if not self.is_quiet(local):
            return None
        while self.is_quiet(local):
            night = self._is_night(local.time())
            local = self._next(local, self.quiet_until if night else time(0))
        return local.astimezone(at.tzinfo)

    def _is_night(self, clock: time) -> bool:
        return is_between(clock, self.quiet_from, self.quiet_until)

    def _next(self, local: datetime, clock: time) -> datetime:
        """The next time the wall clock shows it. A time that daylight saving skips is taken as just after the gap."""
        day = local.date() + timedelta(days=clock <= local.time())
        return datetime.combine(day, clock, ZoneInfo(self.zone))
