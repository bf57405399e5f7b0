"""What happened in the demo's two years, where its figures show it."""

from datetime import timedelta

from coe_portal.people.demo import DemoOrganisation
from metrics.dashboards.models import EventNote

# Days ago, how long, what, and more about it.
EVENTS = (
    (410, 60, "Flu shots last season", "Walk-in vaccination at six sites."),
    (285, 28, "Heart month", "Cardiologists answer questions live every Thursday."),
    (236, 0, "Power failure at Lakeside", "Posts about the move to the generators were shared by local papers."),
    (200, 8, "Nurses week", "Every unit introduces one nurse."),
    (150, 120, "New pediatric clinic opens", "Tour, opening day, questions to a pediatrician."),
    (110, 24, "Back to school check-ups", ""),
    (68, 12, "Charity run", "Five hundred runners for the children's hospital."),
    (45, 40, "Flu shots", "Drive-through clinic and posts in Spanish."),
)


def build(organisation: DemoOrganisation) -> None:
    strategist = organisation.sign_ins["strategist"]
    EventNote.objects.bulk_create(
        EventNote(
            day=organisation.days_ago(ago),
            ends=organisation.days_ago(ago) + timedelta(days=length) if length else None,
            title=title,
            text=text,
            written_by=strategist,
            is_demo=True,
        )
        for ago, length, title, text in EVENTS
    )
