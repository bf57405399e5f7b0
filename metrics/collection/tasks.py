from django.utils import timezone

from coe_portal.core.jobs import job
from metrics.collection import actions
from metrics.collection.models import Stream


@job("metrics.collect_due")
def collect_due() -> None:
    now = timezone.now()
    actions.ensure_streams(at=now)
    actions.start_due(at=now)


@job("metrics.collect_channel", atomic=False)
def collect_channel(stream_id: int) -> None:
    stream = Stream.objects.select_related("channel").filter(pk=stream_id).first()
    if stream:
        actions.collect(stream=stream, at=timezone.now())
