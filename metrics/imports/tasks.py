from django.utils import timezone

from coe_portal.core.jobs import job
from metrics.imports import actions
from metrics.imports.models import Upload


@job("metrics.import_upload", atomic=False)
def import_upload(upload_id: int) -> None:
    upload = Upload.objects.select_related("channel", "by", "run").filter(pk=upload_id).first()
    if upload and upload.state == Upload.State.WAITING:
        actions.run_import(upload=upload, at=timezone.now())
