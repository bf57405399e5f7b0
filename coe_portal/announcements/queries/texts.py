"""An announcement in the language of whoever reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from coe_portal.announcements.models import Announcement, Translation


@dataclass(frozen=True)
class Text:
    language: str
    title: str
    lead: str
    html: str

    @property
    def body(self) -> SafeString:
        return mark_safe(self.html)  # noqa: S308 - sanitised when it was saved


def own_text(announcement: Announcement) -> Text:
    return Text(announcement.language, announcement.title, announcement.lead, announcement.html)


def all_texts(announcement: Announcement) -> dict[str, Text]:
    """Per language, its own first; of translations that were read ahead no query."""
    others = sorted(announcement.translations.all(), key=lambda each: each.language)
    return {announcement.language: own_text(announcement)} | {each.language: translated_text(each) for each in others}


def texts_in(language: str, announcements: Iterable[Announcement]) -> Mapping[int, Text]:
    """Per announcement, the text in that language or else its own; one query, and none where all are in it."""
    found = {each.pk: own_text(each) for each in announcements}
    others = [pk for pk, text in found.items() if text.language != language]
    if others:
        translations = Translation.objects.filter(announcement__in=others, language=language)
        found |= {each.announcement_id: translated_text(each) for each in translations}
    return found


def translated_text(translation: Translation) -> Text:
    return Text(translation.language, translation.title, translation.lead, translation.html)
