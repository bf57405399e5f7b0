"""A marker is planted through the pages everywhere a text can go; after the purge nothing has it."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from html import escape
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.cache import caches as django_caches
from django.db import connection
from django.test import Client
from django.utils import timezone
from redis import Redis

from coe_portal.audit.models import AuditEntry
from coe_portal.core.jobs import Later
from coe_portal.notifications.actions import notify
from coe_portal.outbox.actions import enqueue
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import User
from coe_portal.privacy import caches
from coe_portal.privacy.actions import exporting, purging
from coe_portal.privacy.actions.holding import Held, place
from coe_portal.privacy.models import DataExport, Purge
from coe_portal.privacy.patterns import pattern_of
from coe_portal.privacy.sweeping import count, removal_of, sweep
from coe_portal.search.actions import rebuild
from feedback.actions import drafts
from feedback.actions.topics import Text, edit, reply, start
from feedback.models import Draft, Post
from ops.stopping import wait_until
from ops.valkey import Valkey
from tests.factories.announcements import AnnouncementFactory, CommentFactory
from tests.factories.feedback import CategoryFactory, StoryFactory

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], Client]
NAME = "Zebediah O'Quartz"
MARKERS = ("Zebediah", "zebediah", "Quartz")


def dumped() -> dict[str, list[str]]:
    """Where any text or JSON column of any table still has a marker."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'tsvector', 'USER-DEFINED')"
        )
        columns = cursor.fetchall()
        found = {}
        for table, column in columns:
            cursor.execute(f'SELECT "{column}"::text FROM "{table}" WHERE "{column}"::text ~* %s', ["zebediah|quartz"])
            rows = [row for (row,) in cursor.fetchall()]
            if rows:
                found[f"{table}.{column}"] = rows
    return found


def cached() -> list[bytes]:
    client = cache._cache.get_client()
    values = [client.get(key) if client.type(key) == b"string" else b"" for key in client.keys("*")]
    return [value for value in values if value and any(word.encode() in value for word in MARKERS)]


@pytest.fixture
def planted(employee: User, strategist: User, sign_in: SignIn) -> Post:
    """In a topic, its earlier text, a quote, drafts, notifications, waiting jobs, search, caches, an export."""
    now, reader = timezone.now(), sign_in(strategist)
    category = CategoryFactory(audience=employee.audiences.get())
    topic = start(
        by=employee, category=category, kind="discussion", title=f"About {NAME}", at=now,
        text=Text(f"Yesterday **{NAME}** was on the ward.", uuid4()),
    )  # fmt: skip
    first = topic.posts.get(number=1)
    edit(by=employee, post=first, text=Text(f"{NAME} came again.", uuid4()), title=topic.title, at=now)
    reply(by=strategist, topic=topic, text=Text(f"> {NAME.upper()} came again.\n\nPlease ring me.", uuid4()), at=now)
    StoryFactory(source=f"Thank you, {NAME}", html=f"<p>Thank you, {escape(NAME)}</p>")
    AnnouncementFactory(text=f"Ask for {NAME}", html=f"<p>Ask for {escape(NAME)}</p>")
    drafts.keep(by=strategist, place=f"reply:{topic.pk}", fields={"text": f'Who is "{NAME}"?'}, at=now)
    notify(person_ids=[strategist.pk], kind="x", subject=f"About {NAME}", url=topic.get_absolute_url(), key="x")
    enqueue("people.refresh", {"note": NAME}, due=now + timedelta(days=1))
    rebuild()
    for path in (topic.get_absolute_url(), "/", "/feedback/", "/feedback/topics/", "/search/?q=Zebediah"):
        reader.get(path)
    exporting.ask(by=employee, at=now)
    exporting.put_together(export_id=DataExport.objects.get().pk)
    return first


def test_after_a_purge_the_words_are_nowhere(
    planted: Post, privacy_officer: User, sign_in: SignIn, strategist: User, caplog: pytest.LogCaptureFixture
):
    assert len(dumped()) > 8
    assert cached() != []
    caplog.clear()
    begun = time.monotonic()

    with caplog.at_level(logging.DEBUG):
        officer = sign_in(privacy_officer)
        answer = officer.post(f"/privacy/purges/post/{planted.pk}/", {"reason": "phi", "words": NAME})
        purge = Purge.objects.get()
        assert answer["Location"] == f"/privacy/purges/{purge.pk}/"
        purging.carry_out(purge_id=purge.pk)
        purging.carry_out(purge_id=purge.pk)

    assert time.monotonic() - begun < 60
    assert dumped() == {}
    assert cached() == []
    assert [path for path in Path(settings.MEDIA_ROOT).glob("exports/*") if path.is_file()] == []
    assert not any(word in caplog.text for word in MARKERS)
    purge.refresh_from_db()
    assert (purge.state, purge.failed, purge.sealed_words) == ("done", [], "")
    page = sign_in(strategist).get(planted.topic.get_absolute_url()).content.decode()
    assert "Removed for privacy" in page
    assert "Zebediah" not in page
    entry = AuditEntry.objects.get(verb="text.purged")
    assert (entry.actor, entry.details["object"], entry.details["reason"]) == (privacy_officer, planted.pk, "phi")


