"""Which policies are, or on a day were, for an audience."""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import AudienceUse
from coe_portal.people.models import User
from coe_portal.people.queries import for_audiences
from policies.models import Policy, State, Version

POLICIES = _("Policies")


def audience_uses(audience_ids: Collection[int], on: date | None, reader: User) -> Iterator[AudienceUse]:
    if on is None:
        for policy in Policy.objects.filter(audience__in=audience_ids):
            asks = policy.must_acknowledge
            yield AudienceUse(policy.audience_id, POLICIES, policy.title, policy.get_absolute_url(), asks)
        return
    then = for_audiences(Policy, audience_ids, on)
    versions = Version.objects.filter(
        Q(retired_at=None) | Q(retired_at__date__gt=on),
        policy__in=Policy.objects.filter(then.condition),
        published_at__date__lte=on,
        state__in=[State.PUBLISHED, State.RETIRED],
    ).select_related("policy")
    for each in versions.defer("text", "intro_html"):
        url = reverse("policies:version", args=[each.policy.slug, each.number])
        title = f"{each.title} {each.number}"
        yield AudienceUse(then.audience_of(each.policy), POLICIES, title, url, each.policy.must_acknowledge)
