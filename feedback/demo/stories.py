"""Forty stories over all states, each with the way it went."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from coe_portal.core import markdown
from coe_portal.guard.engine import find
from coe_portal.people.demo import DemoOrganisation
from coe_portal.people.models import Department, Membership, User
from feedback.demo.forum import key, this_morning
from feedback.demo.reading import Tale, tales
from feedback.demo.rooms import Cast
from feedback.models import Authorisation, Hold, Story, StoryMove

IDEA, SHORTLISTED, AUTHORISATION, SCHEDULED, PUBLISHED, DECLINED = Story.State.values
WAYS = {
    IDEA: [IDEA],
    SHORTLISTED: [IDEA, SHORTLISTED],
    AUTHORISATION: [IDEA, SHORTLISTED, AUTHORISATION],
    SCHEDULED: [IDEA, SHORTLISTED, SCHEDULED],
    PUBLISHED: [IDEA, SHORTLISTED, SCHEDULED, PUBLISHED],
    DECLINED: [IDEA, DECLINED],
}
# How many days ago a story of that state was handed in, at least and at most.
AGES = {
    IDEA: (1, 12),
    SHORTLISTED: (10, 40),
    AUTHORISATION: (15, 45),
    SCHEDULED: (20, 60),
    PUBLISHED: (60, 340),
    DECLINED: (20, 300),
}
OF_ROSA = {
    "What is in the pockets of an emergency nurse",
    "The silence experiment",
    "Back on the bicycle after a year",
    "The funniest things found in an X-ray",
}
HELD = Tale(
    IDEA,
    "Labor and Delivery",
    shows_patient=False,
    title="The rocking chair that everybody signs",
    text="Since May 3, 2011 each colleague who retires signs the rocking chair in Room 7. There are 41 names on it.",
)


def build(organisation: DemoOrganisation, cast: Cast) -> None:
    now = this_morning(organisation)
    told = [*tales(), HELD]
    members = _members(organisation)
    rows = [_story(tale, organisation, cast, members, now) for tale in told]
    Story.objects.bulk_create(story for story, _ in rows)
    StoryMove.objects.bulk_create(move for _, moves in rows for move in moves)
    _authorisations([story for story, _ in rows], cast, now)
    held = rows[-1][0]
    kinds = sorted({str(finding.kind) for finding in find(held.source)})
    Hold.objects.create(story=held, found=kinds, created_at=held.created_at)


def _members(organisation: DemoOrganisation) -> dict[int, list[User]]:
    people = {person.pk: person for person in organisation.people}
    found: dict[int, list[User]] = {}
    for department_id, person_id in Membership.objects.order_by("pk").values_list("department_id", "person_id"):
        found.setdefault(department_id, []).append(people[person_id])
    return found


def _story(
    tale: Tale, organisation: DemoOrganisation, cast: Cast, members: dict[int, list[User]], now: datetime
) -> tuple[Story, list[StoryMove]]:
    department = organisation.departments[tale.department]
    submitter = cast.rosa if tale.title in OF_ROSA else cast.chance.choice(members[department.pk])
    created = now - timedelta(days=cast.chance.randint(*AGES[tale.state]), minutes=cast.chance.randint(0, 600))
    story = _row(tale, department, submitter, cast, created)
    moves = _moves(story, tale, cast, now)
    story.moved_at = moves[-1].at
    if tale.state == SCHEDULED:
        story.scheduled_for = organisation.today + timedelta(days=cast.chance.randint(2, 25))
    if tale.state == PUBLISHED:
        story.scheduled_for = moves[-1].at.date()
    return story, moves


def _row(tale: Tale, department: Department, submitter: User, cast: Cast, created: datetime) -> Story:
    return Story(
        title=tale.title,
        source=tale.text,
        html=markdown.render(tale.text),
        department=department,
        contact=f"{submitter.name}, {department.name}",
        shows_patient=tale.shows_patient,
        submitter=submitter,
        key=key(cast),
        created_at=created,
        state=tale.state,
        published_url=tale.url,
        declined_reason=tale.reason,
        is_held=tale is HELD,
    )


def _moves(story: Story, tale: Tale, cast: Cast, now: datetime) -> list[StoryMove]:
    way = _way(tale)
    step = (now - story.created_at) / (len(way) + 1)
    by = [story.submitter, *(cast.chance.choice(cast.center) for _ in way[1:])]
    return [
        StoryMove(
            story=story,
            before=way[place - 1] if place else "",
            after=state,
            by=by[place],
            at=story.created_at + step * place,
            note=tale.reason if state == DECLINED else "",
        )
        for place, state in enumerate(way)
    ]


def _way(tale: Tale) -> Sequence[str]:
    way = WAYS[tale.state]
    if tale.shows_patient and SCHEDULED in way:
        return [*way[:2], AUTHORISATION, *way[2:]]
    return way


def _authorisations(stories: Sequence[Story], cast: Cast, now: datetime) -> None:
    """Scheduled and published ones have theirs; of those that wait for it, the first has come back."""
    shown = [story for story in stories if story.shows_patient]
    waiting = [story for story in shown if story.state == AUTHORISATION]
    having = [story for story in shown if story.state in {SCHEDULED, PUBLISHED}] + waiting[:1]
    Authorisation.objects.bulk_create(
        Authorisation(
            story=story,
            signer=Authorisation.Signer.PATIENT,
            reference=f"AUT-{now.year}-{place:03}",
            scope="Voice, picture and first name, on our own channels.",
            expires_on=(now + timedelta(days=cast.chance.randint(200, 700))).date(),
            recorded_by=cast.chance.choice(cast.center),
            recorded_at=story.moved_at - timedelta(hours=20),
        )
        for place, story in enumerate(having, start=11)
    )
