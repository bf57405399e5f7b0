from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Value
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from coe_portal.channels.models import STALE_AFTER, Channel, Publisher
from coe_portal.channels.permissions import can_keep_register
from coe_portal.channels.personal import personal
from coe_portal.channels.queries import contacts_of_stale, register_counts, stale_by_contact
from coe_portal.contributions import (
    Contribution,
    Document,
    Held,
    HomeCard,
    HomeItem,
    NavItem,
    NotificationKind,
    Obligation,
    Statement,
    content_language,
)
from coe_portal.people.models import User


def obligations(person_ids: Collection[int], on: date) -> Iterable[Obligation]:
    """A contact confirms every half year that the account is looked after."""
    for person_id, channel in contacts_of_stale(person_ids, on):
        yield Obligation(
            person_id=person_id,
            kind="channel",
            title=str(channel),
            language="",
            url=channel.get_absolute_url(),
            due=channel.validated_on + STALE_AFTER if channel.validated_on else None,
            action=_("Confirm the channel"),
            key=f"channel:{channel.pk}:{channel.validated_on or ''}",
            mandatory=False,
        )


def owed(on: date) -> Statement:
    return Statement.of(stale_by_contact(on).values_list("keeper", Value("channel"), "confirm_by", Value(value=False)))


def home_cards(person: User, on: date) -> Iterable[HomeCard]:
    if not can_keep_register(person):
        return
    counts = register_counts(on)
    waiting = counts["requested"] + counts["in_review"]
    stale = counts["stale"]
    register = reverse("channels:index")
    items = []
    if waiting:
        title = ngettext("%(n)s request for a channel to decide", "%(n)s requests for a channel to decide", waiting)
        items.append(HomeItem(title % {"n": waiting}, f"{register}?state=requested", tone="accent"))
    if stale:
        title = ngettext("%(n)s channel to validate", "%(n)s channels to validate", stale)
        items.append(HomeItem(title % {"n": stale}, f"{register}?stale=1", tone="warn"))
    if left := counts["left"]:
        title = ngettext("%(n)s channel whose contact has left", "%(n)s channels whose contact has left", left)
        items.append(HomeItem(title % {"n": left}, f"{register}?left=1", tone="warn"))
    yield HomeCard("channels", _("Channels"), 60, items, register, _("The register"), _("Every channel is validated."))


def documents(channel_ids: Collection[int] | None) -> Iterable[Document]:
    channels = Channel.objects.listed().exclude(request__decision="declined").select_related("department")
    if channel_ids is not None:
        channels = channels.filter(pk__in=channel_ids)
    for channel in channels:
        own = channel.relation == Channel.Relation.OWN
        with override(content_language()):
            department = channel.department.name if channel.department else str(channel.get_relation_display())
            kind = gettext("Social media account")
        yield Document(
            kind="channel",
            object_id=channel.pk,
            title=channel.name,
            lead=f"{channel.get_network_display()} {channel.handle} · {department}",
            body=f"{channel.purpose}\n{kind}\n{channel.url}",
            url=channel.get_absolute_url(),
            audience_id=None,
            changed_at=channel.changed_at,
            weight=0.8 if own else 0.5,
        )


def held_on(person: User, on: date) -> Iterable[Held]:
    for row in Publisher.objects.on(on).filter(person=person).select_related("channel"):
        yield Held(_("Channels to publish with"), row.channel.name, row.starts, row.ends)


contribution = Contribution(
    app="channels",
    personal=personal,
    held_on=held_on,
    nav=[NavItem(_("Channels"), "channels:index", "channel", 50)],
    obligations=obligations,
    owed=owed,
    obligation_labels={"channel": _("Channel to confirm")},
    home_cards=home_cards,
    home_versions=["channels"],
    documents={"channel": documents},
    document_labels={"channel": _("Channel")},
    notification_kinds=[
        NotificationKind("channel_request", _("A new channel is asked for"), visible=can_keep_register),
        NotificationKind("channel_decision", _("My request for a channel is decided")),
    ],
)
