"""A file from the moment it is handed in until its figures are in."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from coe_portal.audit.actions import record
from coe_portal.channels.models import Channel
from coe_portal.core.sheets import Unreadable
from coe_portal.notifications.actions import notify
from coe_portal.outbox.actions import enqueue
from coe_portal.people.models import User
from metrics.collection.actions import record_posts, record_samples
from metrics.collection.models import AdSpend, Post, Run, Source
from metrics.collection.observations import Observation, Recorded
from metrics.imports.formats import recognise
from metrics.imports.models import Upload
from metrics.imports.parsing import Context, Parsed, SpendSeen
from metrics.imports.reading import read_tables

Item = TypeVar("Item")

CHUNK = 2_000


class NotNow(Exception):
    """Why this cannot be done with the upload any more."""


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do."""

    figures: Recorded
    posts: Recorded
    spends: Recorded


@transaction.atomic
def receive(*, by: User, name: str, content: bytes, exported_on: date) -> Upload:
    """Keep the file as it came and say what it is; one that is not recognised is kept too, with the reason."""
    upload = Upload.objects.create(
        name=name[-255:],
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        exported_on=exported_on,
        by=by,
    )
    try:
        found = {each.key: each for table in read_tables(content) if (each := recognise(table))}
    except Unreadable as unreadable:
        upload.state, upload.error = Upload.State.UNKNOWN, str(unreadable)
    else:
        upload.format = next(iter(found), "")
        if not found:
            upload.state, upload.error = Upload.State.UNKNOWN, _("No export that we know has these columns.")
    upload.save()
    record(by=by, verb="upload", on=upload, details={"format": upload.format, "bytes": upload.size})
    return upload


@transaction.atomic
def check(*, by: User, upload: Upload, channel: Channel, exported_on: date) -> None:
    """The dry run: the import itself, undone again, so that what it says is what will happen."""
    if upload.state not in {Upload.State.CHECKED, Upload.State.FAILED}:
        raise NotNow(_("This file is not waiting to be checked."))
    upload.channel, upload.exported_on, upload.state, upload.error = channel, exported_on, Upload.State.CHECKED, ""
    parsed = parse(upload)
    with transaction.atomic():
        point = transaction.savepoint()
        run = Run.objects.create(kind=Run.Kind.IMPORT, channel=channel, by=by, started_at=upload.uploaded_at)
        imported = _import(parsed, run, _context(upload))
        transaction.savepoint_rollback(point)
    upload.rows_total = parsed.rows
    upload.row_errors = parsed.errors
    upload.preview = _preview(parsed, imported)
    upload.save()


def parse(upload: Upload) -> Parsed:
    """Every table of the file that is known, read for the upload's channel, as one."""
    whole = Parsed()
    context = _context(upload)
    for table in read_tables(bytes(upload.content)):
        form = recognise(table)
        if form is None:
            continue
        part = form.parse(table, context)
        whole.rows += part.rows
        whole.observations += part.observations
        whole.posts += part.posts
        whole.spends += part.spends
        whole.errors += part.errors
        whole.errors_left_out += part.errors_left_out
        whole.extra_columns += part.extra_columns
        whole.sum_posts = [*whole.sum_posts, *part.sum_posts]
    return whole


def _context(upload: Upload) -> Context:
    """Exports carry a day but no time. Of two with the same day the one handed in later is the newer."""
    assert upload.channel  # noqa: S101 - the constraint of every state that is parsed
    midnight = datetime.combine(upload.exported_on, datetime.min.time(), UTC)
    return Context(upload.channel, midnight + timedelta(microseconds=upload.pk))


def _preview(parsed: Parsed, imported: Imported) -> dict[str, object]:
    days = parsed.days
    return {
        "first_day": days[0].isoformat() if days else "",
        "last_day": days[1].isoformat() if days else "",
        "figures": vars(imported.figures),
        "posts": vars(imported.posts),
        "spends": vars(imported.spends),
        "extra_columns": parsed.extra_columns,
        "errors": len(parsed.errors) + parsed.errors_left_out,
    }


