"""The one way out: whom it refuses to read from, and that nobody can hold it, fill it or lead it astray."""

import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from coe_portal.core import fetch as module
from coe_portal.core.fetch import AddressRefused, Fetched, FetchError, fetch, send

OURS = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001", "localhost", "0.0.0.0", "0",
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "192.0.2.1", "[::]", "[::1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::10.0.0.1]",
    "[2002:7f00:1::1]", "[2002:a9fe:a9fe::]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fd00:ec2::254]",
    "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "\u2460\u2461\u2466.0.0.1", "127\u30020\u30020\u30021",
]  # fmt: skip
NOT_PLAIN = [
    "file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "dict://example.org/", "//example.org/",
    "https://name@example.org/", "https://name:word@example.org/", "https:///", "https://", "", "javascript:1",
    "data:text/plain,x", "unix:///run/x",
]  # fmt: skip


@pytest.mark.parametrize("host", OURS)
@pytest.mark.parametrize("port", ["", ":6379"])
def test_nothing_of_our_network_is_read(host: str, port: str) -> None:
    with pytest.raises(FetchError, match=r"is not a public address|cannot be found|http and https"):
        fetch(f"http://{host}{port}/")


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"])
def test_what_is_public_may_be_read(address: str) -> None:
    assert module.checked_address(f"https://[{address}]/" if ":" in address else f"https://{address}/") == address


@pytest.mark.parametrize("url", NOT_PLAIN)
def test_only_plain_web_addresses_are_read(url: str) -> None:
    with pytest.raises(AddressRefused):
        fetch(url)


Talk = Callable[[socket.socket], None]


@pytest.fixture
def serving(settings) -> Iterator[Callable[[Talk], str]]:
    """A server that says what a function writes to its socket; its address is allowed."""
    servers: list[socket.socket] = []

    def start(talk: Talk) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)
        host = f"127.0.0.1:{server.getsockname()[1]}"
        settings.PRIVATE_HOSTS_ALLOWED = [*settings.PRIVATE_HOSTS_ALLOWED, host]
        threading.Thread(target=_serve, args=[server, talk], daemon=True).start()
        return f"http://{host}/"

    yield start
    for server in servers:
        server.close()


def _serve(server: socket.socket, talk: Talk) -> None:
    with suppress(OSError):
        while True:
            reader, _address = server.accept()
            with reader, suppress(OSError):
                reader.recv(65_536)
                talk(reader)


def answer(body: bytes, *headers: str, status: str = "200 OK") -> Talk:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""])
    return lambda reader: reader.sendall(head.encode() + body)


def drip(first: bytes) -> Talk:
    """Something every moment, and never an end."""

    def talk(reader: socket.socket) -> None:
        reader.sendall(first)
        while True:
            reader.sendall(b"x")
            time.sleep(0.02)

    return talk


@contextmanager
def within(seconds: float) -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds


@pytest.mark.parametrize(
    "first", [b"", b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n"]
)
@pytest.mark.parametrize("ask", [fetch, lambda url: send("POST", url, body=b"x")], ids=["fetch", "send"])
def test_who_never_ends_is_left(
    first: bytes, ask: Callable[[str], Fetched], serving: Callable[[Talk], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS_IN_ALL", 0.5)
    address = serving(drip(first))

    with within(10), pytest.raises(FetchError):
        ask(address)


def test_a_redirect_to_our_network_is_refused(serving: Callable[[Talk], str]) -> None:
    with pytest.raises(AddressRefused):
        fetch(serving(answer(b"", "Location: http://169.254.169.254/latest/", status="302 Found")))


def test_a_packed_answer_is_unpacked(serving: Callable[[Talk], str]) -> None:
    assert fetch(serving(answer(gzip.compress(b"hello" * 99), "Content-Encoding: gzip"))).body == b"hello" * 99


def test_a_bomb_is_not_unpacked_beyond_the_cap(serving: Callable[[Talk], str]) -> None:
    address = serving(answer(gzip.compress(b"\0" * 80_000_000, compresslevel=1), "Content-Encoding: gzip"))
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="larger than"):
            fetch(address)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert most < 20_000_000


@pytest.mark.parametrize(
    ("body", "packing", "why"),
    [
        (gzip.compress(b"hello", mtime=0)[:-4], "gzip", "cut off"),
        (b"this is no gzip", "gzip", "cannot be unpacked"),
        (b"x", "br", "not asked for"),
        (b"x" * 2_000_001, "identity", "larger than"),
    ],
    ids=["cut off", "not packed", "packed in another way", "too large"],
)
def test_what_cannot_be_read_whole_is_refused(
    body: bytes, packing: str, why: str, serving: Callable[[Talk], str]
) -> None:
    with pytest.raises(FetchError, match=why):
        fetch(serving(answer(body, f"Content-Encoding: {packing}")), max_bytes=2_000_000)
