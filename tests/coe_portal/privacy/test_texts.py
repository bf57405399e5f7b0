"""Every column that can hold a text is thought of; from each one that can name a patient a purge takes the words."""

import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from datetime import time as time_of_day
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models
from django.db.models import Model, QuerySet
from django.test import Client
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker
from redis import Redis

from coe_portal.contributions import contributions
from coe_portal.core.database_roles import as_owner
from coe_portal.core.redis_urls import cache_url
from coe_portal.demo.build import build
from coe_portal.directory.models import DirectoryImport
from coe_portal.people.demo import DOMAIN
from coe_portal.people.models import User
from coe_portal.personal import Columns
from coe_portal.privacy.actions import purging
from coe_portal.privacy.actions.holding import release
from coe_portal.privacy.models import LegalHold, Purge
from coe_portal.privacy.sweeping import columns_of, models_to_sweep
from coe_portal.search.actions import rebuild
from coe_portal.search.models import SearchWord
from metrics.imports.models import Upload
from policies.actions.drafting import clauses_of
from policies.models import Clause, Version
from policies.text import parse
from tests.database import another_copy, using
from tests.policies.test_redacting import TEXT
from training.models import Lesson

NAME = "Zebediah O'Quartz"
SLUG = "zebediah-oquartz"
MARKER = "zebediah|quartz"


def decided() -> dict[str, Columns]:
    return {label: columns for one in contributions() for label, columns in one.personal.texts.items()}


def can_hold_text(field: Any) -> bool:
    if field.generated or field.choices or field.is_relation:
        return False
    if isinstance(field, ArrayField):
        return isinstance(field.base_field, models.CharField | models.TextField)
    kinds = (models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField)
    return isinstance(field, kinds)


def text_columns() -> dict[str, set[str]]:
    found = {}
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields if can_hold_text(field)}
        if names and model._meta.managed and not model._meta.proxy:
            found[model._meta.label_lower] = names
    return found


def named(columns: Columns) -> list[str]:
    return " ".join([columns.swept, columns.own, *columns.never.values()]).split()


def test_every_column_that_can_hold_a_text_is_decided_on_once():
    lists, wanted = decided(), text_columns()

    # Add a new one to the `texts` of its app: `swept`, or `own`, or `never` with the reason.
    assert {label: sorted(wanted[label] - set(named(lists.get(label, Columns())))) for label in wanted} == {
        label: [] for label in wanted
    }
    assert {label: sorted(set(named(columns)) - wanted.get(label, set())) for label, columns in lists.items()} == {
        label: [] for label in lists
    }
    assert [label for label, columns in lists.items() if len(named(columns)) != len(set(named(columns)))] == []


def test_what_is_said_to_be_swept_is_swept():
    swept = {model._meta.label_lower: {each.name for each in columns_of(model)} for model in models_to_sweep()}

    assert {
        label for label, columns in decided().items() if set(columns.swept.split()) - swept.get(label, set())
    } == set()


