"""Remove a text with patient information from every place it could be."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coe_portal.audit import actions as audit
from coe_portal.core.crypto import decrypt, encrypt
from coe_portal.notifications.actions import notify
from coe_portal.notifications.models import Notification
from coe_portal.outbox.actions import enqueue
from coe_portal.people.models import User
from coe_portal.personal import Purgeable
from coe_portal.privacy import caches, files
from coe_portal.privacy.actions.holding import Held
from coe_portal.privacy.models import DataExport, Purge
from coe_portal.privacy.queries.catalogue import purgeables
from coe_portal.privacy.queries.held_texts import holds_over
from coe_portal.privacy.queries.holds import blocking
from coe_portal.privacy.sweeping import removal_of, sweep
from coe_portal.search import actions as search
from coe_portal.search.models import SearchDocument


@transaction.atomic
def ask(*, by: User, kind: str, object_id: int, reason: str, words: Sequence[str], at: datetime) -> Purge:
    """`words` must not remain anywhere; they are kept encrypted until they are gone. Raises Held."""
    source = purgeables()[kind]
    today = timezone.localdate(at)
    if blocking(source.person_ids(object_id), today, kind=kind) or holds_over(words, today):
        raise Held
    purge = Purge.objects.create(
        kind=kind,
        object_id=object_id,
        reason=reason,
        sealed_words=encrypt(json.dumps(list(words))),
        asked_by=by,
        asked_at=at,
    )
    audit.record(by=by, verb="text.purged", on=purge, details={"kind": kind, "object": object_id, "reason": reason})
    enqueue("privacy.purge", {"purge_id": purge.pk}, key=f"privacy.purge:{purge.pk}")
    return purge


def carry_out(*, purge_id: int) -> None:
    """Safe to run twice. First the rows, then what is kept of them: whatever is made anew is made from them."""
    purge = Purge.objects.select_related("asked_by").filter(pk=purge_id, state=Purge.State.WAITING).first()
    if purge is None:
        return
    words = json.loads(decrypt(purge.sealed_words))
    with transaction.atomic():
        source = purgeables()[purge.kind]
        titles = [text for _label, text in source.texts(purge.object_id) or []]
        instead = str(_("Removed for privacy"))
        if titles and source.redact:
            _redact(source, source.redact, purge.object_id, titles, instead)
        swept = sweep(removal_of(words, instead, purge_id=purge.pk))
        _refresh_search(instead)
        found = Counter(purge.found) + Counter(swept.found)
        Purge.objects.filter(pk=purge_id).update(found=found, failed=swept.failed)
        enqueue("search.rebuild_words", key=f"search.rebuild_words:purge:{purge_id}")
    caches.empty()
    _finish(purge, timezone.now())


@transaction.atomic
def _finish(purge: Purge, at: datetime) -> None:
    """After the rows: an export that was begun before is read again, and a page once more thrown away."""
    files.drop_files(DataExport.objects.exclude(file=""))
    Purge.objects.filter(pk=purge.pk).update(state=Purge.State.DONE, done_at=at, sealed_words="")
    enqueue("privacy.empty_caches", key=f"privacy.empty_caches:purge:{purge.pk}", due=at + caches.PAGES_END_WITHIN)
    _tell(purge)


def _redact(
    source: Purgeable, redact: Callable[[int, str], None], object_id: int, texts: Sequence[str], instead: str
) -> None:
    """The text itself, and what notifications said of it."""
    path = source.url(object_id).partition("?")[0].partition("#")[0]
    said = Q(url__startswith=path) & Q(subject__in=[text[:200] for text in texts])
    Notification.objects.filter(said).update(subject=instead)
    Notification.objects.filter(url__startswith=path).update(lead="")
    redact(object_id, instead)


def _refresh_search(instead: str) -> None:
    """Documents whose address named somebody: what they lead to has another address now."""
    found = SearchDocument.objects.filter(url__contains=instead).values_list("kind", "object_id").order_by("kind")
    for kind, pairs in groupby(found, key=itemgetter(0)):
        search.refresh(kind, [object_id for _kind, object_id in pairs])


def _tell(purge: Purge) -> None:
    with translation.override(purge.asked_by.language):
        notify(
            person_ids=[purge.asked_by_id],
            kind="privacy_purge",
            subject=_("A text was removed for privacy, everywhere"),
            url=reverse("privacy:purge", args=[purge.pk]),
            key=f"privacy_purge:{purge.pk}",
        )
