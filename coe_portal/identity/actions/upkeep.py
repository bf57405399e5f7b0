"""What has served its time is removed."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction

from coe_portal.identity.models import ProviderTest, SeenAssertion

# A test shows what an administrator's own account says: long enough to write the rules from it.
KEEP_TESTS = timedelta(days=90)


@transaction.atomic
def tidy(*, at: datetime) -> None:
    SeenAssertion.objects.filter(expires_at__lt=at).delete()
    ProviderTest.objects.filter(at__lt=at - KEEP_TESTS).delete()
    Session.objects.filter(expire_date__lt=at).delete()
