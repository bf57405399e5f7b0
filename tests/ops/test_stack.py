import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ops import leftovers
from ops.errors import OpsError
from ops.stack import State, run_command
from tests.ops.test_processes import is_alive


@pytest.fixture
def state(open_folder: Path) -> State:
    return State(open_folder)


def test_a_second_stack_on_one_folder_is_refused_and_told_of_the_first(state: State) -> None:
    with state.held():
        state.write(url="http://127.0.0.1:8000/")

        with pytest.raises(OpsError) as refused, state.held():
            pass

    assert str(refused.value) == f"already running: http://127.0.0.1:8000/ (process {os.getpid()})"


def test_a_stack_that_ended_leaves_no_notes(state: State) -> None:
    with state.held():
        assert state.read()["pid"] == os.getpid()

    assert state.read() == {}


def test_notes_are_for_their_owner_alone(state: State) -> None:
    with state.held():
        assert state.notes.stat().st_mode & 0o777 == 0o600


def test_programs_of_a_killed_run_are_ended_before_the_next(state: State) -> None:
    leftover = subprocess.Popen(["sleep", "60"], env={leftovers.MARK: str(state.folder)})
    stranger = subprocess.Popen(["sleep", "60"], env={leftovers.MARK: str(state.folder / "another")})
    state.notes.write_text(json.dumps({"pid": 1}))

    with state.held():
        assert not is_alive(leftover.pid)

    assert is_alive(stranger.pid)
    stranger.kill()
    stranger.wait()


def outcome_of(state: State, code: str) -> int:
    return run_command([sys.executable, "-c", code], state, "coe_portal.settings.test", fast=True, patient=False)


def test_a_command_runs_with_both_services_and_hands_back_its_status(state: State) -> None:
    code = (
        "import os, psycopg2, redis; redis.Redis.from_url(os.environ['REDIS_URL']).ping();"
        "psycopg2.connect(os.environ['DATABASE_URL']); raise SystemExit(7)"
    )

    assert outcome_of(state, code) == 7


def test_a_command_that_was_killed_has_the_status_a_shell_would_give(state: State) -> None:
    assert outcome_of(state, "import os; os.kill(os.getpid(), 15)") == 128 + 15


def test_addresses_in_the_environment_replace_the_embedded_services(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/portal")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    code = (
        "import os; assert os.environ['DATABASE_URL'] == 'postgres://elsewhere/portal';"
        "assert os.environ['REDIS_URL'] == 'redis://elsewhere'"
    )

    assert outcome_of(state, code) == 0
    assert not (state.folder / "postgres").exists()
    assert not (state.folder / "valkey").exists()


def test_a_command_beside_a_running_stack_uses_its_services(state: State) -> None:
    code = (
        "import sys; from pathlib import Path; from ops.stack import State, run_beside;"
        "show = 'import os; print(os.environ[\"REDIS_URL\"])';"
        "run_beside([sys.executable, '-c', show], State(Path(sys.argv[1])), 'settings')"
    )
    with state.held():
        state.write(DATABASE_URL="postgres://running/coe", REDIS_URL="unix:///running.sock")

        done = subprocess.run(
            [sys.executable, "-c", code, str(state.folder)], capture_output=True, text=True, check=False
        )

    assert done.stdout == "unix:///running.sock\n"
