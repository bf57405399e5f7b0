from uuid import UUID

import pytest

from coe_portal.search.actions import refresh
from feedback.models import Draft, Hold, Opened, QuestionStart, Topic
from tests.factories.feedback import QuestionFactory

KEY = "7f1e7f8e-1d6c-4b43-9a29-0d9d6e2e0a10"
TITLE = "May we film in the lobby?"


@pytest.fixture
def client(sign_in, employee, room):
    return sign_in(employee)


@pytest.fixture
def known(room):
    """An answered question that a search for the new one finds."""
    topic = QuestionFactory(category=room, title="Who may film in the lobby and when?")
    refresh("question", [topic.pk])
    return topic


def ask(client, **changes):
    values = {"title": TITLE, "text": "It is for a clip.", "category": "everyday", "key": KEY} | changes
    return client.post("/feedback/ask/", values)


def test_a_question_without_suggestions_is_asked_at_once(client, employee):
    response = ask(client)

    topic = Topic.objects.get()
    assert response.url == topic.get_absolute_url()
    assert (topic.kind, topic.title, topic.author) == ("question", TITLE, employee)
    start = QuestionStart.objects.get()
    assert (start.outcome, start.topic, start.key) == ("asked", topic, UUID(KEY))


def test_without_javascript_suggestions_are_a_step(client, known):
    step = ask(client)

    assert "Before you post: these may answer it" in step.content.decode()
    assert known.title in step.content.decode()
    assert Topic.objects.count() == 1

    ask(client, seen=TITLE)
    assert Topic.objects.filter(title=TITLE).count() == 1


def test_another_wording_is_looked_up_again(client, known):
    response = ask(client, seen="May we film in the garden?")

    assert response.status_code == 200
    assert Topic.objects.count() == 1


def test_suggestions_while_typing_are_a_part_of_the_page(client, known):
    response = client.get(
        "/feedback/ask/suggestions/", {"title": "film lobby", "key": KEY}, headers={"hx-request": "true"}
    )

    html = response.content.decode()
    assert known.title in html
    assert 'name="seen" value="film lobby" form="ask"' in html
    assert "<html" not in html


def test_suggestions_show_nothing_of_closed_categories(client, secret):
    refresh("question", [secret.pk])

    response = client.get("/feedback/ask/suggestions/", {"title": "statement outage", "key": KEY})

    assert secret.title not in response.content.decode()


@pytest.mark.parametrize("title", ["", "a", "((((" * 50, "'; --"])
def test_suggestions_survive_what_is_typed(client, title):
    assert client.get("/feedback/ask/suggestions/", {"title": title, "key": KEY}).status_code == 200


def test_opening_a_suggestion_is_noted_and_leads_there(client, employee, known):
    for _ in range(2):
        response = client.post("/feedback/ask/opened/", {"key": KEY, "url": known.get_absolute_url()})

    assert response.url == known.get_absolute_url()
    opened = Opened.objects.get()
    assert (opened.kind, opened.title, opened.start.person, opened.start.outcome) == (
        "question",
        known.title,
        employee,
        "open",
    )


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "/feedback/topics/999/", ""])
def test_only_what_can_be_found_can_be_opened(client, known, url):
    assert client.post("/feedback/ask/opened/", {"key": KEY, "url": url}).status_code == 404
    assert QuestionStart.objects.count() == 0


def test_a_hidden_question_cannot_be_opened(client, secret):
    refresh("question", [secret.pk])

    assert client.post("/feedback/ask/opened/", {"key": KEY, "url": secret.get_absolute_url()}).status_code == 404


def test_being_helped_ends_the_start_and_the_draft(client, known):
    ask(client)
    client.post("/feedback/ask/opened/", {"key": KEY, "url": known.get_absolute_url()})

    response = client.post("/feedback/ask/helped/", {"key": KEY})

    assert response.url == "/feedback/"
    assert QuestionStart.objects.get().outcome == "helped"
    assert Draft.objects.count() == 0
    assert Topic.objects.filter(title=TITLE).count() == 0


