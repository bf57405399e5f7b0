from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coe_portal.design.templatetags.design import written
from training.models import Question
from training.queries.quizzes import Item


class AnswerForm(forms.Form):
    """The choices of one question, or of the step of a scenario where the person stands."""

    choice: forms.TypedChoiceField | forms.TypedMultipleChoiceField

    def __init__(self, item: Item, *args: Any) -> None:
        super().__init__(*args)
        multiple = item.question.kind == Question.Kind.MULTIPLE
        kind = forms.TypedMultipleChoiceField if multiple else forms.TypedChoiceField
        self.fields["choice"] = kind(
            label=_("Choose all that are right") if multiple else _("Choose one"),
            choices=[(choice.pk, written(choice.text)) for choice in item.choices],
            coerce=int,
            widget=forms.CheckboxSelectMultiple if multiple else forms.RadioSelect,
            error_messages={"required": _("Choose an answer before you go on.")},
        )

    @property
    def chosen(self) -> list[int]:
        value = self.cleaned_data["choice"]
        return value if isinstance(value, list) else [value]
