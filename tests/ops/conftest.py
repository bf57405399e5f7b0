from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ops import stopping


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Open to the user that PostgreSQL runs as when root runs the tests; pytest's own folders are not."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(autouse=True)
def _own_services(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is tested here starts services of its own, whatever the suite itself runs on."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "COE_VAR"):
        monkeypatch.delenv(name, raising=False)
    yield
    stopping.requested.clear()
