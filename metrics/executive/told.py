"""Whether an ask may still be named to the executives who were told of it."""

import re
from collections.abc import Sequence

from coe_portal.contributions import Told
from coe_portal.people.access import Role, today
from coe_portal.people.models import RoleGrant
from coe_portal.people.queries import parents_on, upwards
from metrics.executive.models import Ask

KEY = re.compile(r"metrics\.ask:(?P<number>[0-9]+)")


def still_seen(told: Sequence[Told]) -> list[bool]:
    """Three queries. Only to those whose role reaches what is asked for today."""
    asked = [int(found["number"]) if (found := KEY.fullmatch(each.key)) else 0 for each in told]
    departments = dict(Ask.objects.filter(pk__in=asked).values_list("pk", "department_id"))
    parents = parents_on(today())
    grants = RoleGrant.objects.on(today()).filter(role=Role.EXECUTIVE, person__in={each.person_id for each in told})
    reach = set(grants.values_list("person_id", "branch_id"))

    def seen(person_id: int, ask_id: int) -> bool:
        if ask_id not in departments:
            return False
        branches = {None, *upwards(departments[ask_id], parents)}
        return any((person_id, branch) in reach for branch in branches)

    return [seen(each.person_id, number) for each, number in zip(told, asked, strict=True)]
