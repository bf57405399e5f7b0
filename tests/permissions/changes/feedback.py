"""Discussions, questions, story ideas and their moderation."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from coe_portal.people.models import Audience
from feedback.models import Category, Post, Topic
from tests.permissions.changes.kinds import NEW, Change, Entry, Page, as_shown, one, send
from tests.permissions.samples import Arguments, colleague, question_of_others, reply, story

TOPIC = "feedback.topic"
POST = "feedback.post"
STORY = "feedback.story"
HOLD = "feedback.hold"
ROOF = "May I post a sunset from the roof?"


def topic_of_post(given: Arguments) -> int:
    return int(Post.objects.get(pk=given["post_id"]).topic_id)


def another_category(page: Page) -> dict[str, int]:
    shown = Topic.objects.get(pk=page.arguments["topic_id"])
    everyone = Category.objects.filter(audience__is_everyone=True).exclude(pk=shown.category_id)
    return {"category": everyone.order_by("pk").first().pk}


def another_question(page: Page) -> dict[str, str]:
    others = Topic.objects.filter(kind=Topic.Kind.QUESTION, category__audience__is_everyone=True, canonical=None)
    return {"original": str(others.exclude(pk=page.arguments["topic_id"]).order_by("pk").first().pk)}


def in_a_month() -> str:
    return (timezone.localdate() + timedelta(days=30)).isoformat()


CHANGES: dict[str, Change] = {
    "feedback:start": one(
        "employee", "started", TOPIC, NEW,
        fields=as_shown(title="A thing to talk about", text="What do you think?"),
    ),
    "feedback:ask": one(
        "employee", "started", TOPIC, NEW,
        fields=as_shown(title=ROOF, text="Nobody is in it.", seen=ROOF),
    ),
    "feedback:reply": one(
        "employee", "replied", TOPIC, fields=lambda page: {"key": str(uuid4()), "text": "Yes, with pleasure."}
    ),
    "feedback:edit": one("employee", "edited", POST, fields=as_shown(text="Said in other words.")),
    "feedback:accept": one("employee", "accepted", TOPIC, topic_of_post),
    "feedback:withdraw_answer": one("employee", "withdrew answer", TOPIC),
    "feedback:verify": one("strategist", "verified", TOPIC, fields=lambda page: {"until": in_a_month()}),
    "feedback:claim": one("strategist", "claimed", TOPIC),
    "feedback:duplicate": one(
        "strategist", "marked duplicate", TOPIC, fields=another_question,
        arguments=lambda: {"topic_id": question_of_others(accepted=None, canonical=None).pk},
    ),
    "feedback:move": one("strategist", "moved", TOPIC, fields=another_category),
    "feedback:lock": one("strategist", "locked", TOPIC, fields=send(on="yes")),
    "feedback:pin": one("strategist", "pinned", TOPIC, fields=send(on="yes")),
    "feedback:flag": one("employee", "flagged", POST, fields=send(reason="rude")),
    "feedback:decide_flags": Change(
        "strategist",
        [Entry("removed", POST), Entry("upheld flags", POST)],
        send(uphold="yes", reason="Unkind."),
        arguments=lambda: {"post_id": reply(colleague()).pk},
        because="The flags are decided and the post goes; it can be brought back without undoing the decision.",
    ),
    "feedback:remove": one(
        "strategist", "removed", POST, fields=send(reason="Told twice."),
        arguments=lambda: {"post_id": reply(colleague()).pk},
    ),
    "feedback:restore": one("strategist", "restored", POST),
    "feedback:release": one("strategist", "released", HOLD),
    "feedback:refuse": one("strategist", "refused", HOLD, fields=send(reason="It names a patient.")),
    "feedback:new_category": one(
        "strategist", "created", "feedback.category", NEW,
        fields=lambda page: page.as_shown(
            name="Quokkas", slug="quokkas", description="About them.", audience=Audience.objects.everyone().pk
        ),
    ),
    "feedback:change_category": one(
        "strategist", "changed", "feedback.category", fields=as_shown(description="Another one.")
    ),
    "feedback:hand_in": one(
        "employee", "handed in", STORY, NEW,
        fields=as_shown(title="A nurse who sings", text="Every morning.", shows_patient="no"),
    ),
    "feedback:move_story": one(
        "strategist", "moved", STORY, fields=send(state="shortlisted"),
        arguments=lambda: {"story_id": story(colleague()).pk},
    ),
    "feedback:authorise": one(
        "strategist", "recorded", "feedback.authorisation", NEW,
        fields=lambda page: {
            "signer": "patient", "reference": "A-17", "scope": "First name", "expires_on": in_a_month()
        },
    ),
    "feedback:revoke": one("strategist", "revoked", "feedback.authorisation"),
}  # fmt: skip
