"""Every write to the register. Each leaves a trace in the audit trail and in the search index."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import DateField, F, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from coe_portal.audit.actions import record, record_many
from coe_portal.channels.models import Channel, ChannelRequest, Publisher
from coe_portal.core.versions import bump
from coe_portal.notifications.actions import notify
from coe_portal.people.access import Role
from coe_portal.people.models import User
from coe_portal.search.actions import refresh


class WrongState(Exception):
    """The channel cannot do this in the state it is in."""


@transaction.atomic
def add_channel(*, by: User, fields: Mapping[str, Any]) -> Channel:
    """An account that exists already: ours or a peer's."""
    channel: Channel = Channel.objects.create(state=Channel.State.ACTIVE, **fields)
    _wrote(by, "add", channel)
    return channel


@transaction.atomic
def request_channel(*, by: User, fields: Mapping[str, Any], why_not_existing: str, on: date) -> Channel:
    channel: Channel = Channel.objects.create(state=Channel.State.REQUESTED, first_contact=by, **fields)
    ChannelRequest.objects.create(channel=channel, requested_by=by, why_not_existing=why_not_existing)
    strategists = User.objects.active().with_role(Role.STRATEGIST, on=on).values_list("pk", flat=True)
    notify(
        person_ids=list(strategists),
        kind="channel_request",
        subject=_("%(person)s asks for a new channel: %(name)s") % {"person": by.name, "name": channel.name},
        url=channel.get_absolute_url(),
        key=f"channel-request-{channel.pk}",
    )
    _wrote(by, "request", channel)
    return channel


@transaction.atomic
def start_review(*, by: User, channel: Channel) -> None:
    _move(channel, Channel.State.IN_REVIEW)
    _wrote(by, "start review of", channel)


@transaction.atomic
def decide(*, by: User, channel: Channel, approve: bool, reason: str, at: datetime) -> None:
    """The decision and its reason are kept; the person who asked is told."""
    request = ChannelRequest.objects.select_for_update().get(channel=channel)
    if not request.is_open:
        raise WrongState(_("This request has been decided already."))
    request.decision = ChannelRequest.Decision.APPROVED if approve else ChannelRequest.Decision.DECLINED
    request.decided_by, request.decided_at, request.decision_reason = by, at, reason
    request.save()
    if approve:
        channel.validated_on = at.date()
    _move(channel, Channel.State.ACTIVE if approve else Channel.State.ARCHIVED)
    subject = _("Your request for %(name)s was approved") if approve else _("Your request for %(name)s was declined")
    notify(
        person_ids=[request.requested_by_id],
        kind="channel_decision",
        subject=subject % {"name": channel.name},
        url=channel.get_absolute_url(),
        key=f"channel-decision-{channel.pk}",
    )
    _wrote(by, request.decision, channel)


@transaction.atomic
def edit_channel(*, by: User, channel: Channel, fields: Mapping[str, Any]) -> None:
    changed = [name for name, value in fields.items() if getattr(channel, name) != value]
    for name in changed:
        setattr(channel, name, fields[name])
    if changed:
        channel.save()
        _wrote(by, "edit", channel, fields=sorted(changed))


@transaction.atomic
def validate_channel(*, by: User, channel: Channel, on: date) -> None:
    """Somebody looked: it still exists, is ours, and its owner, contacts and publishers are right."""
    if not channel.is_listed or channel.state == Channel.State.ARCHIVED:
        raise WrongState(_("Only channels in use are validated."))
    channel.validated_on = on
    channel.save()
    _wrote(by, "validate", channel)


@transaction.atomic
def move_channel(*, by: User, channel: Channel, to: str) -> None:
    """Rest, wake, archive or bring back; what was declined stays declined."""
    declined = ChannelRequest.objects.filter(channel=channel, decision=ChannelRequest.Decision.DECLINED).exists()
    if declined or not channel.is_listed or to not in Channel.LISTED:
        raise WrongState(_("A request is moved by its decision only."))
    _move(channel, to)
    _wrote(by, f"make {to}", channel)


def _move(channel: Channel, to: str) -> None:
    """Raises WrongState for a step that the table of states does not have."""
    current = Channel.objects.select_for_update().get(pk=channel.pk).state
    if to not in Channel.NEXT[current]:
        raise WrongState(_("The channel is %(state)s.") % {"state": Channel.State(current).label.lower()})
    channel.state = to
    channel.save()


@transaction.atomic
def add_publisher(*, by: User, channel: Channel, person: User, starts: date) -> None:
    """Nothing happens to somebody who publishes with the channel already."""
    _row, created = Publisher.objects.get_or_create(
        channel=channel, person=person, ends=None, defaults={"starts": starts}
    )
    if created:
        _wrote(by, "add publisher to", channel, person=person.pk)


@transaction.atomic
def end_publisher(*, by: User, publisher: Publisher, ends: date) -> None:
    publisher.ends = max(ends, publisher.starts)
    publisher.save(update_fields=["ends"])
    _wrote(by, "remove publisher from", publisher.channel, person=publisher.person_id)


def contacts_changed(*, person_ids: Collection[int]) -> None:
    """What is shown of their channels says whether they are still here."""
    theirs = Channel.objects.filter(Q(first_contact__in=person_ids) | Q(second_contact__in=person_ids))
    ids = list(theirs.values_list("pk", flat=True))
    bump(*(["channels"] if ids else []), *(f"channel:{channel_id}" for channel_id in ids))


@transaction.atomic
def end_publishers_of(*, by: User | None, person_ids: Collection[int], on: date) -> None:
    """Leavers publish with nothing any more."""
    rows = list(
        Publisher.objects.current()
        .filter(person_id__in=person_ids)
        .select_related("channel")
        .select_for_update(of=["self"])
        .order_by("pk")
    )
    Publisher.objects.filter(pk__in=[row.pk for row in rows]).update(ends=Greatest(F("starts"), Value(on, DateField())))
    record_many(
        by=by, verb="remove publisher from", on=[row.channel for row in rows],
        details=[{"person": row.person_id, "left": True} for row in rows],
    )  # fmt: skip
    bump(*(["channels"] if rows else []), *{f"channel:{row.channel_id}" for row in rows})


def _wrote(by: User, verb: str, channel: Channel, **details: Any) -> None:
    record(by=by, verb=verb, on=channel, details=details)
    refresh("channel", [channel.pk])
    bump("channels", f"channel:{channel.pk}")
