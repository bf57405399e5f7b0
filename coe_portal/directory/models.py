"""Files of the organisation's directory, from the moment they are handed in, and what the identity provider adds."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import Department, User


class DirectoryImport(models.Model):
    """A file of people or of departments: handed in, its columns named, checked, confirmed, brought in."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("People")
        DEPARTMENTS = "departments", _("Departments")

    class State(models.TextChoices):
        COLUMNS = "columns", _("Columns to name")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("To confirm")
        APPLYING = "applying", _("Being brought in")
        DONE = "done", _("Brought in")
        FAILED = "failed", _("Failed")
        DISCARDED = "discarded", _("Discarded")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.COLUMNS: {State.CHECKING, State.DISCARDED},
        State.CHECKING: {State.CHECKED, State.FAILED},
        State.CHECKED: {State.COLUMNS, State.APPLYING, State.DISCARDED},
        State.APPLYING: {State.DONE, State.CHECKED, State.FAILED},
        State.FAILED: {State.COLUMNS, State.DISCARDED},
        State.DONE: set(),
        State.DISCARDED: set(),
    }

    class Dates(models.TextChoices):
        ISO = "iso", _("2026-03-31")
        MONTH_FIRST = "month", _("03/31/2026, the month first")
        DAY_FIRST = "day", _("31/03/2026, the day first")

    kind = models.CharField(_("what it holds"), max_length=12, choices=Kind.choices, default=Kind.PEOPLE)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.COLUMNS)
    name = models.CharField(_("file name"), max_length=255)
    # The bytes as they came, in the database and not in the web's reach; emptied when their retention period is over.
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    header = models.JSONField(_("columns of the file"), default=list)
    sample = models.JSONField(_("first rows"), default=list)
    # Which column (from 0) holds which field.
    columns = models.JSONField(_("what the columns are"), default=dict)
    dates = models.CharField(_("how dates are written"), max_length=5, choices=Dates.choices, default=Dates.ISO)
    is_whole = models.BooleanField(_("holds everybody"), default=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("handed in"), auto_now_add=True)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    counts = models.JSONField(_("what it changes"), default=dict)
    leavers_accepted = models.PositiveIntegerField(_("leavers accepted"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("directory import")
        verbose_name_plural = _("directory imports")
        indexes = [models.Index(fields=["-uploaded_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["columns", "checking", "checked", "applying", "done", "failed", "discarded"]),
                name="directory_import_state_known",
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="applying"),
                name="directory_import_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:import", args=[self.pk])

    @property
    def is_of_people(self) -> bool:
        return self.kind == self.Kind.PEOPLE

    @property
    def changes_nothing(self) -> bool:
        changes = ("join", "back", "move", "change", "leave", "departments_new", "departments_changed")
        return not any(self.counts.get(key) for key in changes)

    @property
    def is_working(self) -> bool:
        return self.state in {self.State.CHECKING, self.State.APPLYING}


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def of_group(self, group: str) -> Self:
        """The rows behind one of the counts."""
        if group == "move":
            return self.filter(moves=True)
        if group == "change":
            return self.filter(outcome="stay").exclude(changed=[])
        return self.filter(outcome=group)


class ImportRow(models.Model):
    """A row of a file that could be read, or somebody whom the file does not name. `outcome` says what it means."""

    class Outcome(models.TextChoices):
        JOIN = "join", _("Joins")
        BACK = "back", _("Comes back")
        STAY = "stay", _("Stays")
        LEAVE = "leave", _("Leaves")
        KEPT = "kept", _("Is kept")
        ERROR = "error", _("Is left out")

    source = models.ForeignKey(DirectoryImport, models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField(null=True)
    employee_number = models.CharField(max_length=50, blank=True, default="", db_default="")
    email = models.CharField(max_length=254, blank=True, default="", db_default="")
    name = models.CharField(max_length=200, blank=True, default="", db_default="")
    job_title = models.CharField(max_length=200, blank=True, default="", db_default="")
    kind = models.CharField(max_length=20, blank=True, default="", db_default="")
    location = models.CharField(max_length=200, blank=True, default="", db_default="")
    hired_on = models.DateField(null=True)
    department_code = models.CharField(max_length=50, blank=True, default="", db_default="")
    manager_key = models.CharField(max_length=254, blank=True, default="", db_default="")
    outcome = models.CharField(max_length=5, choices=Outcome.choices, default="", db_default="")
    moves = models.BooleanField(default=False, db_default=False)
    changed = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    person = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    department = models.ForeignKey(Department, models.CASCADE, null=True, related_name="+")
    is_applied = models.BooleanField(default=False, db_default=False)

    objects: ClassVar[Any] = ImportRowQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["source", "outcome", "name", "id"]),
            models.Index(fields=["source", "is_applied", "id"]),
            models.Index(fields=["source", "employee_number"]),
            models.Index(fields=["source", "email"]),
            models.Index(fields=["source", "person"]),
        ]

    def __str__(self) -> str:
        return f"line {self.line}: {self.outcome}"


class ImportDepartment(models.Model):
    """A department as a file describes it, below `parent_code` where that is told."""

    source = models.ForeignKey(DirectoryImport, models.CASCADE, related_name="departments", db_index=False)
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=50)
    name = models.CharField(max_length=200, blank=True)
    # NULL where the file does not tell; empty where it says that nothing is above.
    parent_code = models.CharField(max_length=50, null=True)  # noqa: DJ001
    location = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=6, blank=True)
    changed = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="import_department_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.outcome}"


class ImportProblem(models.Model):
    """What is wrong with one cell, in words for the administrator. `is_left_out`: the whole row is."""

    source = models.ForeignKey(DirectoryImport, models.CASCADE, related_name="problems", db_index=False)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=500)
    is_left_out = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["source", "line", "id"])]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class RememberedColumn(models.Model):
    """What a column of this name was the last time, as an administrator confirmed it; an empty field is none."""

    kind = models.CharField(max_length=12, choices=DirectoryImport.Kind.choices)
    name = models.CharField(max_length=200)
    field = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="remembered_column_once")]

    def __str__(self) -> str:
        return f"{self.name}: {self.field}"


class ProvidedPerson(models.Model):
    """What the identity provider says of a person that the portal itself does not use but must give back."""

    person = models.OneToOneField(User, models.CASCADE, related_name="provided")
    user_name = models.CharField(max_length=255)
    attributes = models.JSONField(default=dict)
    # What the portal held when `attributes` came: where it holds something else by now, that is given back instead.
    known = models.JSONField(default=dict)
    # For the identity provider this person does not exist any more; their account is closed and their records stay.
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("user_name"), condition=Q(deleted_at__isnull=True), name="provided_user_name_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"
