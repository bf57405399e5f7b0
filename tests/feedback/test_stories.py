from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from coe_portal.audit.models import AuditEntry
from feedback.actions import stories as actions
from feedback.actions.stories import Step
from feedback.models import NEXT, Authorisation, Draft, Hold, Story, StoryMove
from feedback.queries.stories import AFTER_PATIENT, FORWARD, Card
from tests.factories.feedback import StoryFactory
from tests.factories.people import DepartmentFactory, MembershipFactory

State = Story.State
DAY = date(2026, 4, 1)
LINK = "https://www.riverbend.example/news/garden"


@pytest.fixture
def form(employee):
    department = DepartmentFactory(name="Emergency Department")
    MembershipFactory(person=employee, department=department)
    return {
        "title": "The garden on the roof",
        "text": "Nurses planted tomatoes.",
        "department": department.pk,
        "contact": "The charge nurse",
        "shows_patient": "no",
        "key": str(uuid4()),
    }


def authorise(story, by, now, *, until=date(2027, 1, 1)):
    row = Authorisation(signer="patient", reference="AUT-7", scope="A picture", expires_on=until)
    return actions.authorise(by=by, story=story, authorisation=row, at=now)


def test_the_table_of_states_is_complete():
    assert set(NEXT) == set(State)
    assert {state for following in NEXT.values() for state in following} <= set(State)
    assert [state for state in State if not NEXT[state]] == [State.PUBLISHED]


def test_the_way_forward_is_one_of_the_table():
    for way in (FORWARD, AFTER_PATIENT):
        assert set(way) == set(State)
        assert [state for state, after in way.items() if after and after not in NEXT[state]] == []


@pytest.mark.parametrize(
    ("state", "shows_patient", "authorised", "label"),
    [
        ("idea", False, False, "Shortlist"),
        ("shortlisted", False, False, "Schedule"),
        ("shortlisted", True, False, "Get an authorisation"),
        ("authorisation", True, False, "Record authorisation"),
        ("authorisation", True, True, "Schedule"),
        ("scheduled", True, True, "Mark as published"),
        ("declined", False, False, "Back to the ideas"),
    ],
)
def test_a_card_offers_the_next_step(state, shows_patient, authorised, label):
    card = Card(Story(state=state, shows_patient=shows_patient), authorised)

    assert str(card.step.label) == label


def test_a_published_story_has_no_next_step():
    assert Card(Story(state="published"), is_authorised=True).step is None


def test_every_state_can_be_reached_from_an_idea():
    reached, waiting = set(), [State.IDEA]
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting.extend(set(NEXT[state]) - reached)

    assert reached == set(State)


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_only_moves_of_the_table_are_possible(strategist, now, before, after):
    needed = {"scheduled_for": DAY, "published_url": LINK, "declined_reason": "No."}
    story = StoryFactory(state=before, **needed)
    step = Step(after, note="Because.", scheduled_for=DAY, published_url=LINK)
    if after not in NEXT[before] and after != before:
        with pytest.raises(ValidationError):
            actions.move(by=strategist, story=story, step=step, at=now)
    else:
        actions.move(by=strategist, story=story, step=step, at=now)

    story.refresh_from_db()
    assert story.state == (after if after in NEXT[before] else before)


@pytest.mark.parametrize(
    ("state", "missing"),
    [("declined", {"declined_reason": ""}), ("scheduled", {}), ("published", {}), ("nonsense", {})],
)
def test_the_database_refuses_half_a_state(state, missing, db):
    with pytest.raises(IntegrityError), transaction.atomic():
        StoryFactory(state=state, **missing)


def test_a_move_is_kept_traced_and_told(strategist, employee, now):
    story = StoryFactory(submitter=employee, title="The garden")

    actions.move(by=strategist, story=story, step=Step(State.SHORTLISTED, note="Lovely."), at=now)

    move = StoryMove.objects.get()
    assert (move.before, move.after, move.by, move.note) == ("idea", "shortlisted", strategist, "Lovely.")
    told = employee.notifications.get()
    assert (told.kind, told.subject, told.url) == (
        "feedback.story_moved",
        "The garden: Shortlisted",
        story.get_absolute_url(),
    )
    assert AuditEntry.objects.get().details == {"before": "idea", "after": "shortlisted"}