def earlier_import(upload: Upload) -> Upload | None:
    """The same bytes, imported for the same channel before."""
    same = Upload.objects.filter(sha256=upload.sha256, channel=upload.channel).exclude(pk=upload.pk)
    return same.filter(state__in=[Upload.State.WAITING, Upload.State.DONE]).first()


def confirm(*, by: User, upload: Upload) -> None:
    """Import it as soon as a worker is free. The same file for the same channel is imported once."""
    try:
        with transaction.atomic():
            _move(upload, Upload.State.WAITING)
            upload.rows_done, upload.error = 0, ""
            upload.save(update_fields=["state", "rows_done", "error"])
            enqueue("metrics.import_upload", {"upload_id": upload.pk})
            record(by=by, verb="import", on=upload, details={"channel": upload.channel_id})
    except IntegrityError as error:
        raise NotNow(_("This very file has been imported for this channel already.")) from error


@transaction.atomic
def discard(*, by: User, upload: Upload) -> None:
    _move(upload, Upload.State.DISCARDED)
    upload.save(update_fields=["state"])
    record(by=by, verb="discard", on=upload)


def _move(upload: Upload, to: str) -> None:
    current = Upload.objects.select_for_update().get(pk=upload.pk).state
    if to not in Upload.NEXT[current]:
        raise NotNow(_("The file is in another state: %(state)s.") % {"state": Upload.State(current).label})
    if to == Upload.State.WAITING and upload.channel_id is None:
        raise NotNow(_("Choose the channel first."))
    upload.state = to


def run_import(*, upload: Upload, at: datetime) -> None:
    """Bring the figures in, a portion at a time so that progress shows. Safe to run again after a crash."""
    run = upload.run or Run.objects.create(kind=Run.Kind.IMPORT, channel=upload.channel, by=upload.by, started_at=at)
    Upload.objects.filter(pk=upload.pk).update(run=run)
    try:
        parsed = parse(upload)
        imported = _import_in_portions(parsed, run, upload)
    except (Unreadable, KeyError, ValueError) as error:
        _end(upload, run, Upload.State.FAILED, Run.State.FAILED, at, str(error))
        return
    _count(run, parsed, imported)
    state = Run.State.PARTIAL if parsed.errors else Run.State.OK
    _end(upload, run, Upload.State.DONE, state, at)


def _import_in_portions(parsed: Parsed, run: Run, upload: Upload) -> Imported:
    """Each portion is whole in itself; rows are counted as done when their figures are in."""
    context = _context(upload)
    whole = Imported(Recorded(), Recorded(), Recorded())
    done = 0
    for portion in _portions(parsed):
        with transaction.atomic():
            part = _import(portion, run, context)
            done += portion.rows
            Upload.objects.filter(pk=upload.pk).update(rows_done=min(done, parsed.rows))
        whole = Imported(
            _sum(whole.figures, part.figures), _sum(whole.posts, part.posts), _sum(whole.spends, part.spends)
        )
    return whole


def _portions(parsed: Parsed) -> Iterator[Parsed]:
    for posts in _chunks(parsed.posts):
        yield Parsed(rows=len(posts), posts=posts, sum_posts=parsed.sum_posts)
    for observations in _chunks(sorted(parsed.observations, key=lambda each: each.day)):
        yield Parsed(rows=len({each.day for each in observations}), observations=observations)
    for spends in _chunks(parsed.spends):
        yield Parsed(rows=len(spends), spends=spends)


def _chunks(items: Sequence[Item]) -> Iterator[list[Item]]:
    source = iter(items)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _import(parsed: Parsed, run: Run, context: Context) -> Imported:
    posts = record_posts(run=run, posts=parsed.posts)
    observations = [*parsed.observations]
    if parsed.posts:
        observations += _sums_of_days(parsed, context)
    figures = record_samples(run=run, observations=observations)
    return Imported(figures, posts, _record_spends(run, parsed.spends, context))