def test_what_has_nothing_to_do_with_it_stays(planted: Post, privacy_officer: User):
    other = StoryFactory(source="The garden of quartz is open.")

    made = purging.ask(
        by=privacy_officer, kind="post", object_id=planted.pk, reason="phi", words=[NAME], at=timezone.now()
    )
    purging.carry_out(purge_id=made.pk)

    other.refresh_from_db()
    assert other.source == "The garden of quartz is open."
    assert Post.objects.get(topic=planted.topic, number=2).source.endswith("Please ring me.")


def test_a_hold_stops_a_purge(planted: Post, privacy_officer: User, employee: User):
    place(by=privacy_officer, reason="Matter 12", person=employee, at=timezone.now())

    with pytest.raises(Held):
        purging.ask(by=privacy_officer, kind="post", object_id=planted.pk, reason="phi", words=[], at=timezone.now())


def test_the_words_stand_encrypted_until_they_are_gone(planted: Post, privacy_officer: User):
    made = purging.ask(
        by=privacy_officer, kind="post", object_id=planted.pk, reason="phi", words=[NAME], at=timezone.now()
    )

    assert NAME not in made.sealed_words


def test_the_officer_sees_first_where_the_words_stand(planted: Post, privacy_officer: User, sign_in: SignIn):
    answer = sign_in(privacy_officer).post(
        f"/privacy/purges/post/{planted.pk}/", {"reason": "phi", "words": NAME, "check": "1"}
    )

    assert answer.context["found"]["feedback.post"] == 2
    assert Purge.objects.count() == 0


def test_the_officer_finds_the_button_beside_the_text_and_nobody_else_does(
    planted: Post, privacy_officer: User, employee: User, strategist: User, sign_in: SignIn
):
    said = CommentFactory(announcement__audience=privacy_officer.audiences.get())
    buttons = {
        planted.topic.get_absolute_url(): f"/privacy/purges/post/{planted.pk}/",
        f"/announcements/{said.announcement_id}/": f"/privacy/purges/announcement/{said.announcement_id}/",
        f"/announcements/{said.announcement_id}/?": f"/privacy/purges/comment/{said.pk}/",
        "/privacy/purges/": "/privacy/purges/words/0/",
    }

    for page, button in buttons.items():
        assert button in sign_in(privacy_officer).get(page).content.decode()
        for person in (employee, strategist):
            assert button not in sign_in(person).get(page).content.decode()


def test_words_are_removed_without_naming_a_text(planted: Post, privacy_officer: User, sign_in: SignIn):
    officer = sign_in(privacy_officer)

    assert officer.get("/privacy/purges/words/1/").status_code == 404
    assert officer.post("/privacy/purges/words/0/", {"reason": "phi", "words": " "}).status_code == 422
    officer.post("/privacy/purges/words/0/", {"reason": "phi", "words": NAME})
    purging.carry_out(purge_id=Purge.objects.get().pk)

    assert dumped() == {}
    assert Post.objects.get(topic=planted.topic, number=2).source.endswith("Please ring me.")


def test_capitals_with_accents_are_the_same_letters():
    story = StoryFactory(source="Danke, JOSÉ ÑÚÑEZ!")

    sweep(removal_of(["José Ñúñez"], "-"))

    story.refresh_from_db()
    assert story.source == "Danke, -!"


@pytest.mark.parametrize("words", ["a", "abc", "ok\nno"])
def test_words_that_are_too_short_are_refused_and_kept_in_the_form(
    words: str, planted: Post, privacy_officer: User, sign_in: SignIn
):
    answer = sign_in(privacy_officer).post(f"/privacy/purges/post/{planted.pk}/", {"reason": "phi", "words": words})

    assert answer.status_code == 422
    assert words.splitlines()[0] in answer.content.decode()
    assert Purge.objects.count() == 0


def test_nobody_else_purges(planted: Post, employee: User, strategist: User, administrator: User, sign_in: SignIn):
    for person in (employee, strategist, administrator):
        assert sign_in(person).post(f"/privacy/purges/post/{planted.pk}/", {"reason": "phi"}).status_code == 403


