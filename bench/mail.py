"""An announcement by mail: telling everybody of it, queueing the mails, and sending them to a mail server.

`bin/bench mail --only 56000` takes another number of people. The server is a process of its own on this machine that
takes every mail.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import django
from django.conf import settings
from django.db import connection

PEOPLE = 6_000
EVERYBODY = 56_000
GOAL = 100.0


@dataclass(frozen=True)
class Report:
    """Seconds, and milliseconds of the sender's processor time a mail. Every mail is noted by a commit of its own."""

    people: int
    told: float
    queued: float
    sent: float
    cpu_a_mail: float

    def as_data(self) -> dict[str, object]:
        return asdict(self)

    def as_text(self) -> str:
        rate = self.people / self.sent
        return "\n".join(
            [
                f"an announcement to {self.people:,} people",
                self._line("told in the portal", self.told),
                self._line("mails queued", self.queued),
                self._line("mails sent", self.sent),
                f"{'processor time of the sender':<30}{self.cpu_a_mail:>8.2f} ms a mail",
                f"{f'mails to {EVERYBODY:,}':<30}{EVERYBODY / rate / 60:>8.1f} min",
                f"goal {GOAL:.0f} mails a second: {'met' if rate >= GOAL else 'missed'}",
            ]
        )

    def _line(self, what: str, seconds: float) -> str:
        return f"{what:<30}{seconds:>8.1f} s {self.people / max(seconds, 0.001):>10,.0f} a second"


def measure(only: Sequence[str] = ()) -> Report:
    """In a copy of the database, because mails are committed one by one."""
    django.setup()
    from bench.portal import set_up

    set_up()
    people = int(only[0]) if only else PEOPLE
    with _copy_of_the_database(), _mail_server() as port:
        settings.MAIL_DELIVERY_BACKEND = "coe_portal.notifications.smtp.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        return _announce_to(people)


def _announce_to(people: int) -> Report:
    from django.utils import timezone

    from coe_portal.notifications.actions import queue_mail, send_mail
    from coe_portal.notifications.models import OutgoingMail

    announcement = _announcement_for(people)
    told = _seconds(lambda: _tell(announcement))
    queued = _seconds(lambda: queue_mail(at=timezone.now()))
    assert OutgoingMail.objects.due(timezone.now()).count() == people
    processor = time.process_time()
    sent = _seconds(_until_nothing_is_left(send_mail))
    processor = time.process_time() - processor
    assert OutgoingMail.objects.filter(state=OutgoingMail.State.ACCEPTED).count() == people
    return Report(people, told, queued, sent, processor * 1_000 / people)


def _announcement_for(people: int) -> int:
    """The key of an announcement that goes by mail at once to so many new people, who have no quiet hours."""
    from django.utils import timezone

    from coe_portal.announcements.models import Announcement, State
    from coe_portal.notifications.models import Mail, MailTimes, Notification, OutgoingMail
    from coe_portal.people.demo import DOMAIN
    from coe_portal.people.models import Audience, AudienceMember, User

    OutgoingMail.objects.all().delete()  # what the demo organisation has to say is not measured
    Notification.objects.update(mail=Mail.NONE)
    crowd = User.objects.bulk_create(
        (User(email=f"mail{n}@{DOMAIN}", name=f"Crowd {n}") for n in range(people)), batch_size=5_000
    )
    author = User.objects.get(email=f"strategist@{DOMAIN}")
    audience = Audience.objects.create(name="The crowd")
    AudienceMember.objects.bulk_create((AudienceMember(audience=audience, person=each) for each in crowd), 5_000)
    MailTimes.objects.bulk_create(
        (MailTimes(person=each, quiet_from="00:00", quiet_until="00:00") for each in crowd), 5_000
    )
    text = "<p>From Monday on, the new rules for photographs hold on every unit.</p>"
    announcement = Announcement.objects.create(
        title="New rules for photographs", text="From Monday on.", html=text, lead="From Monday on.", audience=audience,
        author=author, state=State.PUBLISHED, published_at=timezone.now(), mail=Mail.NOW,
    )  # fmt: skip
    return announcement.pk


def _tell(announcement_id: int) -> None:
    from django.utils import timezone

    from coe_portal.announcements.actions.sending import send_part, tell_of_publishing
    from coe_portal.announcements.models import Announcement

    announcement = Announcement.objects.get(pk=announcement_id)
    sending = tell_of_publishing(by=announcement.author, announcement=announcement, at=timezone.now())
    while not sending.is_over:
        send_part(sending_id=sending.pk, at=timezone.now())
        sending.refresh_from_db()


def _until_nothing_is_left(send_mail: Callable[..., bool]) -> Callable[[], None]:
    def send() -> None:
        while send_mail(seconds=60):
            pass

    return send


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


@contextmanager
def _mail_server() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, env=os.environ)
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _copy_of_the_database() -> Iterator[None]:
    from coe_portal.core.database_roles import as_owner

    origin = connection.settings_dict["NAME"]
    copy = f"{origin}_mail"

    def use(name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name

    def administer(sql: str) -> None:
        use("postgres")
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(sql)

    remove = f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)'
    administer(remove)
    administer(f'CREATE DATABASE "{copy}" TEMPLATE "{origin}"')
    use(copy)
    try:
        yield
    finally:
        administer(remove)
        use(origin)
