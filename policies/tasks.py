from datetime import date

from django.utils import timezone

from coe_portal.core.jobs import job
from policies.actions import publishing
from policies.models import Version


@job("policies.announce")
def announce(version_id: int) -> None:
    publishing.announce(version=Version.objects.select_related("policy").get(pk=version_id))


@job("policies.welcome")
def welcome(audience_id: int, on: str) -> None:
    publishing.welcome(audience_id=audience_id, on=date.fromisoformat(on))


@job("policies.remind_of_reviews")
def remind_of_reviews() -> None:
    publishing.remind_of_reviews(on=timezone.localdate())
