"""The categories of the demo, and who writes in them."""

import random
from collections import defaultdict
from collections.abc import Mapping

from coe_portal.people.demo import DemoOrganisation
from coe_portal.people.models import Audience, AudienceMember, User
from feedback.models import Category

# Address | name | description | audience | who may start.
ROOMS = """
start-here | Start here | How this place works, and who is here. | everyone | strategists
everyday-posting | Everyday posting | Words, times, networks and everything else about posts. | everyone | everyone
patient-privacy | Patients and privacy | What may be told, and what never. | everyone | everyone
personal-accounts | Your own accounts | Being yourself in public, and working here. | everyone | everyone
photos-and-video | Photos and video | Pictures, sound, permissions and tripods. | everyone | everyone
official-accounts | Official accounts | For everybody who looks after a page of ours. | everyone | everyone
reviews-and-comments | Reviews and comments | What people write to us, and how we answer. | everyone | everyone
accessible-posts | Accessible posts | So that everybody can read, hear and see them. | everyone | everyone
reach-and-results | Reach and results | Figures, and what they are good for. | everyone | everyone
when-things-go-wrong | When things go wrong | Storms, rumors and bad days. | everyone | everyone
ideas-and-campaigns | Ideas and campaigns | What we could do next. | everyone | everyone
clinicians-online | Clinicians online | Nurses, physicians and allied health among themselves. | clinicians | everyone
coordinators-table | Coordinators' table | For those who look after a department. | coordinators | everyone
content-desk | Content desk | Planning between the people of Communications and Marketing. | communications | everyone
"""
STRATEGISTS = ("strategist", "approver")


class Cast:
    """Picks an author whom the category's audience holds, so that nobody writes where they cannot read."""

    def __init__(self, organisation: DemoOrganisation, chance: random.Random) -> None:
        self.chance = chance
        self.center = [organisation.sign_ins[key] for key in STRATEGISTS]
        self.rosa = organisation.sign_ins["employee"]
        self.privacy = organisation.sign_ins["privacy"]
        self.sign_in_ids = {person.pk for person in organisation.sign_ins.values()}
        self.people = {person.pk: person for person in organisation.people}
        self.members = self._members(organisation)

    def _members(self, organisation: DemoOrganisation) -> Mapping[int, list[User]]:
        audiences = (
            organisation.everyone,
            organisation.clinicians,
            organisation.coordinators,
            organisation.communications,
        )
        rows = AudienceMember.objects.filter(audience__in=audiences).order_by("audience_id", "person_id")
        found: dict[int, list[User]] = defaultdict(list)
        for audience_id, person_id in rows.values_list("audience_id", "person_id"):
            found[audience_id].append(self.people[person_id])
        return found

    def of(self, who: str, category: Category) -> User:
        if who == "center":
            return self.chance.choice(self.center)
        if who == "privacy":
            return self.privacy
        members = [person for person in self.members[category.audience_id] if person.pk not in self.sign_in_ids]
        fitting = [person for person in members if person.kind == who]
        return self.chance.choice(fitting or members)

    def some(self, category: Category, most: int) -> list[User]:
        members = self.members[category.audience_id]
        return self.chance.sample(members, min(self.chance.randint(0, most), len(members)))


def audiences_of(organisation: DemoOrganisation) -> dict[str, Audience]:
    return {
        "everyone": organisation.everyone,
        "clinicians": organisation.clinicians,
        "coordinators": organisation.coordinators,
        "communications": organisation.communications,
    }


def categories(organisation: DemoOrganisation) -> dict[str, Category]:
    audiences = audiences_of(organisation)
    rows = [
        Category(
            slug=slug, name=name, description=words, audience=audiences[whose], starters=starters, position=10 * place
        )
        for place, (slug, name, words, whose, starters) in enumerate(_rooms(), start=1)
    ]
    return {category.slug: category for category in Category.objects.bulk_create(rows)}


def _rooms() -> list[list[str]]:
    return [line.split(" | ") for line in ROOMS.strip().splitlines()]
