"""What members, departments and roles share: the end of something dated."""

from datetime import date

from coe_portal.people.models import Membership, RoleGrant


def end_dated(dated: Membership | RoleGrant, on: date) -> None:
    """Over from that day. What would end before it began never counted; the audit trail alone remembers it."""
    if on <= dated.starts:
        dated.delete()
        return
    dated.ends = on
    dated.save(update_fields=["ends"])
