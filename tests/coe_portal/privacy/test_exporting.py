import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.notifications.models import Notification
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import AudienceMember, User
from coe_portal.privacy import files
from coe_portal.privacy.actions import exporting
from coe_portal.privacy.actions.retaining import remove_old
from coe_portal.privacy.models import DataExport
from feedback.actions import drafts
from tests.factories.feedback import CategoryFactory, PostFactory, TopicFactory
from tests.factories.people import AudienceFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


@pytest.fixture
def written(employee: User, strategist: User) -> None:
    """A post in a room that the person may read, one removed, one in a room they had to leave, and somebody else's."""
    open_room = TopicFactory(
        title="Open room", category=CategoryFactory(audience=employee.audiences.get()), author=strategist
    )
    PostFactory(topic=open_room, number=7, author=employee, source="My own words")
    PostFactory(topic=open_room, number=8, author=strategist, source="Somebody else's words")
    PostFactory(
        topic=open_room, number=9, author=employee, source="=SUM(removed)", removed_at=timezone.now(),
        removed_by=strategist, removal_reason="rude",
    )  # fmt: skip
    left = AudienceFactory()
    closed = TopicFactory(title="Closed room", category=CategoryFactory(audience=left), author=strategist)
    PostFactory(topic=closed, number=7, author=employee, source="What I said there")
    AudienceMember.objects.filter(audience=left, person=employee).delete()
    drafts.keep(by=employee, place="ask", fields={"title": "begun"}, at=timezone.now())


def fetched(client: Client, person: User) -> zipfile.ZipFile:
    client.post("/my/account/data/ask/")
    export = DataExport.objects.get(person=person, state="waiting")
    exporting.put_together(export_id=export.pk)
    return zipfile.ZipFile(io.BytesIO(client.post(f"/my/account/data/{export.pk}/").content))


def everything(archive: zipfile.ZipFile) -> str:
    return "\n".join(archive.read(name).decode() for name in archive.namelist() if not name.endswith(".pdf"))


@pytest.mark.usefixtures("written")
def test_it_holds_what_is_mine_and_nothing_of_others(employee: User, sign_in: SignIn):
    archive = fetched(sign_in(employee), employee)

    posts = json.loads(archive.read("posts-removed-ones-too.json"))
    assert [(post["source"], post["topic__title"]) for post in posts] == [
        ("My own words", "Open room"), ("=SUM(removed)", "Open room"), ("What I said there", None),
    ]  # fmt: skip
    text = everything(archive)
    assert "Somebody else" not in text
    assert "Closed room" not in text
    assert "begun" in text
    assert json.loads(archive.read("profile.json"))["email"] == employee.email
    assert employee.password not in text or not employee.password


@pytest.mark.usefixtures("written")
def test_no_cell_of_a_table_is_a_formula(employee: User, sign_in: SignIn):
    archive = fetched(sign_in(employee), employee)

    for name in archive.namelist():
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))) for cell in row]
            assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []


def test_it_can_be_fetched_once_and_only_by_its_person(employee: User, strategist: User, sign_in: SignIn):
    client = sign_in(employee)
    client.post("/my/account/data/ask/")
    export = DataExport.objects.get()
    exporting.put_together(export_id=export.pk)

    stranger = sign_in(strategist).post(f"/my/account/data/{export.pk}/")
    first = client.post(f"/my/account/data/{export.pk}/")
    second = client.post(f"/my/account/data/{export.pk}/")

    assert stranger.status_code == 404
    assert second["Location"] == "/my/account/data/"
    assert first["Content-Type"] == "application/zip"
    assert client.get(f"/my/account/data/{export.pk}/").status_code == 405
    assert AuditEntry.objects.filter(verb="data.fetched").count() == 1
    assert Notification.objects.filter(person=employee, kind="privacy_export").count() == 1


def test_the_file_lies_encrypted_and_goes_after_a_week(employee: User, sign_in: SignIn):
    now = timezone.now()
    exporting.ask(by=employee, at=now)
    export = DataExport.objects.get()
    exporting.put_together(export_id=export.pk)
    (file,) = (Path(settings.MEDIA_ROOT) / "exports").iterdir()
    assert not zipfile.is_zipfile(file)

    assert exporting.fetch(by=employee, export_id=export.pk, at=now + timedelta(hours=25)) is None
    remove_old(at=now + timedelta(days=6))
    assert file.exists()
    remove_old(at=now + timedelta(days=8))

    assert not file.exists()
    export.refresh_from_db()
    assert (export.state, export.file) == ("gone", "")


def test_asking_twice_makes_one(employee: User, sign_in: SignIn):
    client = sign_in(employee)
    client.post("/my/account/data/ask/")
    client.post("/my/account/data/ask/")

    assert DataExport.objects.count() == QueuedJob.objects.filter(name="privacy.export").count() == 1
    assert "being put together" in client.get("/my/account/data/").content.decode()


def test_it_asks_once_more_who_it_is(employee: User, sign_in: SignIn, settings):
    employee.set_password("a-long-enough-password")
    employee.save()
    client = sign_in(employee)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0

    answer = client.post("/my/account/data/ask/")

    assert "reauthenticate" in answer["Location"]
    assert DataExport.objects.count() == 0


def test_an_export_that_stopped_half_way_is_put_together_again_and_leaves_no_file_behind(
    employee: User, strategist: User
):
    exporting.ask(by=employee, at=timezone.now())
    export = DataExport.objects.get()
    left = files.name_for_one()
    files.write(left, b"half")
    DataExport.objects.filter(pk=export.pk).update(file=left, done=3)

    exporting.put_together(export_id=export.pk)

    export.refresh_from_db()
    assert (export.state, export.done) == ("ready", export.parts)
    assert files.read(left) is None
    assert len(list((Path(settings.MEDIA_ROOT) / "exports").iterdir())) == 1


def test_what_a_purge_overtook_is_put_together_again(employee: User, monkeypatch: pytest.MonkeyPatch):
    exporting.ask(by=employee, at=timezone.now())
    export = DataExport.objects.get()
    write = files.write

    def purged_meanwhile(file: str, content: bytes) -> None:
        write(file, content)
        files.drop_files(DataExport.objects.exclude(file=""))

    monkeypatch.setattr(files, "write", purged_meanwhile)
    with pytest.raises(exporting.Outdated):
        exporting.put_together(export_id=export.pk)
    assert list((Path(settings.MEDIA_ROOT) / "exports").iterdir()) == []

    monkeypatch.undo()
    exporting.put_together(export_id=export.pk)
    export.refresh_from_db()
    assert export.state == "ready"


def test_asking_again_sets_a_parked_export_going(employee: User, sign_in: SignIn):
    client = sign_in(employee)
    client.post("/my/account/data/ask/")
    QueuedJob.objects.update(state="parked", finished_at=timezone.now(), attempts=3)
    DataExport.objects.update(asked_at=timezone.now() - timedelta(minutes=11))

    assert "/my/account/data/ask/" in client.get("/my/account/data/").content.decode()
    client.post("/my/account/data/ask/")

    assert QueuedJob.objects.get(name="privacy.export").state == "waiting"
    assert DataExport.objects.count() == 1
