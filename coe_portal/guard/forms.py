"""Forms that carry a text of a person."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coe_portal.guard.engine import find
from coe_portal.guard.suspicion import Suspicion, suspicion


def no_patient(text: str) -> None:
    """For what can never be changed afterwards: a reason that goes into the trail."""
    if find(text):
        raise ValidationError(
            _("This may identify a patient, and it would stay in the audit trail for ever. Say it without.")
        )


class Guarded(forms.BaseForm):
    """Mixed into a form: what is in the `guarded` fields is looked through before the form is valid.

    `confirmed` is the digest of a suspicious text whose author says that it is no patient information. It comes with
    the button that says so, never by itself.
    """

    guarded: ClassVar[tuple[str, ...]] = ()
    suspicion: Suspicion | None = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            self._look(cleaned)
        return cleaned

    def _look(self, cleaned: dict[str, Any]) -> None:
        texts = {name: (self.fields[name].label or name, cleaned[name]) for name in self.guarded if cleaned.get(name)}
        self.suspicion = suspicion(texts)
        if self.suspicion and not self.is_confirmed:
            raise forms.ValidationError(
                _("This may identify a patient. Change the marked words, or say that it is no patient information.")
            )

    @property
    def is_confirmed(self) -> bool:
        return self.suspicion is not None and self.data.get("confirmed") == self.suspicion.digest

    @property
    def found(self) -> list[str]:
        return self.suspicion.kinds if self.suspicion else []
