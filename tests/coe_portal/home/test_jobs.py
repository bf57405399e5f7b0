from coe_portal.celery import SCHEDULE
from coe_portal.home.job_words import JOBS, job_in_words
from tests.test_architecture import jobs  # noqa: F401 - a fixture


def test_every_scheduled_job_has_words():
    assert [name for name in SCHEDULE if not job_in_words(name)] == []


def test_there_are_words_for_real_jobs_only(jobs: frozenset[str]):  # noqa: F811
    assert set(JOBS) - jobs == set()