def test_signs_of_regular_expressions_are_only_signs():
    story = StoryFactory(source="Room (4.12)* at 5 o'clock")

    sweep(removal_of(["(4.12)*"], "-"))

    story.refresh_from_db()
    assert story.source == "Room - at 5 o'clock"
    assert count(["(4x12)*"]) == {}
    assert pattern_of(["  ", "abc"]) == ""


@pytest.mark.parametrize(
    ("words", "written", "left"),
    [
        ("Rose", "Prose by Rose, Rosemary's rose.", "Prose by -, Rosemary's -."),
        ("4432", "MRN4432 of 44321", "MRN- of 44321"),
        ("Ana O'Brien", "Ana O\u2019Brien", "-"),
        ("Ana O\u2019Brien", "Ana O&#x27;Brien", "-"),
        ("José Peña", "Jose\u0301 Pen\u0303a", "-"),
        ("Jose\u0301 Pen\u0303a", "José Peña", "-"),
        ("Ana Maria Cruz", "**Ana** _Maria_\nCruz", "**-**"),
        ("Ana Cruz", "#AnaCruz #ana_cruz ana-cruz", "- - -"),
        ("Smith & Sons", "Smith &amp; Sons", "-"),
    ],
)
def test_words_are_found_however_they_were_typed(words: str, written: str, left: str):
    story = StoryFactory(source=written)

    sweep(removal_of([words], "-"))

    story.refresh_from_db()
    assert story.source.replace("_", "") == left


def test_tags_between_the_words_stay_in_balance():
    story = StoryFactory(html="<p><strong>Ana</strong> <em>Cruz</em> rang.</p>")

    sweep(removal_of(["Ana Cruz"], "-"))

    story.refresh_from_db()
    assert story.html == "<p><strong>-</strong><em></em> rang.</p>"


def test_json_stays_json(employee: User):
    fields = {"text": 'Ask "Ana\nCruz"', "Ana Cruz": [2026, "2026", 1.5, None, {"x": "of 2026."}]}
    Draft.objects.create(person=employee, place="ask", fields=fields, updated_at=timezone.now())

    swept = sweep(removal_of(["Ana Cruz", "2026"], "-"))

    assert Draft.objects.get().fields == {"text": 'Ask "-"', "-": [2026, "-", 1.5, None, {"x": "of -."}]}
    assert (swept.found, swept.failed) == ({"feedback.draft": 1}, [])


def test_more_rows_than_are_read_at_once_are_all_rewritten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("coe_portal.privacy.sweeping.ROWS_AT_ONCE", 2)
    for number in range(5):
        StoryFactory(source=f"Ana Cruz {number}")

    assert sweep(removal_of(["Ana Cruz"], "-")).found == {"feedback.story": 5}
    assert count(["Ana Cruz"]) == {}


def test_words_in_what_somebody_under_a_hold_wrote_stay(planted: Post, privacy_officer: User, employee: User):
    place(by=privacy_officer, reason="Matter 12", person=employee, at=timezone.now())

    with pytest.raises(Held):
        purging.ask(by=privacy_officer, kind="words", object_id=0, reason="phi", words=[NAME], at=timezone.now())
    purging.ask(by=privacy_officer, kind="words", object_id=0, reason="phi", words=["Nowhere"], at=timezone.now())

    assert Purge.objects.count() == 1


def test_a_purge_is_not_done_while_a_page_may_still_show_the_words(planted: Post, privacy_officer: User):
    made = purging.ask(
        by=privacy_officer, kind="post", object_id=planted.pk, reason="phi", words=[NAME], at=timezone.now()
    )
    found = len(cached())

    away = django_caches["default"]
    away._paused_until = float("inf")
    try:
        with pytest.raises(Later):
            purging.carry_out(purge_id=made.pk)
    finally:
        away._paused_until = 0.0

    made.refresh_from_db()
    assert (made.state, dumped(), len(cached())) == ("waiting", {}, found)
    purging.carry_out(purge_id=made.pk)
    made.refresh_from_db()
    assert (made.state, cached(), made.sealed_words) == ("done", [], "")
    assert sum(made.found.values()) > 8
    assert QueuedJob.objects.get(name="privacy.empty_caches").due_at > made.done_at


def test_the_append_only_file_of_the_server_holds_nothing_either(tmp_path: Path):
    service = Valkey(tmp_path)
    running = service.start()
    try:
        with Redis.from_url(service.url) as server:
            server.set("page", f"About {NAME}")
            assert stands_on_disk(service.data)

            assert caches._empty(server)

            wait_until(lambda: not stands_on_disk(service.data), 30, running)
            assert server.dbsize() == 0
    finally:
        running.end(10)


def stands_on_disk(folder: Path) -> bool:
    return any(NAME.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())
