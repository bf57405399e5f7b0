"""The embedded services, killed in every way and started again."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg2
import pytest
import redis

from ops.errors import OpsError
from ops.postgres import Postgres
from ops.processes import Child
from ops.valkey import Valkey


@pytest.fixture(scope="module")
def state_folder() -> Iterator[Path]:
    """Open to the user that PostgreSQL runs as when root runs the tests; pytest's own folders are not."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def postgres(state_folder: Path) -> Iterator[Postgres]:
    yield Postgres(state_folder, fast=True)
    assert not processes_in(state_folder)


def processes_in(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            inside = Path(process.cwd()).is_relative_to(folder)
        except (psutil.Error, OSError):
            continue
        if inside and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def sql(postgres: Postgres, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(postgres.url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def kill_everything(child: Child) -> None:
    head = psutil.Process(child.process.pid)
    victims = [head, *head.children(recursive=True)]
    for victim in victims:
        with suppress(psutil.NoSuchProcess):
            victim.kill()
    child.process.wait()
    psutil.wait_procs(victims, timeout=5)


def test_rows_survive_a_kill_of_every_database_process(postgres: Postgres) -> None:
    child = postgres.start()
    sql(postgres, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
    kill_everything(child)

    again = postgres.start()

    assert sql(postgres, "SELECT n FROM kept") == [(1,)]
    again.end(10)


def test_a_lock_file_that_names_a_living_stranger_does_not_stop_the_database(postgres: Postgres) -> None:
    child = postgres.start()
    kill_everything(child)
    lock = postgres.data / "postmaster.pid"
    lock.write_text(lock.read_text().replace(str(child.process.pid), str(os.getppid()), 1))

    again = postgres.start()

    assert sql(postgres, "SELECT 1") == [(1,)]
    again.end(10)


def test_a_database_that_lost_its_supervisor_is_ended_before_the_next_start(postgres: Postgres) -> None:
    orphan = postgres.start()
    sql(postgres, "CREATE TABLE orphaned (n int)")

    child = postgres.start()

    assert orphan.process.wait(10) == 0
    assert sql(postgres, "SELECT * FROM orphaned") == []
    child.end(10)


def test_an_interrupted_creation_is_begun_again(state_folder: Path) -> None:
    postgres = Postgres(state_folder / "interrupted", fast=True)
    (postgres.home / f"{postgres.data.name}.new").mkdir()

    child = postgres.start()

    assert sql(postgres, "SHOW data_checksums") == [("on",)]
    child.end(10)


def test_data_of_another_major_version_is_not_passed_over(state_folder: Path) -> None:
    postgres = Postgres(state_folder / "older", fast=True)
    (postgres.home / "data17").mkdir()

    with pytest.raises(OpsError, match="holds data17, which this PostgreSQL cannot read"):
        postgres.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_as_root_in_a_closed_folder_data_and_programs_move_within_reach(
    tmp_path: Path, state_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr("ops.postgres.SYSTEM_HOME", state_folder)
    postgres = Postgres(tmp_path / "state", fast=True)

    child = postgres.start()

    assert sql(postgres, "SELECT 1") == [(1,)]
    assert postgres.home.parent == postgres.binaries.parents[4] == state_folder
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    child.end(10)


def test_letters_with_accents_are_raised_and_lowered(postgres: Postgres) -> None:
    child = postgres.start()

    assert sql(postgres, "SELECT upper('é'), lower('É')") == [("É", "é")]
    child.end(10)


def test_the_database_answers_on_its_socket_alone(postgres: Postgres) -> None:
    child = postgres.start()

    assert sql(postgres, "SHOW listen_addresses") == [("",)]
    assert (postgres.socket_folder.stat().st_mode & 0o777) == 0o700
    child.end(10)


def test_a_database_that_cannot_start_says_why(state_folder: Path) -> None:
    postgres = Postgres(state_folder / "broken", fast=True)
    postgres.start().end(10)
    (postgres.data / "PG_VERSION").write_text("9.6")

    with pytest.raises(OpsError, match="before it was ready") as refused:
        postgres.start()

    assert "database files are incompatible with server" in str(refused.value)


def test_keys_survive_a_kill_of_the_broker(state_folder: Path) -> None:
    valkey = Valkey(state_folder)
    child = valkey.start()
    redis.Redis.from_url(valkey.url).set("kept", 1)
    child.end(10)
    child = valkey.start()
    redis.Redis.from_url(valkey.url).set("kept", 2)
    # Once a second the file is written out: a kill takes at most that second.
    redis.Redis.from_url(valkey.url).execute_command("WAITAOF", 1, 0, 3000)
    child.process.kill()
    child.process.wait()

    again = valkey.start()

    assert redis.Redis.from_url(valkey.url).get("kept") == b"2"
    again.end(10)


def test_a_full_broker_refuses_instead_of_forgetting(state_folder: Path) -> None:
    valkey = Valkey(state_folder, fast=True)
    child = valkey.start()
    client = redis.Redis.from_url(valkey.url)
    client.config_set("maxmemory", "1")

    with pytest.raises(redis.exceptions.OutOfMemoryError):
        client.set("more", "x")

    child.end(10)
