"""A directory file from the moment it is handed in until it is confirmed or thrown away."""

import hashlib
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coe_portal.audit.actions import record
from coe_portal.directory.columns import guess_columns, plain
from coe_portal.directory.models import DirectoryImport, RememberedColumn
from coe_portal.directory.queries import leave_limit
from coe_portal.directory.reading import open_file
from coe_portal.outbox.actions import enqueue
from coe_portal.people.models import User


class NotNow(Exception):
    """Why this cannot be done with the file any more."""


class TooManyLeave(Exception):
    """More would leave than was accepted. The number is in `leavers`."""

    def __init__(self, leavers: int) -> None:
        super().__init__(leavers)
        self.leavers = leavers


@transaction.atomic
def receive(*, by: User, name: str, content: bytes, kind: str, is_whole: bool) -> DirectoryImport:
    """Keep the file as it came and guess what its columns are. Raises Unreadable."""
    opening = open_file(kind, content)
    remembered = dict(RememberedColumn.objects.filter(kind=kind).values_list("name", "field"))
    source = DirectoryImport.objects.create(
        kind=kind,
        name=_file_name(name),
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        header=opening.header,
        sample=opening.sample,
        columns=guess_columns(kind, opening.header, remembered),
        dates=opening.dates,
        is_whole=is_whole and kind == DirectoryImport.Kind.PEOPLE,
        by=by,
    )
    record(by=by, verb="directory.received", on=source, details={"kind": kind, "bytes": source.size})
    return source


def _file_name(name: str) -> str:
    """Only to be shown: without folders, and without what a page or a header could stumble over."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in last if each.isprintable())[-255:] or "file"


@transaction.atomic
def name_columns(*, by: User, source: DirectoryImport, columns: Mapping[str, int], dates: str, is_whole: bool) -> None:
    """What the columns are, remembered for the next file; then it is checked as soon as a worker is free."""
    _move(source, DirectoryImport.State.CHECKING)
    source.columns, source.dates, source.is_whole = dict(columns), dates, is_whole and source.is_of_people
    source.counts, source.rows_done, source.rows_total, source.error = {}, 0, 0, ""
    source.leavers_accepted = None
    source.save()
    field_of = {number: field for field, number in columns.items()}
    RememberedColumn.objects.bulk_create(
        [
            RememberedColumn(kind=source.kind, name=plain(name), field=field_of.get(number, ""))
            for number, name in {plain(name): (number, name) for number, name in enumerate(source.header)}.values()
            if plain(name)
        ],
        update_conflicts=True,
        unique_fields=["kind", "name"],
        update_fields=["field"],
    )
    enqueue("directory.check_import", {"import_id": source.pk})
    record(by=by, verb="directory.columns_named", on=source, details={"columns": sorted(columns)})


@transaction.atomic
def reopen(*, by: User, source: DirectoryImport) -> None:
    """Back to its columns, to name them otherwise or to check the file against today's people."""
    if not source.content:
        raise NotNow(_("The file is no longer kept. Hand it in again."))
    _move(source, DirectoryImport.State.COLUMNS)
    source.save(update_fields=["state"])
    record(by=by, verb="directory.reopened", on=source)


def confirm(*, by: User, source: DirectoryImport, leavers_accepted: int | None = None) -> None:
    """Bring it in as soon as a worker is free. Raises TooManyLeave until the number is named."""
    leavers = source.counts.get("leave", 0)
    if leavers > leave_limit() and leavers_accepted != leavers:
        raise TooManyLeave(leavers)
    try:
        with transaction.atomic():
            _move(source, DirectoryImport.State.APPLYING)
            source.leavers_accepted, source.rows_done, source.error = leavers, 0, ""
            source.save(update_fields=["state", "leavers_accepted", "rows_done", "error"])
            enqueue("directory.apply_import", {"import_id": source.pk})
            record(by=by, verb="directory.confirmed", on=source, details=source.counts)
    except IntegrityError as error:
        raise NotNow(_("Another file is being brought in. Wait until it is done, then confirm this one.")) from error


@transaction.atomic
def discard(*, by: User, source: DirectoryImport) -> None:
    _move(source, DirectoryImport.State.DISCARDED)
    source.content, source.sample = b"", []
    source.save(update_fields=["state", "content", "sample"])
    source.rows.all().delete()
    source.problems.all().delete()
    record(by=by, verb="directory.discarded", on=source)


def _move(source: DirectoryImport, to: str) -> None:
    current = DirectoryImport.objects.select_for_update().values_list("state", flat=True).get(pk=source.pk)
    if to not in DirectoryImport.NEXT[current]:
        state = DirectoryImport.State(current).label
        raise NotNow(_("This file is in another state meanwhile: %(state)s.") % {"state": state})
    source.state = to


def too_many_in_words(leavers: int, accepted: int) -> str:
    """Why an import stopped itself: people changed between its check and its start."""
    return ngettext(
        "%(n)s person would leave now, and %(accepted)s were accepted. Look again and confirm anew.",
        "%(n)s people would leave now, and %(accepted)s were accepted. Look again and confirm anew.",
        leavers,
    ) % {"n": leavers, "accepted": accepted}
