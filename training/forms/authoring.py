"""What authors fill in. Saving is done by actions; these forms only check."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from coe_portal.people.forms import AudienceField
from training.models import Course, CourseVersion, Lesson, Module, Programme, Question, Step
from training.models.content import clause_validator

MAX_VIDEO_BYTES = 200 * 1024 * 1024
# The first bytes of WebM, and where MP4 says what it is.
WEBM_START, MP4_MARK = b"\x1a\x45\xdf\xa3", b"ftyp"


class CourseForm(forms.ModelForm[Course]):
    audience = AudienceField()

    class Meta:
        model = Course
        fields = ["audience", "required_for_licence"]


class NewCourseForm(CourseForm):
    class Meta(CourseForm.Meta):
        fields = ["slug", *CourseForm.Meta.fields]


class DetailsForm(forms.ModelForm[CourseVersion]):
    class Meta:
        model = CourseVersion
        fields = [
            "title",
            "summary",
            "outcomes",
            "in_order",
            "pass_mark",
            "attempts_allowed",
            "cool_down_hours",
            "valid_months",
        ]


class ModuleForm(forms.ModelForm[Module]):
    class Meta:
        model = Module
        fields = ["title"]


class LessonForm(forms.ModelForm[Lesson]):
    class Meta:
        model = Lesson
        fields = ["module", "title", "kind", "minutes", "text", "video", "captions", "transcript"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "text": forms.Textarea(attrs={"rows": 18}),
            "captions": forms.Textarea(attrs={"rows": 6}),
            "transcript": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, version: CourseVersion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["module"].queryset = version.modules.all()  # type: ignore[attr-defined]
        self.fields["module"].empty_label = None  # type: ignore[attr-defined]
        self.fields["module"].label = _("Module")

    def clean_video(self) -> Any:
        file = self.cleaned_data["video"]
        if isinstance(file, UploadedFile):
            if (file.size or 0) > MAX_VIDEO_BYTES:
                raise forms.ValidationError(_("The film is larger than 200 MB."))
            start = file.read(12)
            file.seek(0)
            if not (start.startswith(WEBM_START) or start[4:8] == MP4_MARK):
                raise forms.ValidationError(_("This is neither an MP4 nor a WebM film."))
        return file

    def clean_captions(self) -> str:
        text: str = self.cleaned_data["captions"].strip()
        if text and not text.startswith("WEBVTT"):
            raise forms.ValidationError(_("Captions begin with the line WEBVTT."))
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == Lesson.Kind.VIDEO:
            for name in ("video", "captions", "transcript"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("A film is only complete with file, captions and transcript."))
        return data


class QuestionForm(forms.ModelForm[Question]):
    class Meta:
        model = Question
        fields = ["text", "explanation", "clause_url", "clause_label", "lesson_slug"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "explanation": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lessons = self.instance.version.lessons.order_by("module__position", "position")
        choices = [("", _("none")), *lessons.values_list("slug", "title")]
        field = self.fields["lesson_slug"]
        self.fields["lesson_slug"] = forms.ChoiceField(label=field.label, choices=choices, required=False)


class StepForm(forms.ModelForm[Step]):
    class Meta:
        model = Step
        fields = ["text"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"text": forms.Textarea(attrs={"rows": 4})}


class ChoiceForm(forms.Form):
    """A row without a text is left out."""

    text = forms.CharField(label=_("Answer"), max_length=400, required=False)
    is_right = forms.BooleanField(label=_("This is right"), required=False)
    feedback = forms.CharField(label=_("What to say to those who choose it"), max_length=500, required=False)


class MoveForm(ChoiceForm):
    """A choice at a step of a scenario."""

    clause_url = forms.CharField(
        label=_("Address of the clause"), max_length=200, required=False, validators=[clause_validator]
    )
    clause_label = forms.CharField(label=_("Name of the clause"), max_length=200, required=False)
    leads_to = forms.ModelChoiceField(
        label=_("Leads to"), queryset=Step.objects.none(), required=False, empty_label=_("choose a step")
    )

    def __init__(self, *args: Any, steps: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leads_to"].queryset = steps  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("text") and not data.get("leads_to"):
            self.add_error("leads_to", _("Say to which step it leads."))
        return data


class Rows(forms.BaseFormSet[forms.Form]):
    def filled(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("text")]


class Choices(Rows):
    kind = Question.Kind.SINGLE

    def clean(self) -> None:
        if any(self.errors):
            return
        rows = self.filled()
        right = sum(row["is_right"] for row in rows)
        if len(rows) < 2:
            raise forms.ValidationError(_("Write at least two answers."))
        if right == 0:
            raise forms.ValidationError(_("Mark the answer that is right."))
        if right > 1 and self.kind != Question.Kind.MULTIPLE:
            raise forms.ValidationError(_("Only one answer may be right."))


def choice_rows(question: Question, data: Any = None) -> Choices:
    """Six rows at most, those there are and empty ones; two for true or false."""
    count = 2 if question.kind == Question.Kind.TRUE_FALSE else 6
    known: list[Any] = list(question.choices.values("text", "is_right", "feedback")) if question.pk else []
    if not known and question.kind == Question.Kind.TRUE_FALSE:
        known = [{"text": _("True")}, {"text": _("False")}]
    rows = forms.formset_factory(ChoiceForm, formset=Choices, extra=max(count - len(known), 0), max_num=10)
    formset: Choices = rows(data, initial=known, prefix="choices")  # type: ignore[assignment]
    formset.kind = Question.Kind(question.kind)
    return formset


def move_rows(step: Step, data: Any = None) -> Rows:
    fields = ("text", "is_right", "feedback", "clause_url", "clause_label", "leads_to")
    known = list(step.choices.values(*fields)) if step.pk else []
    rows = forms.formset_factory(MoveForm, formset=Rows, extra=max(4 - len(known), 0), max_num=8)
    steps = step.question.steps.exclude(pk=step.pk)
    return rows(data, initial=known, prefix="choices", form_kwargs={"steps": steps})  # type: ignore[return-value]


class PublishForm(forms.Form):
    change_note = forms.CharField(
        label=_("What is new in this version?"), max_length=300, help_text=_("One sentence, for those who know it.")
    )


class AssignForm(forms.Form):
    audience = AudienceField(label=_("Who"))
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("Everybody who is enrolled reads this beside the course.")
    )
    due_on = forms.DateField(label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    for_joiners = forms.BooleanField(
        label=_("Also for everybody who joins the audience later"), required=False, initial=True
    )
    joiner_days = forms.IntegerField(
        label=_("Days they have then"), min_value=1, max_value=365, required=False, initial=30,
        help_text=_("Counted from the day they join, if the date above is earlier."),
    )  # fmt: skip

    def clean_joiner_days(self) -> int:
        return self.cleaned_data["joiner_days"] or 30


class ProgrammeForm(forms.ModelForm[Programme]):
    audience = AudienceField()

    class Meta:
        model = Programme
        fields = ["title", "slug", "summary", "for_whom", "audience", "position"]


class AddCourseForm(forms.Form):
    course = forms.ModelChoiceField(label=_("Add a course"), queryset=Course.objects.none())

    def __init__(self, programme: Programme, *args: Any) -> None:
        super().__init__(*args)
        courses = Course.objects.published().exclude(places__programme=programme)
        field = self.fields["course"]
        field.queryset = courses  # type: ignore[attr-defined]
        field.label_from_instance = lambda course: course.title  # type: ignore[attr-defined]


def all_valid(parts: Sequence[Any]) -> bool:
    """Every form and row is asked, so that all errors show at once."""
    verdicts = [part.is_valid() for part in parts]
    return all(verdicts)
