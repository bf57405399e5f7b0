"""The filters above a list, each an address that can be shared."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Text
from feedback.queries.lists import Filter

SHOWN: tuple[tuple[Text, Filter], ...] = (
    (_("Everything"), Filter()),
    (_("Questions"), Filter(kind="question")),
    (_("Discussions"), Filter(kind="discussion")),
    (_("Open questions"), Filter(state="unanswered")),
    (_("Answered"), Filter(state="answered")),
    (_("Started by me"), Filter(state="mine")),
    (_("Followed"), Filter(state="following")),
)
WAITING: tuple[tuple[Text, str], ...] = (
    (_("Without a reply"), "silent"),
    (_("Replied, not answered"), "open"),
    (_("Answers to check again"), "stale"),
)


@dataclass(frozen=True)
class Tab:
    label: Text
    url: str
    current: bool


def of_list(path: str, chosen: Filter) -> list[Tab]:
    return [Tab(label, path + each.query, each == chosen) for label, each in SHOWN]


def of_waiting(show: str) -> list[Tab]:
    return [Tab(label, f"?show={word}", word == show) for label, word in WAITING]
