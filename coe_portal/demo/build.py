"""The demo organisation, put together from what each app brings. Deterministic; dates count from today."""

from collections.abc import Callable

from django.db import connection, transaction

from coe_portal.announcements import demo as announcements
from coe_portal.channels import demo as channels
from coe_portal.identity import demo as identity
from coe_portal.people.demo import DemoOrganisation, build_organisation
from coe_portal.privacy import demo as privacy
from coe_portal.reminders import demo as reminders
from coe_portal.search import demo as search
from coe_portal.search.actions import rebuild
from feedback import demo as feedback
from metrics.collection import demo as figures
from metrics.dashboards import demo as events
from metrics.executive import demo as executive
from metrics.returns import demo as returns
from metrics.standing import demo as standing
from policies import demo as policies
from training import demo as training

Part = Callable[[DemoOrganisation], None]

# In the order in which they need each other.
PARTS: list[Part] = [
    policies.build,
    announcements.build,
    search.build,
    channels.build,
    identity.build,
    training.build,
    figures.build,
    events.build,
    returns.build,
    executive.build,
    standing.build,
    feedback.build,
    privacy.build,
    reminders.build,
]


@transaction.atomic
def build() -> None:
    organisation = build_organisation()
    for part in PARTS:
        part(organisation)
    rebuild()


def analyse() -> None:
    """Fresh statistics, or the first pages are planned for empty tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
