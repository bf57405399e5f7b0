"""Tell people something, mark it read, mail it in one bundle a person."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coe_portal.core.versions import bump
from coe_portal.notifications.models import Notification
from coe_portal.notifications.queries import people_to_mail
from coe_portal.outbox.actions import enqueue_many
from coe_portal.people.models import User


@transaction.atomic
def notify(*, person_ids: Collection[int], kind: str, subject: str, url: str, key: str) -> None:
    """Each person is told once per key, however often this is called. Mail follows in the next bundle."""
    line = " ".join(subject.split())[:200]
    Notification.objects.bulk_create(
        [Notification(person_id=each, kind=kind, subject=line, url=url, key=key) for each in person_ids],
        ignore_conflicts=True,
        batch_size=5_000,
    )
    bump(*(f"person:{person_id}" for person_id in person_ids))


@transaction.atomic
def mark_read(*, person: User, at: datetime, notification_id: int | None = None) -> None:
    """One of them, or all."""
    chosen = Notification.objects.visible_to(person).unread()
    if notification_id is not None:
        chosen = chosen.filter(pk=notification_id)
    chosen.update(read_at=at)
    bump(f"person:{person.pk}")


@transaction.atomic
def queue_mail() -> None:
    """A mail a person for all that waits. The key names the newest of it, so the same bundle is queued once."""
    enqueue_many(
        "notifications.mail_person",
        [
            ({"person_id": person_id, "up_to": newest}, f"notifications.mail_person:{person_id}:{newest}")
            for person_id, newest in people_to_mail()
        ],
    )


@transaction.atomic
def mail_person(*, person_id: int, up_to: int, at: datetime) -> None:
    """Marked as mailed and sent in one transaction: what could not be sent stays to be mailed."""
    waiting = Notification.objects.unmailed().filter(person_id=person_id, pk__lte=up_to).select_for_update()
    chosen = list(waiting.order_by("pk"))
    Notification.objects.filter(pk__in=[each.pk for each in chosen]).update(mailed_at=at)
    person = User.objects.active().filter(pk=person_id).first()
    unread = [each for each in chosen if each.read_at is None]
    if person and unread:
        _send(person, unread)


def _send(person: User, bundle: list[Notification]) -> None:
    with translation.override(person.language):
        context = {
            "person": person,
            "bundle": [(each.subject, settings.PUBLIC_URL + each.url) for each in bundle],
            "all_url": settings.PUBLIC_URL + "/notifications/",
            "organisation_name": settings.ORGANISATION_NAME,
        }
        more = ngettext("%(n)d new message for you", "%(n)d new messages for you", len(bundle)) % {"n": len(bundle)}
        mail = EmailMultiAlternatives(
            subject=bundle[0].subject if len(bundle) == 1 else _("Center of Excellence: %(more)s") % {"more": more},
            body=render_to_string("notifications/mail.txt", context),
            to=[person.email],
        )
        mail.attach_alternative(render_to_string("notifications/mail.html", context), "text/html")
        mail.send()