def test_asking_after_all_counts_as_asked(client, known):
    client.post("/feedback/ask/opened/", {"key": KEY, "url": known.get_absolute_url()})

    ask(client, seen=TITLE)

    start = QuestionStart.objects.get()
    assert (start.outcome, start.opened.count()) == ("asked", 1)


def test_the_same_form_twice_asks_once(client):
    urls = [ask(client).url for _ in range(2)]

    assert urls[0] == urls[1]
    assert Topic.objects.count() == 1
    assert Draft.objects.count() == 0


def test_a_clause_fills_in_what_it_is_about(client):
    page = client.get("/feedback/ask/", {"about": "Photos and video: Children", "url": "/policies/photos/#children"})
    assert "Photos and video: Children" in page.content.decode()

    ask(client, about="Photos and video: Children", url="/policies/photos/#children")

    topic = Topic.objects.get()
    assert (topic.about_title, topic.about_url) == ("Photos and video: Children", "/policies/photos/#children")
    assert "Photos and video: Children" in client.get(topic.get_absolute_url()).content.decode()


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"])
def test_a_question_is_only_about_pages_of_the_portal(client, url):
    ask(client, url=url, about="Click me")

    assert Topic.objects.get().about_url == ""


def test_a_draft_is_kept_on_an_error_and_shown_again(client):
    response = ask(client, title="Short")

    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert Draft.objects.get().fields["text"] == "It is for a clip."
    assert "It is for a clip." in client.get("/feedback/ask/").content.decode()


def test_a_draft_is_kept_while_typing_and_survives(client, employee):
    kept = client.post("/feedback/drafts/ask/", {"title": "Half a ques", "text": "So far"})
    client.post("/feedback/drafts/ask/", {"title": "Half a question", "text": "So far"})

    assert "Draft kept at" in kept.content.decode()
    draft = Draft.objects.get()
    assert (draft.person, draft.place, draft.fields) == (
        employee,
        "ask",
        {"title": "Half a question", "text": "So far"},
    )
    page = client.get("/feedback/ask/").content.decode()
    assert "Half a question" in page
    assert "We kept what you had typed" in page


def test_a_draft_is_somebodys_own(client, sign_in, strategist):
    client.post("/feedback/drafts/ask/", {"title": "Half a question"})

    assert "Half a question" not in sign_in(strategist).get("/feedback/ask/").content.decode()


def test_an_emptied_form_and_a_thrown_away_draft_leave_nothing(client):
    for drop in ("/feedback/drafts/ask/", "/feedback/drafts/ask/drop/"):
        client.post("/feedback/drafts/ask/", {"title": "Half a question"})
        client.post(drop, {"title": " "})
        assert Draft.objects.count() == 0


def test_what_looks_like_patient_information_is_shown_and_not_saved(client):
    response = ask(client, text="Her MRN 4471230 was visible.")

    html = response.content.decode()
    assert "This may identify a patient" in html
    assert "<mark" in html
    assert Topic.objects.count() == 0


def test_who_denies_it_is_held_for_review(client, employee):
    first = ask(client, text="Her MRN 4471230 was visible.")
    digest = first.context["form"].suspicion.digest

    response = ask(client, text="Her MRN 4471230 was visible.", confirmed=digest)

    topic = Topic.objects.get()
    assert response.url == topic.get_absolute_url()
    assert topic.is_held is True
    assert Hold.objects.get().found == ["record-number"]


def test_a_confirmation_counts_for_the_same_text_only(client):
    digest = ask(client, text="Her MRN 4471230 was visible.").context["form"].suspicion.digest

    ask(client, text="Her MRN 4471231 was visible.", confirmed=digest)

    assert Topic.objects.count() == 0


def test_a_confirmation_survives_the_step_of_suggestions(client, known):
    text = "Her MRN 4471230 was visible."
    digest = ask(client, text=text).context["form"].suspicion.digest

    step = ask(client, text=text, confirmed=digest)

    assert f'name="confirmed" value="{digest}"' in step.content.decode()


def test_one_cannot_ask_in_a_category_of_others(client, closed_room):
    response = ask(client, category="crisis-desk")

    assert response.status_code == 200
    assert Topic.objects.count() == 0
