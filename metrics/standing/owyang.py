"""The five ways to organise that Jeremiah Owyang described, in our own words, and how common they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Text


@dataclass(frozen=True)
class Model:
    """`drawing` is the template of its picture; `next_step` says what one would have to build to get there."""

    key: str
    name: Text
    other_name: Text
    summary: Text
    strengths: Sequence[Text]
    price: Sequence[Text]
    next_step: Text

    @property
    def drawing(self) -> str:
        return f"metrics/standing/drawings/{self.key}.svg"


MODELS: Sequence[Model] = (
    Model(
        key="decentralised",
        name=_("Decentralised"),
        other_name=_("also: organic"),
        summary=_(
            "Departments start channels when they feel the need. Nobody keeps a list, nobody sets the rules, "
            "and what is learnt in one building does not reach the next."
        ),
        strengths=[
            _("Sounds like people, because it is people: close to patients and to the work."),
            _("Quick to start, and costs nothing that anybody counts."),
        ],
        price=[
            _("One department does not know that another answered the same family differently."),
            _("Channels are left behind when their owner leaves, passwords included."),
            _("A privacy breach is found by the newspaper, not by us."),
        ],
        next_step=_("Make a list of all channels and find an owner for each."),
    ),
    Model(
        key="centralised",
        name=_("Centralised"),
        other_name=_("one team does it all"),
        summary=_(
            "One team, usually communications, holds every channel and publishes everything. "
            "The rest of the organisation sends requests."
        ),
        strengths=[
            _("One voice, one set of rules, and somebody who is always responsible."),
            _("The easiest form to keep within privacy law."),
        ],
        price=[
            _("The team becomes the queue: the more the organisation asks, the longer it waits."),
            _("Far from the bedside, so the best stories are heard late or never."),
        ],
        next_step=_("Train and license people in departments, and let them publish within rules."),
    ),
    Model(
        key="hub-and-spoke",
        name=_("Hub and spoke"),
        other_name=_("also: coordinated"),
        summary=_(
            "A small center of excellence sets the policy, trains, answers and measures. "
            "Departments publish for themselves, within those rules."
        ),
        strengths=[
            _("Local voices with common rules, training and figures."),
            _("What one department learns, the hub can give to all."),
        ],
        price=[
            _("Needs a hub that is staffed to answer, and departments that give people time."),
            _("With every new spoke the hub has more to coordinate, until it is the queue again."),
        ],
        next_step=_("Appoint coordinators with a hub of their own in the largest divisions."),
    ),
    Model(
        key="dandelion",
        name=_("Multiple hub and spoke"),
        other_name=_("also: dandelion"),
        summary=_(
            "Large divisions, such as hospitals, have hubs of their own with spokes around them. "
            "The center of excellence connects the hubs and keeps what must be common."
        ),
        strengths=[
            _("Grows with a large organisation: no single team has to know every channel."),
            _("Each hospital keeps its own community, and still shares policy and training."),
        ],
        price=[
            _("Several licensed owners are needed in every division, and they leave."),
            _("Without good records nobody can say whether the hubs still follow the same rules."),
        ],
        next_step=_("Make training and licence a part of every job, not of a role."),
    ),
    Model(
        key="honeycomb",
        name=_("Holistic"),
        other_name=_("also: honeycomb"),
        summary=_(
            "Everybody who wants to speaks for the organisation, trained and supported, as a normal part of the job. "
            "The center looks after the rules and the tools."
        ),
        strengths=[
            _("Thousands of trusted voices instead of a few channels."),
            _("People answer where they are, with what they know."),
        ],
        price=[
            _("Asks for a culture of trust, and for training that reaches everybody, every year."),
            _("In health care one careless post by one of thousands is still a breach."),
        ],
        next_step=_("Keep it: measure, refresh the training, and listen."),
    ),
)
BY_KEY: Mapping[str, Model] = {model.key: model for model in MODELS}


@dataclass(frozen=True)
class Spread:
    """How many companies were organised in each way; per cent, in the order of MODELS."""

    year: int
    shares: Sequence[Decimal]
    note: Text


SURVEYED = _("companies with more than 1,000 employees")
SOURCE = _("Altimeter Group, reported by Jeremiah Owyang, 8 May 2013")
SOURCE_URL = (
    "https://web-strategist.com/blog/2013/05/08/altimeter-research-social-business-spreads-across-the-enterprise/"
)
NUMBER_ASKED = _("The report we cite does not state how many companies answered.")
HISTORY: Sequence[Spread] = (
    Spread(2010, tuple(map(Decimal, ("10.8", "28.8", "41", "18", "1.4"))), ""),
    Spread(
        2012,
        tuple(map(Decimal, ("9.4", "29.1", "35.4", "23.6", "2.5"))),
        _("The share of the holistic model in 2012 is what remains of 100 % after the other four."),
    ),
)
