"""The story board, and one story."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Text
from coe_portal.people.models import Department, Membership, User
from feedback.models import NEXT, Authorisation, Story

COLUMN_SIZE = 20
# Moves that need nothing but a click; the others ask for a day, an address or a reason on the story's page.
ONE_CLICK = (Story.State.IDEA, Story.State.SHORTLISTED, Story.State.AUTHORISATION)


VERBS: dict[str, Text] = {
    Story.State.IDEA: _("Back to the ideas"),
    Story.State.SHORTLISTED: _("Shortlist"),
    Story.State.AUTHORISATION: _("Get an authorisation"),
    Story.State.SCHEDULED: _("Schedule"),
    Story.State.PUBLISHED: _("Mark as published"),
    Story.State.DECLINED: _("Decline"),
}


FORWARD: dict[str, str] = {
    Story.State.IDEA: Story.State.SHORTLISTED,
    Story.State.SHORTLISTED: Story.State.SCHEDULED,
    Story.State.AUTHORISATION: Story.State.SCHEDULED,
    Story.State.SCHEDULED: Story.State.PUBLISHED,
    Story.State.PUBLISHED: "",
    Story.State.DECLINED: Story.State.IDEA,
}
AFTER_PATIENT = FORWARD | {Story.State.SHORTLISTED: Story.State.AUTHORISATION}


@dataclass(frozen=True)
class Move:
    """One way on. Some need no more than a click."""

    state: str
    label: Text

    @property
    def is_one_click(self) -> bool:
        return self.state in ONE_CLICK


@dataclass(frozen=True)
class Card:
    story: Story
    is_authorised: bool

    @property
    def needs_authorisation(self) -> bool:
        return self.story.shows_patient and not self.is_authorised

    @property
    def step(self) -> Move | None:
        """The one way forward; ways back and declining are on the story's page."""
        state = AFTER_PATIENT[self.story.state] if self.story.shows_patient else FORWARD[self.story.state]
        if state == Story.State.SCHEDULED and self.needs_authorisation:
            return Move(state, _("Record authorisation"))
        return Move(state, VERBS[state]) if state else None


@dataclass(frozen=True)
class Column:
    state: str
    label: str
    count: int
    cards: list[Card]

    @property
    def hidden(self) -> int:
        return self.count - len(self.cards)


def board(person: User, on: date) -> list[Column]:
    """Two queries: the counts, and the newest twenty of each state."""
    stories = Story.objects.visible_to(person).looked_after_by(person).on_the_board()
    counts = dict(stories.order_by().values_list("state").annotate(count=Count("pk")))
    place = Window(RowNumber(), partition_by="state", order_by=[F("moved_at").desc(), F("pk").desc()])
    newest: Any = stories.annotate(place=place).filter(place__lte=COLUMN_SIZE)
    cards: dict[str, list[Card]] = {state: [] for state in Story.State.values}
    shown = newest.select_related("submitter", "department").annotate(authorised=_authorised(on))
    for story in shown.order_by("place"):
        cards[story.state].append(Card(story, story.authorised))
    return [Column(state, str(label), counts.get(state, 0), cards[state]) for state, label in Story.State.choices]


def _authorised(on: date) -> Any:
    return Exists(Authorisation.objects.valid(on).filter(story=OuterRef("pk")))


def moves_of(story: Story) -> list[Move]:
    back = _("Back to the shortlist")
    beyond = story.state in {Story.State.AUTHORISATION, Story.State.SCHEDULED}
    labels = VERBS | ({Story.State.SHORTLISTED: back} if beyond else {})
    return [Move(state, labels[state]) for state in NEXT[story.state]]


def department_choices() -> Any:
    return Department.objects.order_by("name")


def own_department(person: User, on: date) -> int | None:
    """Where a story of this person most likely comes from."""
    mine = Membership.objects.on(on).filter(person=person).order_by("-starts")
    return mine.values_list("department_id", flat=True).first()
