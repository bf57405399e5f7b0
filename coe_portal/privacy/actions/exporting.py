"""Ask for one's own data, put them together, fetch them once."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from coe_portal.audit import actions as audit
from coe_portal.core.spreadsheets import csv_text
from coe_portal.notifications.actions import notify
from coe_portal.outbox.actions import enqueue, retry
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import User
from coe_portal.personal import PersonalRecords
from coe_portal.privacy import files, readable
from coe_portal.privacy.models import DataExport
from coe_portal.privacy.own import settings_of
from coe_portal.privacy.queries.catalogue import files_of, records

JOB = "privacy.export"
CAN_BE_FETCHED_FOR = timedelta(hours=24)
State = DataExport.State


class Outdated(Exception):
    """While the data were put together something was removed from them: they must be read again."""


@transaction.atomic
def ask(*, by: User, at: datetime) -> None:
    """One at a time: who asks again while one is put together waits for that one, or sets it going when it stopped."""
    try:
        with transaction.atomic():
            export = DataExport.objects.create(person=by, asked_at=at)
    except IntegrityError:
        for job in QueuedJob.objects.parked().filter(name=JOB, arguments__export_id__in=_waiting(by)):
            retry(job=job)
        return
    audit.record(by=by, verb="data.asked_for", on=export)
    enqueue(JOB, {"export_id": export.pk}, key=f"{JOB}:{export.pk}")


def _waiting(person: User) -> list[int]:
    return list(DataExport.objects.visible_to(person).filter(state=State.WAITING).values_list("pk", flat=True))


def put_together(*, export_id: int) -> None:
    """Safe to run twice: a file that is there already is replaced."""
    export = DataExport.objects.select_related("person").filter(pk=export_id, state=State.WAITING).first()
    if export is None:
        return
    files.drop(export.file)
    file = files.name_for_one()
    # Before it is read: a purge forgets the file, and then what was read meanwhile is put together again.
    DataExport.objects.filter(pk=export_id).update(file=file)
    with translation.override(export.person.language):
        content = _zip(export)
    files.write(file, content)
    now = timezone.now()
    with transaction.atomic():
        made = DataExport.objects.filter(pk=export_id, state=State.WAITING, file=file).update(
            state=State.READY, size=len(content), ready_at=now, expires_at=now + CAN_BE_FETCHED_FOR
        )
        if not made:
            files.drop(file)
            raise Outdated
        with translation.override(export.person.language):
            notify(
                person_ids=[export.person_id],
                kind="privacy_export",
                subject=_("Your data are ready for you to fetch"),
                url=reverse("privacy:my_data"),
                key=f"privacy_export:{export_id}",
            )


def _zip(export: DataExport) -> bytes:
    person, listed = export.person, [each for each in records() if each.columns]
    DataExport.objects.filter(pk=export.pk).update(done=0, parts=len(listed) + 1)
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        profile = settings_of(person)
        archive.writestr("profile.json", _json(profile))
        parts = []
        for number, each in enumerate(listed, start=1):
            part = readable.Part(each.label, slugify(str(each.label)) or each.model, each, list(_rows(each, person)))
            archive.writestr(f"{part.name}.json", _json(part.rows))
            archive.writestr(f"{part.name}.csv", csv_text(part.headings, [_cells(row) for row in part.rows]))
            parts.append(part)
            DataExport.objects.filter(pk=export.pk).update(done=number)
        held = list(files_of(person))
        for file in held:
            archive.writestr(f"files/{file.name}", file.content())
        names = [f"files/{file.name}" for file in held]
        page = readable.page(person=profile, parts=parts, files=names, name=person.name, hidden=_hidden())
        archive.writestr("index.html", page)
        archive.writestr("style.css", render_to_string("privacy/export.css"))
        archive.writestr("README.txt", _read_me(listed))
    DataExport.objects.filter(pk=export.pk).update(done=len(listed) + 1)
    return stream.getvalue()


def _rows(each: PersonalRecords, person: User) -> Iterator[dict[str, Any]]:
    rows = each.rows(person.pk)
    seen = set(each.seen(rows, person).values_list("pk", flat=True)) if each.seen else None
    for row in rows.order_by("pk").values("pk", *each.columns):
        shown = seen is None or row["pk"] in seen
        yield {name: row[name] if shown or name not in each.titles else None for name in each.columns}


def _cells(row: Mapping[str, Any]) -> Sequence[object]:
    return [_json(cell) if isinstance(cell, dict | list) else cell for cell in row.values()]


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _read_me(listed: Sequence[PersonalRecords]) -> str:
    said = [
        _("What the portal keeps about you. Open index.html to read it."),
        _("Each part is there twice more: .json for programs, .csv for a spreadsheet."),
        _("Titles of things that you may no longer read are left out."),
        _("What you wrote anonymously is not here: nobody, the portal included, can tell that it was you."),
        "",
        *(f"- {each.label}" for each in listed),
    ]
    return "\n".join([*said, "", _("Not listed, and why:"), *(f"- {label}: {why}" for label, why in _hidden())])


def _hidden() -> list[tuple[str, str]]:
    return sorted({(str(each.label), str(each.why)) for each in records() if not each.columns})


@transaction.atomic
def fetch(*, by: User, export_id: int, at: datetime) -> bytes | None:
    """Once: the file is gone with it. None when there is nothing to fetch (any more)."""
    found = DataExport.objects.visible_to(by).ready(at).select_for_update().filter(pk=export_id).first()
    content = files.read(found.file) if found else None
    if found is None or content is None:
        return None
    DataExport.objects.filter(pk=found.pk).update(state=State.FETCHED, fetched_at=at, file="")
    audit.record(by=by, verb="data.fetched", on=found)
    transaction.on_commit(lambda: files.drop(found.file))
    return content
