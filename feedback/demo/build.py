"""The forum and the stories of the demo organisation, in bulk: no verb is called, the same figures come out."""

import random

from coe_portal.people.demo import DemoOrganisation
from feedback.demo import extras, forum, stories
from feedback.demo.rooms import Cast, categories


def build(organisation: DemoOrganisation) -> None:
    chance = random.Random("feedback")  # noqa: S311 - made-up conversations
    cast = Cast(organisation, chance)
    rooms = categories(organisation)
    threads = forum.build(organisation, cast, rooms)
    extras.build(organisation, cast, threads)
    stories.build(organisation, cast)
