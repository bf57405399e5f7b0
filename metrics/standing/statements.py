"""The questionnaire: thirteen statements about how things are done here, each typical of one of the five models.

They are mixed, so that nobody answers for a model. Texts may be improved, keys and models may not: answers of earlier
years refer to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Text


@dataclass(frozen=True)
class Statement:
    key: str
    model: str
    text: Text


STATEMENTS: Sequence[Statement] = (
    Statement("hub-rules", "hub-and-spoke", _("Departments publish themselves, within rules that one team sets.")),
    Statement(
        "no-list", "decentralised", _("Nobody could give me a complete list of our social media channels today.")
    ),
    Statement(
        "division-hub", "dandelion", _("Our larger divisions have their own people who lead social media there.")
    ),
    Statement("one-publisher", "centralised", _("One team publishes nearly everything that appears under our name.")),
    Statement("everybody", "honeycomb", _("Any employee who wants to speak for us online is trained and trusted to.")),
    Statement("own-start", "decentralised", _("A department here can open a channel without asking anybody.")),
    Statement("hub-trains", "hub-and-spoke", _("One team trains those who publish and answers their questions.")),
    Statement(
        "division-owner", "dandelion", _("In every division at least two trained people can step in for each other.")
    ),
    Statement("requests", "centralised", _("To get something published, departments send a request and wait.")),
    Statement("own-rules", "decentralised", _("Which rules apply to a post depends on which department you ask.")),
    Statement(
        "daily-work", "honeycomb", _("Listening and answering online is a normal part of work in most departments.")
    ),
    Statement("hub-figures", "hub-and-spoke", _("The figures of all our channels come together in one place.")),
    Statement(
        "division-plan", "dandelion", _("Divisions plan for themselves and agree with the others on what is shared.")
    ),
)
BY_KEY: Mapping[str, Statement] = {statement.key: statement for statement in STATEMENTS}

# How far a statement holds; "cannot judge" is no answer, and never counts as a low one.
SCALE: Sequence[tuple[int, Text]] = (
    (0, _("Not at all")),
    (1, _("Rather not")),
    (2, _("Partly")),
    (3, _("Largely")),
    (4, _("Fully")),
)
CANNOT_JUDGE = ""
