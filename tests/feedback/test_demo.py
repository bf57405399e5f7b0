import pytest
from django.db.models import Count, F, Q

from coe_portal.guard.engine import find
from coe_portal.people.demo import build_organisation
from coe_portal.people.models import AudienceMember
from feedback import demo
from feedback.demo import clauses, reading
from feedback.models import Authorisation, Category, Hold, Post, QuestionStart, Story, StoryMove, Topic


def test_the_demo_is_whole(db):
    """One long test, since what it looks at takes seconds to build."""
    demo.build(build_organisation())

    assert Topic.objects.count() >= 150
    assert Topic.objects.questions().filter(accepted__isnull=False).count() >= 60
    assert Post.objects.count() >= 540
    assert set(Story.objects.values_list("state", flat=True)) == set(Story.State.values)
    assert Hold.objects.waiting().count() == 3

    _counts_are_consistent()
    _nobody_writes_where_they_cannot_read()
    _stories_went_their_way()


def _counts_are_consistent():
    replies = Count("posts", filter=Q(posts__number__gt=1, posts__is_held=False, posts__removed_at__isnull=True))
    wrong = Topic.objects.annotate(counted=replies).exclude(counted=F("reply_count"))
    assert list(wrong) == []
    assert list(Topic.objects.annotate(all=Count("posts")).exclude(all=F("last_number"))) == []
    found = Category.objects.annotate(counted=Count("topics")).exclude(counted=F("topic_count"))
    assert list(found) == []
    assert list(Post.objects.annotate(counted=Count("reactions")).exclude(counted=F("helpful_count"))) == []
    assert QuestionStart.objects.filter(outcome="asked").count() == Topic.objects.questions().count()


def _nobody_writes_where_they_cannot_read():
    readers = set(AudienceMember.objects.values_list("audience_id", "person_id"))
    writers = set(Post.objects.values_list("topic__category__audience_id", "author_id"))
    assert writers - readers == set()


def _stories_went_their_way():
    assert StoryMove.objects.filter(after=F("story__state")).values("story").distinct().count() == Story.objects.count()
    shown = Story.objects.filter(shows_patient=True, state__in=["scheduled", "published"])
    assert {story.pk for story in shown} <= set(Authorisation.objects.values_list("story_id", flat=True))


@pytest.mark.parametrize("name", ["questions.txt", "discussions.txt"])
def test_no_text_of_the_demo_identifies_a_patient(name):
    texts = [
        text for each in reading.threads(name) for text in (each.title, each.text, *(r.text for r in each.replies))
    ]

    assert [text for text in texts if find(text)] == []


def test_no_text_is_there_twice():
    threads = [*reading.threads("questions.txt"), *reading.threads("discussions.txt")]
    texts = [text for each in threads for text in (each.title, *(reply.text for reply in each.replies))]

    assert sorted(texts) == sorted(set(texts))


def test_every_word_for_a_clause_is_known():
    texts = [
        text
        for name in ("questions.txt", "discussions.txt")
        for each in reading.threads(name)
        for text in (each.text, *(r.text for r in each.replies))
    ]

    assert [text for text in texts if "{" in clauses.linked(text)] == []
