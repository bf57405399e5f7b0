from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from training.queries.mine import CourseCard


class CatalogueForm(forms.Form):
    """Filters by address; what does not exist filters nothing."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All courses")),
            ("open", _("Under way")),
            ("new", _("Not begun")),
            ("proven", _("Completed")),
            ("licence", _("Needed for the licence to post")),
        ],
    )

    def narrow(self, cards: Iterable[CourseCard]) -> list[CourseCard]:
        asked = self.cleaned_data if self.is_valid() else {}
        words = asked.get("q", "").lower().split()
        return [card for card in cards if _has(card, words) and _is(card, asked.get("show", ""))]


def _has(card: CourseCard, words: list[str]) -> bool:
    text = f"{card.title} {card.summary}".lower()
    return all(word in text for word in words)


def _is(card: CourseCard, show: str) -> bool:
    kinds = {
        "open": card.is_open,
        "new": card.state == "new",
        "proven": card.is_proven,
        "licence": card.for_licence,
    }
    return kinds.get(show, True)
