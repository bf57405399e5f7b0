from django.core.cache import cache

from feedback import reads
from feedback.actions import reading
from feedback.models import ReadMark, Topic
from feedback.queries.lists import last_read
from feedback.tasks import flush_reads
from tests.factories.feedback import TopicFactory


def test_reading_a_topic_writes_no_row_and_is_known_at_once(sign_in, employee, discussion):
    sign_in(employee).get(discussion.get_absolute_url())

    assert ReadMark.objects.count() == 0
    assert last_read(employee, [discussion.pk]) == {discussion.pk: 1}


def test_the_job_writes_all_marks_in_one_statement(employee, strategist, room, django_assert_num_queries, now):
    first, second = TopicFactory.create_batch(2, category=room, last_number=9)
    marks = {(employee.pk, first.pk): 3, (employee.pk, second.pk): 9, (strategist.pk, first.pk): 1}

    with django_assert_num_queries(1):
        written = reading.write_reads(reads=marks, at=now)

    assert written == 3
    assert set(ReadMark.objects.values_list("person_id", "topic_id", "number")) == {
        (person, topic, number) for (person, topic), number in marks.items()
    }


def test_the_job_empties_the_waiting_marks(employee, discussion, django_capture_on_commit_callbacks):
    reads.remember(employee.pk, discussion.pk, 1)

    with django_capture_on_commit_callbacks(execute=True):
        flush_reads()

    assert reads.take() == {}
    assert ReadMark.objects.get().number == 1


def test_marks_survive_a_job_that_dies(employee, discussion):
    reads.remember(employee.pk, discussion.pk, 1)

    assert reads.take() == reads.take() == {(employee.pk, discussion.pk): 1}


def test_marks_only_move_forward(employee, discussion, now):
    Topic.objects.filter(pk=discussion.pk).update(last_number=40)
    for number in (40, 20):
        reads.remember(employee.pk, discussion.pk, number)
        reading.write_reads(reads={(employee.pk, discussion.pk): number}, at=now)

    assert reads.waiting(employee.pk, [discussion.pk]) == {discussion.pk: 40}
    assert ReadMark.objects.get().number == 40


def test_a_topic_that_is_gone_is_passed_over(employee, now):
    assert reading.write_reads(reads={(employee.pk, 999_999): 1}, at=now) == 0


def test_nothing_is_asked_for_nothing(employee):
    assert reads.waiting(employee.pk, []) == {}
    assert reads.take() == {}
    assert cache.get("feedback:reads") is None
