import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from coe_portal.search.models import Synonym
from coe_portal.search.wording import LONGEST_TERM, words_of

TERMS_AT_MOST = 20


class TermsField(forms.CharField):
    """Words or short terms, separated by commas or lines; kept as the search reads them."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        terms = [" ".join(words_of(each)) for each in re.split(r"[,;\n]", super().to_python(value) or "")]
        return list(dict.fromkeys(each for each in terms if each))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > TERMS_AT_MOST:
            raise forms.ValidationError(_("These are too many: write at most 20, and make a second group of the rest."))
        for term in value:
            if len(term.split()) > LONGEST_TERM or len(term) > 60:
                raise forms.ValidationError(
                    _("“%(term)s” is too long: a term has at most five words. Separate terms with commas."),
                    params={"term": term},
                )


class SynonymForm(forms.ModelForm):  # type: ignore[type-arg]
    words = TermsField(
        label=_("Words that mean the same"),
        help_text=_("Separated by commas, for example: photo, picture, image. Who types one finds them all."),
    )
    also = TermsField(
        label=_("Also finds"),
        required=False,
        help_text=_(
            "Only if it goes one way. “PHI” also finds “patient information”; "
            "who types “patient information” does not get every “PHI”."
        ),
    )
    language = forms.ChoiceField(
        label=_("For readers of"), required=False, choices=[("", _("Every language")), *settings.LANGUAGES]
    )

    class Meta:
        model = Synonym
        fields = ("words", "also", "language")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        words, also = data.get("words"), data.get("also")
        if words and len(words) < 2 and not also:
            self.add_error("words", _("Write at least two words, or one word and what it also finds."))
        if words and also and set(words) & set(also):
            self.add_error("also", _("A word cannot also find itself: write it in one of the two fields."))
        return data
