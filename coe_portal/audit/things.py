"""Which numbers in the details of an entry are those of things, and of what kind the things are."""

from collections.abc import Iterator, Mapping
from typing import Any

DEPARTMENT, PERSON, COURSE = "people.department", "people.user", "training.course"

# Under these keys whatever the entry is about.
ANYWHERE: Mapping[str, str] = {
    "announcement": "announcements.announcement",
    "audience": "people.audience",
    "branch": DEPARTMENT,
    "canonical": "feedback.topic",
    "channel": "channels.channel",
    "course": COURSE,
    "department": DEPARTMENT,
    "parent": DEPARTMENT,
    "person": PERSON,
    "second": PERSON,
    "story": "feedback.story",
}
# Under a key that means something else in other entries.
OF_ENTRIES_ON: Mapping[str, Mapping[str, str]] = {
    PERSON: {"first": PERSON, "from": PERSON, "to": PERSON},
    "feedback.topic": {"before": "feedback.category", "after": "feedback.category"},
    "training.programme": {"removed": COURSE},
}


def thing_in(entry_kind: str, key: str, value: Any) -> str:
    """The kind of thing whose number, or numbers, this value is; empty where it is another figure or a text."""
    numbers = value if isinstance(value, list) else [value]
    if not numbers or not all(isinstance(each, int) and not isinstance(each, bool) for each in numbers):
        return ""
    return OF_ENTRIES_ON.get(entry_kind, {}).get(key) or ANYWHERE.get(key, "")


def things_in(entry_kind: str, details: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Kind and number of all that the details name."""
    for key, value in details.items():
        if kind := thing_in(entry_kind, key, value):
            for number in value if isinstance(value, list) else [value]:
                yield kind, number