def test_what_is_never_purged_has_a_reason():
    assert [label for label, each in decided().items() if any(len(reason) < 20 for reason in each.never)] == []


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A whole organisation, so that nearly every table has a row to plant words in."""
    with django_db_blocker.unblock(), another_copy("purge") as name, using(name):
        build()
        yield


def plant(model: type[Model], name: str) -> None:
    """How the words got there is no matter, so neither triggers nor checks are asked; see `plant_everywhere`."""
    field = model._meta.get_field(name)
    row = QuerySet(model).order_by("pk").first() or a_row_of(model)
    QuerySet(model).filter(pk=row.pk).update(**{name: planted(field, row)})


def a_row_of(model: type[Model]) -> Model:
    """Of what the demo organisation has none of: whatever its columns take."""
    values = {
        field.attname: value_for(field)
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated and not field.has_default() and not field.null
    }
    (row,) = QuerySet(model).bulk_create([model(**values)])
    return row


def value_for(field: Any) -> Any:
    if field.is_relation:
        return (QuerySet(field.related_model).order_by("pk").first() or a_row_of(field.related_model)).pk
    made: dict[type[Any], Any] = {
        models.DateTimeField: timezone.now(), models.DateField: timezone.localdate(), models.UUIDField: uuid4(),
        models.BinaryField: b"", models.IntegerField: 1, models.DecimalField: 1, models.BooleanField: False,
        models.GenericIPAddressField: "198.51.100.7", models.TimeField: time_of_day(7), models.JSONField: {},
        ArrayField: [], models.DurationField: timedelta(1), models.FloatField: 1.0,
    }  # fmt: skip
    return next((value for kind, value in made.items() if isinstance(field, kind)), "x")


def planted(field: Any, row: Model) -> Any:
    was = getattr(row, field.attname)
    if isinstance(field, models.JSONField):
        return with_name(was)
    if isinstance(field, ArrayField):
        return [NAME]
    if isinstance(field, models.SlugField):
        return SLUG
    if field.name == "html" or field.name.endswith("_html"):
        return f"<p>Thank you, {NAME.replace(chr(39), '&#x27;')}!</p>"
    return f"Ask {NAME}."[: field.max_length or 1_000]


def plant_in_clauses() -> None:
    """They are read from the text of their version, always: so they are here."""
    version = Version.objects.order_by("pk")[0]
    Version.objects.filter(pk=version.pk).update(text=TEXT, intro_html=f"<p>What {NAME} taught us.</p>")
    version.clauses.all().delete()
    Clause.objects.bulk_create(clauses_of(version, parse(TEXT).clauses))


def with_name(value: Any) -> Any:
    """In the place of every text, so that the form of the value stays what its app expects."""
    if isinstance(value, str):
        return f"Ask {NAME}."
    if isinstance(value, dict):
        return {**{key: with_name(each) for key, each in value.items()}, "note": NAME}
    if isinstance(value, list):
        return [with_name(each) for each in value] or [NAME]
    return value


def plant_everywhere() -> None:
    """In a copy of the database that nothing else uses; the rules against changes hold again afterwards."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0")
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        tables = connection.introspection.table_names()
        cursor.execute("; ".join(f'ALTER TABLE "{table}" DISABLE TRIGGER USER' for table in tables))
        for label, columns in sorted(decided().items()):
            for name in columns.swept.split():
                if label != "policies.clause":
                    plant(apps.get_model(label), name)
        plant_in_clauses()
        cursor.execute("; ".join(f'ALTER TABLE "{table}" ENABLE TRIGGER USER' for table in tables))


