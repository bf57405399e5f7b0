"""Write an announcement and its translation; change one that is published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from coe_portal.announcements.actions import sending
from coe_portal.announcements.actions.common import WrongState, follow_up, note_edition, texts_of
from coe_portal.announcements.models import Announcement, EarlierReceipt, KeptText, Receipt, State, Translation
from coe_portal.announcements.permissions import can_edit
from coe_portal.audit import actions as audit
from coe_portal.core import markdown, versions
from coe_portal.core.text import first_words
from coe_portal.notifications.models import ChatDestination
from coe_portal.people.models import User

LEAD = 280
LONGEST_KEPT = 50_000


@dataclass(frozen=True)
class Change:
    """What an author says about a change of what is published."""

    note: str = ""
    ask_again: bool = False


@transaction.atomic
def save(
    *,
    by: User,
    announcement: Announcement,
    fields: Mapping[str, Any],
    at: datetime,
    translations: Mapping[str, Mapping[str, str]] | None = None,
    rooms: Iterable[ChatDestination] | None = None,
    change: Change | None = None,
    found: Iterable[str] = (),
) -> Announcement:
    """Create a draft or change an announcement; a published one changes for its readers at once.

    `translations` maps a language to title and text and replaces all; None leaves them. `found` names what the guard
    recognised and the author says is no patient information.
    """
    stored = _as_it_is_now(announcement)
    verb = "announcement.changed" if announcement.pk else "announcement.drafted"
    before = _published_texts(stored)
    for name, value in fields.items():
        setattr(announcement, name, value)
    announcement.html = markdown.render(announcement.text)
    announcement.lead = first_words(announcement.html, LEAD)
    if not announcement.pk:
        announcement.author = by
    announcement.save()
    if translations is not None:
        _translate(announcement, translations)
    if rooms is not None:
        announcement.chat_destinations.set(rooms)
    found = sorted(found)
    audit.record(by=by, verb=verb, on=announcement, details={"no_patient_information": found} if found else {})
    if stored is not None and stored.state == State.PUBLISHED and stored.audience_id != announcement.audience_id:
        sending.tell_new_audience(by=by, announcement=announcement, at=at)
    if before is not None:
        _changed_in_public(announcement, by, at, before, change or Change())
    follow_up(announcement)
    return announcement


def _translate(announcement: Announcement, translations: Mapping[str, Mapping[str, str]]) -> None:
    wanted = {each: text for each, text in translations.items() if each != announcement.language}
    announcement.translations.exclude(language__in=wanted).delete()
    for language, text in wanted.items():
        html = markdown.render(text["text"])
        Translation.objects.update_or_create(
            announcement=announcement,
            language=language,
            defaults={"title": text["title"], "text": text["text"], "html": html, "lead": first_words(html, LEAD)},
        )


def _as_it_is_now(announcement: Announcement) -> Announcement | None:
    """The row, held until the end. What was published or taken back since it was read is not written over."""
    if not announcement.pk:
        return None
    stored = Announcement.objects.select_for_update().get(pk=announcement.pk)
    if stored.state != announcement.state or not can_edit(stored):
        raise WrongState
    return stored


def _published_texts(stored: Announcement | None) -> dict[str, dict[str, str]] | None:
    """What readers could read until now, with its edition written down; None before it was published."""
    if stored is None or stored.state != State.PUBLISHED:
        return None
    if not stored.editions.filter(number=stored.edition).exists():
        note_edition(stored, by=stored.author, at=stored.published_at or stored.changed_at)
    return texts_of(stored)


def _changed_in_public(
    announcement: Announcement, by: User, at: datetime, before: Mapping[str, Any], change: Change
) -> None:
    ask_again = change.ask_again and announcement.must_read
    if texts_of(announcement) == before and not ask_again:
        return
    announcement.edition += 1
    announcement.edited_at = at
    if ask_again:
        announcement.asked_in = announcement.edition
    announcement.save(update_fields=["edition", "edited_at", "asked_in", "changed_at"])
    note_edition(announcement, by=by, at=at, note=change.note, asked_again=ask_again)
    if ask_again:
        _ask_again(announcement, by, at)


def _ask_again(announcement: Announcement, by: User, at: datetime) -> None:
    """Earlier acknowledgements stay written down with the edition they were given for."""
    given = Receipt.objects.acknowledged().filter(announcement=announcement)
    earlier = [
        EarlierReceipt(
            announcement=announcement, person_id=person_id, edition=announcement.edition - 1, acknowledged_at=when
        )
        for person_id, when in given.values_list("person_id", "acknowledged_at")
        if when is not None
    ]
    EarlierReceipt.objects.bulk_create(earlier, batch_size=5_000, ignore_conflicts=True)
    given.update(acknowledged_at=None)
    audit.record(by=by, verb="announcement.asked_again", on=announcement, details={"people": len(earlier)})
    sending.ask_again(by=by, announcement=announcement, at=at)
    versions.bump("announcements")


@transaction.atomic
def keep_text(*, by: User, announcement: Announcement | None, fields: Mapping[str, Any], at: datetime) -> None:
    """What is typed and not saved. NUL bytes, which the database refuses, are left out."""
    typed = {
        name: _kept(value) if isinstance(value, str) else [_kept(str(each)) for each in value]
        for name, value in fields.items()
    }
    KeptText.objects.update_or_create(person=by, announcement=announcement, defaults={"fields": typed, "at": at})


def _kept(text: str) -> str:
    return text.replace("\x00", "")[:LONGEST_KEPT]


def forget_text(*, by: User, announcement: Announcement | None) -> None:
    KeptText.objects.filter(person=by, announcement=announcement).delete()