def _sums_of_days(parsed: Parsed, context: Context) -> Iterator[Observation]:
    """From all posts known of those days: a day may be split over two files, and neither may halve the other."""
    days = {post.day for post in parsed.posts}
    known = Post.objects.filter(channel=context.channel, day__in=days).values_list("day", "figures", "as_of")
    by_day: dict[date, list[tuple[dict[str, object], datetime]]] = {}
    for day, figures, as_of in known:
        by_day.setdefault(day, []).append((figures, as_of or context.as_of))
    for day, posts in by_day.items():
        as_of = max(moment for _figures, moment in posts)
        yield Observation(context.channel.pk, "posts", day, len(posts), as_of, Source.FILE)
        for metric in parsed.sum_posts:
            values = [Decimal(str(figures[metric])) for figures, _moment in posts if metric in figures]
            if values:
                yield Observation(context.channel.pk, metric, day, sum(values, Decimal(0)), as_of, Source.FILE)


def _record_spends(run: Run, spends: Sequence[SpendSeen], context: Context) -> Recorded:
    """One row an advertisement and report; a newer report of the same days replaces the amount."""
    keys = {(each.external_id, each.report_first_day, each.report_last_day): each for each in spends}
    found = {
        (row.external_id, row.report_first_day, row.report_last_day): row
        for row in AdSpend.objects.filter(channel=context.channel, external_id__in={key[0] for key in keys})
    }
    new = [_spend(each, run, context) for key, each in keys.items() if key not in found]
    AdSpend.objects.bulk_create(new, batch_size=1_000)
    changed = []
    for key, each in keys.items():
        row = found.get(key)
        if row and row.as_of < context.as_of and (row.amount, row.figures) != (_cents(each), dict(each.figures)):
            row.amount, row.figures, row.as_of, row.run = _cents(each), dict(each.figures), context.as_of, run
            changed.append(row)
    AdSpend.objects.bulk_update(changed, ["amount", "figures", "as_of", "run"], batch_size=1_000)
    return Recorded(len(keys), len(new), len(changed), len(keys) - len(new) - len(changed))


def _cents(spend: SpendSeen) -> Decimal:
    return spend.amount.quantize(Decimal("0.01"))


def _spend(each: SpendSeen, run: Run, context: Context) -> AdSpend:
    return AdSpend(
        channel=context.channel,
        external_id=each.external_id,
        name=each.name,
        first_day=each.first_day,
        last_day=each.last_day,
        report_first_day=each.report_first_day,
        report_last_day=each.report_last_day,
        amount=_cents(each),
        currency=each.currency,
        figures=dict(each.figures),
        as_of=context.as_of,
        run=run,
    )


def _sum(one: Recorded, other: Recorded) -> Recorded:
    return replace(one, **{name: value + getattr(other, name) for name, value in vars(one).items()})


def _count(run: Run, parsed: Parsed, imported: Imported) -> None:
    days = parsed.days
    run.first_day, run.last_day = days or (None, None)
    run.read, run.added, run.changed = imported.figures.read, imported.figures.added, imported.figures.changed
    run.posts = imported.posts.read


@transaction.atomic
def _end(upload: Upload, run: Run, state: str, run_state: str, at: datetime, error: str = "") -> None:
    run.state, run.finished_at, run.error = run_state, at, error
    run.save()
    Upload.objects.filter(pk=upload.pk).update(
        state=state, finished_at=at, error=error, rows_done=upload.rows_total if not error else 0
    )
    subject = _("%(file)s could not be imported") if error else _("%(file)s is imported")
    notify(
        person_ids=[upload.by_id],
        kind="import_finished",
        subject=subject % {"file": upload.name},
        url=upload.get_absolute_url(),
        key=f"import-{upload.pk}-{at.isoformat()}",
    )