def plant_in_files_and_sessions() -> None:
    """Where no pattern reaches: what the apps take the words from by themselves."""
    spreadsheet = io.BytesIO()
    with zipfile.ZipFile(spreadsheet, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<si><t>{NAME.replace(chr(39), '&apos;')}</t></si>")
    upload, imported = Upload.objects.order_by("pk")[0], DirectoryImport.objects.order_by("pk")[0]
    Upload.objects.filter(pk=upload.pk).update(content=f"day,text\n2026-01-01,{NAME}".encode("utf-16"))
    DirectoryImport.objects.filter(pk=imported.pk).update(content=spreadsheet.getvalue())
    lesson = Lesson.objects.order_by("pk")[0]
    Lesson.objects.filter(pk=lesson.pk).update(
        video=default_storage.save(f"training/videos/{SLUG}.mp4", ContentFile(b"moving"))
    )
    session = SessionStore()
    session["account_reauthentication_state"] = {"request": json.dumps({"POST": "words=Zebediah+O%27Quartz"})}
    session["kept"] = "yes"
    session.save()


def in_the_database() -> list[str]:
    """Where a column of any table has the name, as text, in bytes, or in a spreadsheet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'tsvector', 'bytea',"
            " 'USER-DEFINED')"
        )
        found = []
        for table, column, kind in cursor.fetchall():
            if kind == "bytea":
                cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
                hit = any(has_name(bytes(content)) for (content,) in cursor.fetchall())
            else:
                cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ~* %s', [MARKER])
                hit = bool(cursor.fetchone()[0])
            found += [f"{table}.{column}"] * hit
    return found


def column_of(label: str, name: str) -> str:
    meta = apps.get_model(label)._meta
    return f"{meta.db_table}.{meta.get_field(name).column}"


def has_name(content: bytes) -> bool:
    if content[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(content))
        return any(has_name(archive.read(name)) for name in archive.namelist())
    lowered = content.replace(b"\0", b"").lower()
    return b"zebediah" in lowered or b"quartz" in lowered


def in_sessions() -> list[str]:
    return [each.pk for each in Session.objects.all() if "ebediah" in json.dumps(each.get_decoded())]


def in_valkey() -> list[str]:
    """Keys and values of the databases that this portal has on the server, of the cache and of the broker."""
    found = []
    queue = int(re.search(r"\d+$", settings.CELERY_BROKER_URL)[0])
    for url in (settings.CACHES["default"]["LOCATION"], cache_url(settings.REDIS_URL, queue)):
        with Redis.from_url(url) as server:
            keys = list(server.scan_iter())
            found += [f"{url}: {key!r}" for key in keys if has_name(key) or has_name(value_of(server, key))]
    return found


def value_of(server: Any, key: bytes) -> bytes:
    read = {
        b"string": lambda: server.get(key),
        b"hash": lambda: server.hgetall(key),
        b"list": lambda: server.lrange(key, 0, -1),
        b"set": lambda: server.smembers(key),
        b"zset": lambda: server.zrange(key, 0, -1),
    }.get(server.type(key))
    value = read() if read else b""
    return value if isinstance(value, bytes) else repr(value).encode()


def in_files() -> list[str]:
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    return [str(path) for path in files if has_name(path.name.encode()) or has_name(path.read_bytes())]


PAGES = (
    "/", "/my/", "/policies/", "/training/", "/feedback/", "/feedback/topics/", "/feedback/stories/", "/announcements/",
    "/channels/", "/metrics/", "/search/?q=Zebediah", "/people/",
)  # fmt: skip


def signed_in(key: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(
        User.objects.order_by("pk").filter(email__endswith=DOMAIN, email__startswith=key)[0],
        backend="coe_portal.people.backends.PortalBackend",
    )
    return client


@pytest.mark.usefixtures("demo")
def test_words_planted_in_every_column_are_nowhere_after_a_purge():
    officer, reader = signed_in("privacy"), signed_in("strategist")
    plant_everywhere()
    plant_in_files_and_sessions()
    rebuild()
    for page in PAGES:
        reader.get(page)
    wanted = {column_of(label, name) for label, each in decided().items() for name in each.swept.split()}
    assert wanted - set(in_the_database()) == set()
    assert in_valkey() != []
    assert len(in_sessions()) == len(in_files()) == 1
    assert SearchWord.objects.filter(word="zebediah").exists()
    asked = {"reason": "phi", "words": NAME}
    assert officer.post("/privacy/purges/words/0/", asked)["Location"] == "/privacy/purges/words/0/"
    for hold in LegalHold.objects.filter(released_at=None):  # the demo's, over somebody in whose texts it was planted
        release(by=hold.placed_by, hold=hold, at=timezone.now())
    begun = time.monotonic()

    answer = officer.post("/privacy/purges/words/0/", asked)
    made = Purge.objects.order_by("-pk")[0]
    assert answer["Location"] == f"/privacy/purges/{made.pk}/"
    purging.carry_out(purge_id=made.pk)

    assert time.monotonic() - begun < 60
    made.refresh_from_db()
    assert (made.state, made.failed) == ("done", [])
    assert in_the_database() == []
    assert in_valkey() == []
    assert in_sessions() == in_files() == []
    assert Session.objects.filter(session_data__isnull=False).count() > 1
    lesson = Lesson.objects.order_by("pk")[0]
    assert default_storage.open(lesson.video.name).read() == b"moving"
    for page in PAGES:
        shown = reader.get(page).content.decode().lower().replace('value="zebediah"', "")
        assert "quartz" not in shown
