"""Figures are about accounts, not people: who recorded them is work in a role."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coe_portal.personal import CHOSEN, COMPUTED, Columns, Personal, PersonalRecords, Removal, Retention, Rows, work_of
from metrics.imports.models import Upload

UPLOADS_DAYS = 395


OPEN = (Upload.State.UNKNOWN, Upload.State.CHECKED, Upload.State.FAILED)


def forget_files(rows: Rows) -> int:
    """The bytes and what was shown of them; what was never imported is not imported any more."""
    rows.filter(state__in=OPEN).update(state=Upload.State.DISCARDED)
    return rows.update(content=b"", preview={})


def redact(removal: Removal) -> dict[str, int]:
    """A file that was handed in cannot be changed in part: it goes as a whole, and its import with it."""
    files = Upload.objects.exclude(content=b"")
    named = [each.pk for each in files.iterator(chunk_size=10) if removal.is_in_file(bytes(each.content))]
    forget_files(Upload.objects.filter(pk__in=named))
    return {"metrics.upload": len(named)} if named else {}


personal = Personal(
    redact=redact,
    records=[
        PersonalRecords(
            "metrics.upload", "by", _("Files of figures handed in"), ["name", "format", "state", "uploaded_at"]
        ),
        PersonalRecords(
            "metrics.rating", "person", _("Ratings of where we stand"), ["round__name", "group", "answers", "at"]
        ),
        *work_of("metrics.run", "by"),
        *work_of("metrics.eventnote", "written_by"),
        *work_of("metrics.ask", "asked_by", "decided_by"),
        *work_of("metrics.snapshot", "sealed_by"),
        *work_of("metrics.campaign", "recorded_by"),
        *work_of("metrics.activity", "recorded_by"),
        *work_of("metrics.outcomevalue", "recorded_by"),
        *work_of("metrics.outcomecount", "recorded_by"),
        *work_of("metrics.assumption", "recorded_by"),
        *work_of("metrics.goal", "recorded_by"),
        *work_of("metrics.goaltarget", "recorded_by"),
        *work_of("metrics.round", "opened_by"),
        *work_of("metrics.comparator", "recorded_by"),
    ],
    retentions=[
        Retention(
            key="metrics.uploads",
            label=_("Files of figures as they were handed in"),
            what=_("The raw content; the figures read from it and the note of who handed it in stay"),
            days=UPLOADS_DAYS,
            basis=_("Thirteen months: long enough to read a month again in the year after"),
            model="metrics.upload",
            moment="uploaded_at",
            person="by",
            only=~Q(content=b"") & ~Q(state=Upload.State.WAITING),
            remove=forget_files,
        )
    ],
    texts={
        "metrics.metric": Columns(never={CHOSEN: "key label unit definition formula"}),
        "metrics.nativemetric": Columns(never={CHOSEN: "name"}),
        "metrics.definitionbreak": Columns("reason"),
        "metrics.run": Columns("error evidence_url", never={CHOSEN: "stream"}),
        "metrics.gap": Columns("reason"),
        "metrics.monthlyrollup": Columns(never={COMPUTED: "scope_id"}),
        "metrics.post": Columns("external_id url text extra", never={COMPUTED: "kind figures"}),
        "metrics.adspend": Columns("external_id name", never={COMPUTED: "figures", CHOSEN: "currency"}),
        "metrics.stream": Columns("last_error", never={COMPUTED: "cursor"}),
        "metrics.eventnote": Columns("title text"),
        "metrics.ask": Columns("title reason decision_reason"),
        "metrics.snapshot": Columns(never={COMPUTED: "figures sha256"}),
        "metrics.upload": Columns(
            "name row_errors preview error", never={COMPUTED: "sha256", CHOSEN: "format"}, own="content"
        ),
        "metrics.campaign": Columns("name slug purpose"),
        "metrics.activity": Columns("name"),
        "metrics.outcomevalue": Columns("agreed_by basis"),
        "metrics.outcomecount": Columns("source_note"),
        "metrics.assumption": Columns("value statement reason"),
        "metrics.goal": Columns("title", never={CHOSEN: "metric"}),
        "metrics.goaltarget": Columns("reason"),
        "metrics.round": Columns("name"),
        "metrics.rating": Columns(never={COMPUTED: "answers"}),
        "metrics.comparator": Columns("name note source source_url", never={CHOSEN: "model moving_to"}),
    },
)
