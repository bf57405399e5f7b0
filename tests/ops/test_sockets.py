import os
import socket
import tempfile
from pathlib import Path

import pytest

from ops.errors import OpsError
from ops.sockets import LONGEST_PATH, reserve_port, socket_folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def web_server_like_socket(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen()
    return listening


def test_a_reserved_port_is_for_our_web_server_and_refused_to_another_run() -> None:
    port = free_port()
    with reserve_port(port), web_server_like_socket(port), pytest.raises(OpsError, match=f"port {port} cannot be used"):
        reserve_port(port)


def test_a_port_somebody_listens_on_is_refused() -> None:
    port = free_port()
    with web_server_like_socket(port), pytest.raises(OpsError, match="Set PORT to another one"):
        reserve_port(port)


def test_connections_that_are_still_closing_do_not_hold_a_port() -> None:
    port = free_port()
    with web_server_like_socket(port) as listening, socket.create_connection(("127.0.0.1", port)) as client:
        accepted, _ = listening.accept()
        accepted.close()  # who closes first keeps the connection in TIME_WAIT
        client.recv(1)

    reserve_port(port).close()


def test_without_a_wish_the_first_free_port_is_taken() -> None:
    with reserve_port(None) as first, reserve_port(None) as second:
        assert second.getsockname()[1] > first.getsockname()[1] >= 8000


def test_a_short_path_is_used_as_it_is(tmp_path: Path) -> None:
    folder = socket_folder(tmp_path / "run", "s")

    assert folder == tmp_path / "run"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_path_too_long_for_a_socket_gives_way_to_a_short_private_one(tmp_path: Path) -> None:
    wanted = tmp_path / ("long" * 30)

    folder = socket_folder(wanted, "valkey.sock")

    assert folder.parent == Path(tempfile.gettempdir())
    assert len(os.fsencode(folder / "valkey.sock")) <= LONGEST_PATH
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder == socket_folder(wanted, "valkey.sock")
    folder.rmdir()


def test_a_folder_laid_there_by_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OpsError, match="belongs to somebody else"):
        socket_folder(tmp_path / "run", "s")
