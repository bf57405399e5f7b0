from coe_portal.audiences import actions
from coe_portal.core.jobs import job
from coe_portal.people.access import today


@job("audiences.evaluate_daily")
def evaluate_daily() -> None:
    """Asked for every hour: the first hour of the organisation's day does it, or the first one that can."""
    actions.evaluate_daily(on=today())
