"""Post to chat rooms: through the outbox, so that a service that is away gets the message later."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from coe_portal.core.crypto import decrypt
from coe_portal.notifications import chat
from coe_portal.notifications.models import ChatDestination
from coe_portal.outbox.actions import cancel, enqueue_many

TITLE_AT_MOST = 200
TEXT_AT_MOST = 2_000


@transaction.atomic
def post_to_chat(*, destination_ids: Collection[int], title: str, text: str, url: str, key: str) -> None:
    """Each room gets it once per key; one that is switched off meanwhile does not."""
    enqueue_many(
        "notifications.post_to_chat",
        [
            (
                {"destination_id": each, "title": title[:TITLE_AT_MOST], "text": text[:TEXT_AT_MOST], "url": url},
                job_key(each, key),
            )
            for each in sorted(set(destination_ids))
        ],
    )


def take_back_from_chat(*, destination_ids: Collection[int], key: str) -> None:
    """What waits for a room that is away is not posted any more; what is there already stays there."""
    cancel(keys=[job_key(each, key) for each in destination_ids])


def job_key(destination_id: int, key: str) -> str:
    return f"notifications.post_to_chat:{destination_id}:{key}"


def deliver(*, destination_id: int, title: str, text: str, url: str, at: datetime) -> None:
    """The job. Not atomic: what is noted about a failure stays although the job fails and is tried again."""
    destination = ChatDestination.objects.enabled().filter(pk=destination_id).first()
    if destination is None:
        return
    try:
        chat.post(decrypt(destination.secret), title=title, text=f"{text}\n\n{url}".strip())
    except (chat.ChatFailed, chat.ChatRefused, ValueError) as error:
        ChatDestination.objects.filter(pk=destination_id).update(last_error=str(error), last_error_at=at)
        raise
    ChatDestination.objects.filter(pk=destination_id).update(last_success_at=at, last_error="")
