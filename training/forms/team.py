from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import User
from training.queries.team import SHOW_LABELS, courses_overseen, departments_overseen


class TeamForm(forms.Form):
    """Offers the departments of the reader's branch and the courses that its people take."""

    show = forms.ChoiceField(label=_("Show"), required=False, choices=[(str(k), v) for k, v in SHOW_LABELS.items()])
    department_id = forms.ChoiceField(label=_("Department"), required=False)
    course_id = forms.ChoiceField(label=_("Course"), required=False)

    def __init__(self, person: User, on: date, *args: Any) -> None:
        super().__init__(*args)
        departments = departments_overseen(person).values_list("pk", "name")
        courses = [(course.pk, course.title) for course in courses_overseen(person, on)]
        self.fields["department_id"].choices = [("", _("All departments")), *departments]  # type: ignore[attr-defined]
        self.fields["course_id"].choices = [("", _("All courses")), *courses]  # type: ignore[attr-defined]
