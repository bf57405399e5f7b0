import pytest

from coe_portal.core import jobs
from coe_portal.outbox import publishing


@pytest.fixture
def own_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs that a test defines are gone after it."""
    monkeypatch.setattr(jobs, "_jobs", dict(jobs._jobs))


@pytest.fixture(autouse=True)
def _broker_not_paused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_paused_until", 0.0)