def test_moving_twice_to_the_same_state_moves_once(strategist, employee, now):
    story = StoryFactory(submitter=employee)

    for _ in range(2):
        actions.move(by=strategist, story=story, step=Step(State.SHORTLISTED), at=now)

    assert StoryMove.objects.count() == 1
    assert employee.notifications.count() == 1


def test_employees_move_nothing(employee, now):
    with pytest.raises(PermissionDenied):
        actions.move(by=employee, story=StoryFactory(submitter=employee), step=Step(State.SHORTLISTED), at=now)


def test_a_story_with_a_patient_waits_for_the_authorisation(strategist, now):
    story = StoryFactory(state=State.AUTHORISATION, shows_patient=True)
    step = Step(State.SCHEDULED, scheduled_for=DAY)

    with pytest.raises(ValidationError):
        actions.move(by=strategist, story=story, step=step, at=now)
    authorise(story, strategist, now)
    actions.move(by=strategist, story=story, step=step, at=now)

    story.refresh_from_db()
    assert (story.state, story.scheduled_for) == ("scheduled", DAY)


@pytest.mark.parametrize(("until", "revoked"), [(DAY - timedelta(days=1), None), (DAY, DAY - timedelta(days=9))])
def test_an_authorisation_must_be_valid_on_the_day(strategist, now, until, revoked):
    story = StoryFactory(state=State.AUTHORISATION, shows_patient=True)
    found = authorise(story, strategist, now, until=until)
    if revoked:
        actions.revoke(by=strategist, authorisation=found, on=revoked)

    with pytest.raises(ValidationError):
        actions.move(by=strategist, story=story, step=Step(State.SCHEDULED, scheduled_for=DAY), at=now)


def test_publishing_checks_the_authorisation_again(strategist, now):
    story = StoryFactory(state=State.SCHEDULED, scheduled_for=DAY, shows_patient=True)
    found = authorise(story, strategist, now)
    actions.revoke(by=strategist, authorisation=found, on=DAY)

    with pytest.raises(ValidationError):
        actions.move(
            by=strategist,
            story=story,
            step=Step(State.PUBLISHED, published_url=LINK),
            at=datetime(2026, 4, 2, tzinfo=UTC),
        )


def test_hand_in_through_the_page(sign_in, employee, form):
    response = sign_in(employee).post("/feedback/stories/new/", form)

    story = Story.objects.get()
    assert response.url == story.get_absolute_url()
    assert (story.title, story.submitter, story.state, story.shows_patient) == (
        "The garden on the roof",
        employee,
        "idea",
        False,
    )
    assert [move.after for move in story.moves.all()] == ["idea"]


def test_the_form_knows_the_department(sign_in, employee, form):
    assert sign_in(employee).get("/feedback/stories/new/").context["form"].initial["department"] == form["department"]


def test_handing_in_twice_makes_one_story(sign_in, employee, form):
    client = sign_in(employee)

    urls = [client.post("/feedback/stories/new/", form).url for _ in range(2)]

    assert urls[0] == urls[1]
    assert Story.objects.count() == 1


def test_whether_a_patient_is_shown_must_be_said(sign_in, employee, form):
    client = sign_in(employee)

    response = client.post("/feedback/stories/new/", form | {"shows_patient": ""})

    assert list(response.context["form"].errors) == ["shows_patient"]
    assert Draft.objects.get().fields["title"] == "The garden on the roof"
    assert "Nurses planted tomatoes." in client.get("/feedback/stories/new/").content.decode()


