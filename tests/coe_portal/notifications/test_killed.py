"""With real processes: a sender that is killed again and again, and a mail server that comes and goes."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from random import Random

import pytest

from coe_portal.notifications.models import MailTimes, OutgoingMail
from tests.coe_portal.notifications.mail_server import MailServer
from tests.coe_portal.outbox.test_worker import database_url
from tests.factories.notifications import waiting_digest

# Many processes start: on a machine that is busy with other things they may take long, and nothing is wrong.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(600)]

MAILS = 300
State = OutgoingMail.State


def sender(port: int) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "DATABASE_URL": database_url()}
    command = [sys.executable, "-m", "tests.coe_portal.notifications.sender", str(port)]
    return subprocess.Popen(command, env=environment)


def waiting_mails(number: int) -> set[str]:
    """Without quiet hours: the test runs at any time of the day."""
    mails = [waiting_digest() for _ in range(number)]
    MailTimes.objects.bulk_create(
        MailTimes(person_id=each.person_id, quiet_from="00:00", quiet_until="00:00") for each in mails
    )
    return {each.address for each in mails}


def test_a_sender_that_is_killed_loses_nothing_and_repeats_only_what_is_marked(mail_server: MailServer):
    addresses = waiting_mails(MAILS)
    chance = Random(5)
    for kill in range(4):
        running = sender(mail_server.port)
        enough = len(mail_server.mails) + chance.randint(20, 60)
        while len(mail_server.mails) < enough and running.poll() is None:
            time.sleep(0.002)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert running.returncode == -signal.SIGKILL, f"{kill} was done before it was killed"

    assert sender(mail_server.port).wait(200) == 0

    received = Counter(mail_server.addresses)
    marked = set(OutgoingMail.objects.filter(ambiguous=True).values_list("address", flat=True))
    assert set(received) == addresses
    assert OutgoingMail.objects.filter(state=State.ACCEPTED).count() == MAILS
    assert {address for address, times in received.items() if times > 1} <= marked
    assert len(marked) <= 4
    assert max(received.values()) <= 2


def test_a_mail_server_that_goes_away_in_the_middle_gets_the_rest_later(mail_server: MailServer):
    addresses = waiting_mails(MAILS)
    running = sender(mail_server.port)
    while len(mail_server.mails) < 50:
        time.sleep(0.002)

    mail_server.stop()

    assert running.wait(200) == 0
    assert OutgoingMail.objects.filter(state=State.PARKED).count() == 0
    assert len(mail_server.mails) < MAILS
    mail_server.start()
    assert sender(mail_server.port).wait(200) == 0
    received = Counter(mail_server.addresses)
    marked = set(OutgoingMail.objects.filter(ambiguous=True).values_list("address", flat=True))
    assert set(received) == addresses
    assert {address for address, times in received.items() if times > 1} <= marked
