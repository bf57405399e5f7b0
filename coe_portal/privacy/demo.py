"""One hold, one erasure that waits for the privacy officer, one purge that is done, a verified trail."""

from datetime import timedelta

from django.utils import timezone

from coe_portal.audit.actions.verifying import note_verification
from coe_portal.audit.models import Access
from coe_portal.people.demo import DemoOrganisation
from coe_portal.people.models import User
from coe_portal.privacy.actions import erasing, holding
from coe_portal.privacy.models import LegalHold, Purge, RetentionRun
from coe_portal.privacy.queries.catalogue import retentions

NIGHTS = 3
ADDRESS = "198.51.100.{}"  # reserved for documentation


def build(organisation: DemoOrganisation) -> None:
    now = timezone.now()
    officer, administrator = organisation.sign_ins["privacy"], organisation.sign_ins["admin"]
    taken = [person.pk for person in organisation.sign_ins.values()]
    others = User.objects.active().exclude(pk__in=taken).order_by("pk")
    held, leaver = others[3], others[7]
    holding.place(
        by=officer, reason="Matter 2026-114: complaint about a removed post", person=held, at=now - timedelta(days=20)
    )
    ended = holding.place(
        by=officer, reason="Audit of the spring campaign", kind="notifications.notifications",
        at=now - timedelta(days=90),
    )  # fmt: skip
    LegalHold.objects.filter(pk=ended.pk).update(released_at=now - timedelta(days=30), released_by=officer)
    erasing.propose(
        by=administrator, person=leaver, reason="Left in spring and asked to be forgotten", at=now - timedelta(days=1)
    )
    Purge.objects.create(
        kind="post", object_id=9_041, reason=Purge.Reason.PHI, asked_by=officer, asked_at=now - timedelta(days=12),
        state=Purge.State.DONE, done_at=now - timedelta(days=12), found={"feedback.post": 2, "feedback.draft": 1},
    )  # fmt: skip
    RetentionRun.objects.bulk_create(
        RetentionRun(key=key, at=now - timedelta(days=night), removed=0)
        for key in retentions()
        for night in range(1, NIGHTS + 1)
    )
    Access.objects.bulk_create(
        Access(at=now - timedelta(hours=7 * n), event=event, person=person, address=ADDRESS.format(20 + n), path=path)
        for n, (event, person, path) in enumerate(
            [
                (Access.Event.SIGNED_IN, officer, "/accounts/login/"),
                (Access.Event.FAILED, held, "/accounts/login/"),
                (Access.Event.SIGNED_IN, held, "/accounts/login/"),
                (Access.Event.DENIED, held, "/administration/audit/"),
                (Access.Event.FAILED, None, "/accounts/login/"),
            ],
            start=1,
        )
    )
    note_verification(by=None)
