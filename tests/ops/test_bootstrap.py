import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ops import bootstrap
from ops.bootstrap import ROOT, digest, locked


def test_the_digest_sees_content_name_and_absence(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").write_text("1")
    states = {
        digest([tmp_path / "a"]),
        digest([tmp_path / "b"]),
        digest([tmp_path / "missing"]),
        digest([tmp_path / "a", tmp_path / "b"]),
        digest([]),
    }

    assert len(states) == 5


def test_a_second_set_up_waits_for_the_first(tmp_path: Path) -> None:
    order = []

    def second() -> None:
        with locked(tmp_path / "setup.lock"):
            order.append("second")

    with locked(tmp_path / "setup.lock"):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.1)
        order.append("first")
    waiting.join()

    assert order == ["first", "second"]


def test_an_old_python_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(sys, "version", "3.9.2 (old)")
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed; this is 3\.9\.2"):
        bootstrap.main(["run"])


@pytest.fixture
def environment_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / ".venv"
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", folder)
    monkeypatch.setattr(bootstrap, "PYTHON", folder / "bin" / "python")
    monkeypatch.setattr(bootstrap, "STAMP", folder / ".stamp")
    return folder


def test_an_environment_works_where_it_was_made_and_not_where_it_was_moved(
    environment_elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment_elsewhere], check=True)
    assert bootstrap.works()

    shutil.rmtree(environment_elsewhere / "lib")

    assert not bootstrap.works(), "as when the system's Python became another minor version"


def test_an_environment_without_a_python_does_not_work(environment_elsewhere: Path) -> None:
    (environment_elsewhere / "bin").mkdir(parents=True)
    (environment_elsewhere / "bin" / "python").symlink_to("/nowhere/python3")

    assert not bootstrap.works()


def test_the_stamp_changes_with_any_requirement_file(environment_elsewhere: Path) -> None:
    assert bootstrap.state(bootstrap.RUN_SET) != bootstrap.state(bootstrap.DEVELOPMENT_SET)
    assert not bootstrap.holds(bootstrap.RUN_SET)


def test_every_requirement_is_pinned_with_a_hash_and_names_no_host() -> None:
    for name in (bootstrap.INSTALLER, *bootstrap.DEVELOPMENT_SET):
        text = (ROOT / name).read_text()
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert pins
        assert all("==" in line and line.endswith("\\") for line in pins), name
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text
