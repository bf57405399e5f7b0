"""What a person wants to hear of, how and when; and links in mails that switch a kind off."""

from collections.abc import Mapping
from datetime import time

from django.db import transaction

from coe_portal.contributions import Way, notification_kinds
from coe_portal.notifications.models import Mail, MailTimes, Notification, Preference
from coe_portal.notifications.unsubscribing import ALL_KINDS, Unsubscribe
from coe_portal.people.facts import tell
from coe_portal.people.models import User

MAIL_OF = {Way.AT_ONCE: Mail.NOW, Way.DIGEST: Mail.DIGEST, Way.PORTAL: Mail.NONE, Way.OFF: Mail.NONE}


@transaction.atomic
def choose(*, by: User, ways: Mapping[str, Way]) -> None:
    """Their own choice for each of these kinds. What the kind does anyway needs no row; what waits follows at once."""
    kinds = notification_kinds()
    allowed = {key: way for key, way in ways.items() if key in kinds and _may(key, way)}
    before = dict(Preference.objects.filter(person=by, kind__in=allowed).values_list("kind", "way"))
    changed = {key: way for key, way in allowed.items() if before.get(key, kinds[key].default) != way}
    if not changed:
        return
    Preference.objects.filter(person=by, kind__in=changed).delete()
    Preference.objects.bulk_create(
        Preference(person=by, kind=key, way=way) for key, way in changed.items() if way != kinds[key].default
    )
    _follow(by.pk, changed)
    details = {key: way.value for key, way in changed.items()}
    tell(by=by, verb="person.notifications_chosen", on=by, details=details)


@transaction.atomic
def choose_times(*, by: User, digest_at: time, quiet_from: time, quiet_until: time, quiet_weekends: bool) -> None:
    chosen = {
        "digest_at": digest_at,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "quiet_weekends": quiet_weekends,
    }
    MailTimes.objects.update_or_create(person=by, defaults=chosen)
    tell(
        by=by, verb="person.mail_times_chosen", on=by,
        details={name: value if isinstance(value, bool) else str(value) for name, value in chosen.items()},
    )  # fmt: skip


@transaction.atomic
def unsubscribe(*, asked: Unsubscribe) -> None:
    """No more mail of the kind, or of all that can be switched off; the portal goes on to show it."""
    person = User.objects.active().filter(pk=asked.person_id).first()
    if person is None:
        return
    kinds = notification_kinds() if asked.kind == ALL_KINDS else {asked.kind: None}
    off = set(Preference.objects.filter(person=person, way=Way.OFF).values_list("kind", flat=True))
    choose(by=person, ways={key: Way.PORTAL for key in kinds if key not in off})


def _may(key: str, way: Way) -> bool:
    return way in {Way.AT_ONCE, Way.DIGEST} or not notification_kinds()[key].required


def _follow(person_id: int, changed: Mapping[str, Way]) -> None:
    """Mails that wait are sent the new way, or not at all."""
    by_mail: dict[Mail, list[str]] = {}
    for key, way in changed.items():
        by_mail.setdefault(MAIL_OF[way], []).append(key)
    for mail, keys in by_mail.items():
        Notification.objects.unmailed().filter(person=person_id, kind__in=keys).update(mail=mail)
