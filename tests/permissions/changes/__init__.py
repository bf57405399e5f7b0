"""What each address that takes a POST leaves on record when what is sent to it is accepted.

Every such address of the portal is in exactly one of three tables: CHANGES is posted to and names its entries, QUIET
says why there is none, PROVEN names the tests that look at its entries, where one request is not enough to get there.
"""

from tests.permissions.changes import administration, channels, feedback, metrics, policies, quiet, training
from tests.permissions.changes.kinds import Change, Entry, Page

CHANGES: dict[str, Change] = {
    **administration.CHANGES,
    **channels.CHANGES,
    **feedback.CHANGES,
    **metrics.CHANGES,
    **policies.CHANGES,
    **training.CHANGES,
}
QUIET = quiet.QUIET
PROVEN = quiet.PROVEN

__all__ = ["CHANGES", "PROVEN", "QUIET", "Change", "Entry", "Page"]