def test_a_suspicious_story_is_held_when_confirmed(sign_in, employee, strategist, form):
    client = sign_in(employee)
    text = "Her MRN 4471230 was visible."
    digest = client.post("/feedback/stories/new/", form | {"text": text}).context["form"].suspicion.digest

    client.post("/feedback/stories/new/", form | {"text": text, "confirmed": digest})

    story = Story.objects.get()
    assert (story.is_held, Hold.objects.get().story) == (True, story)
    assert sign_in(strategist).get(story.get_absolute_url()).status_code == 404
    assert story.title not in sign_in(strategist).get("/feedback/stories/board/").content.decode()


def test_releasing_a_story_puts_it_on_the_board(sign_in, employee, strategist, privacy_officer, form):
    story = StoryFactory(is_held=True, title="A held story")
    hold = Hold.objects.create(story=story, found=["room"], created_at=story.created_at)

    sign_in(privacy_officer).post(f"/feedback/holds/{hold.pk}/release/")

    assert "A held story" in sign_in(strategist).get("/feedback/stories/board/").content.decode()
    assert story.submitter.notifications.get().kind == "feedback.released"


def test_a_story_is_its_submitters_and_the_strategists(sign_in, employee, executive, privacy_officer, strategist):
    url = StoryFactory(submitter=employee).get_absolute_url()

    assert [sign_in(each).get(url).status_code for each in (employee, strategist, executive, privacy_officer)] == [
        200,
        200,
        404,
        404,
    ]


@pytest.mark.parametrize("path", ["move/", "authorisation/"])
def test_only_strategists_act_on_stories(sign_in, employee, path):
    story = StoryFactory(submitter=employee)

    assert sign_in(employee).post(f"{story.get_absolute_url()}{path}", {"state": "shortlisted"}).status_code == 404
    story.refresh_from_db()
    assert story.state == "idea"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_board_makes_constant_queries(sign_in, strategist, rows, django_assert_num_queries):
    StoryFactory.create_batch(rows)
    client = sign_in(strategist)
    client.get("/feedback/")

    with django_assert_num_queries(2):
        client.get("/feedback/stories/board/")


@pytest.mark.parametrize("rows", [1, 3])
def test_my_stories_make_constant_queries(sign_in, employee, rows, django_assert_num_queries):
    StoryFactory.create_batch(rows, submitter=employee)
    client = sign_in(employee)
    client.get("/feedback/")

    with django_assert_num_queries(1):
        client.get("/feedback/stories/")


def test_the_board_moves_by_a_button_and_comes_back(sign_in, strategist):
    story = StoryFactory()

    response = sign_in(strategist).post(f"{story.get_absolute_url()}move/", {"state": "shortlisted", "back": "board"})

    assert response.url == "/feedback/stories/board/"


def test_what_a_move_lacks_is_said_on_the_page(sign_in, strategist):
    story = StoryFactory(state=State.SHORTLISTED)

    response = sign_in(strategist).post(f"{story.get_absolute_url()}move/", {"state": "scheduled"})

    assert "Choose the day on which it is to appear." in response.content.decode()


def test_record_and_revoke_an_authorisation_through_pages(sign_in, strategist):
    story = StoryFactory(state=State.AUTHORISATION, shows_patient=True)
    client = sign_in(strategist)
    row = {"signer": "parent", "reference": "AUT-9", "scope": "First name", "expires_on": "2099-01-01"}

    client.post(f"{story.get_absolute_url()}authorisation/", row)
    found = Authorisation.objects.get()
    assert (found.signer, found.recorded_by) == ("parent", strategist)

    client.post(f"/feedback/stories/authorisations/{found.pk}/revoke/")
    found.refresh_from_db()
    assert found.revoked_on is not None


def test_a_published_story_without_authorisation_asks_to_take_it_down(sign_in, strategist):
    story = StoryFactory(state=State.PUBLISHED, published_url=LINK, shows_patient=True)

    html = sign_in(strategist).get(story.get_absolute_url()).content.decode()

    assert "Take it down" in html
    assert "Figures are not collected for this story yet." in html
