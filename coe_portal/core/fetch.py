"""The one function through which the portal reads from the network."""

import ipaddress
import socket
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from django.conf import settings
from urllib3.util import connection as urllib3_connection

from coe_portal.core.pinned import PinnedTransport

MAX_BYTES = 5 * 1024 * 1024
MAX_REDIRECTS = 5
# Seconds without a piece of the answer; and for all of it, with its redirects.
TIMEOUT = httpx.Timeout(10, connect=5)
SECONDS_IN_ALL = 15
# All that is given out for the public network; and where an IPv4 address stands at the end.
UNICAST = ipaddress.IPv6Network("2000::/3")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# What zlib calls the format.
GZIP = 16 + zlib.MAX_WBITS
USER_AGENT = "SocialMediaCenterOfExcellence/1.0 (+channel metrics of our own accounts)"


class FetchError(Exception):
    """Why nothing was read, in words for a person."""


class AddressRefused(FetchError):
    """The address is not one that the portal may read from."""


@dataclass(frozen=True)
class Fetched:
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def fetch(
    url: str,
    *,
    params: Mapping[str, str | int] | None = None,
    headers: Mapping[str, str] | None = None,
    max_bytes: int = MAX_BYTES,
    follow: bool = True,
) -> Fetched:
    """GET an address. Every redirect is checked as the first address was; the body is capped after decompression.

    Raises AddressRefused for an address that is not public, FetchError when there is no whole answer in 15 seconds.
    HTTP error statuses are returned, not raised.
    """
    ends = time.monotonic() + SECONDS_IN_ALL
    target = str(httpx.URL(url, params=params)) if params else url
    for _ in range(MAX_REDIRECTS + 1):
        answer = _exchange("GET", target, headers or {}, b"", max_bytes, ends)
        location = answer.headers.get("location")
        if not (follow and location and answer.status in {301, 302, 303, 307, 308}):
            return answer
        target = urljoin(target, location)
    raise FetchError("The address redirects too often.")


def send(
    method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"", max_bytes: int = MAX_BYTES
) -> Fetched:
    """One request of any kind, checked and capped like `fetch`; a redirect is the answer and is not followed."""
    return _exchange(method, url, headers or {}, body, max_bytes, time.monotonic() + SECONDS_IN_ALL)


def _exchange(method: str, url: str, headers: Mapping[str, str], body: bytes, max_bytes: int, ends: float) -> Fetched:
    address = checked_address(url)
    parts = urlsplit(url)
    transport = PinnedTransport(address, ends)
    sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", **headers}
    try:
        with (
            httpx.Client(transport=transport, timeout=TIMEOUT, trust_env=False) as client,
            client.stream(method, url, headers=sent, content=body or None) as response,
        ):
            return Fetched(url, response.status_code, response.headers, _body(response, max_bytes))
    except httpx.HTTPError as error:
        raise FetchError(f"{parts.hostname} did not answer ({type(error).__name__}).") from error


def _body(response: httpx.Response, max_bytes: int) -> bytes:
    """Unpacked no further than the cap: a few packed kilobytes can hold gigabytes."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"identity", "gzip", "x-gzip", ""}:
        raise FetchError("The answer is packed in a way that was not asked for.")
    unpacker = zlib.decompressobj(GZIP) if "gzip" in packing else None
    received = bytearray()
    for piece in response.iter_raw():
        received += _unpacked(unpacker, piece, max_bytes + 1 - len(received))
        if len(received) > max_bytes:
            raise FetchError(f"The answer is larger than {max_bytes // 1_048_576} MB.")
    if unpacker and received and not unpacker.eof:
        raise FetchError("The answer is cut off.")
    return bytes(received)


def _unpacked(unpacker: "zlib._Decompress | None", piece: bytes, at_most: int) -> bytes:
    if unpacker is None:
        return piece
    try:
        return unpacker.decompress(piece, at_most)
    except zlib.error as error:
        raise FetchError("The answer cannot be unpacked.") from error


def checked_address(url: str) -> str:
    """The address to connect to; every address that the name resolves to must be public, or its host allowed."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise AddressRefused("Only plain http and https addresses can be read.")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise FetchError(f"{parts.hostname} cannot be found.") from error
    addresses = [str(entry[4][0]) for entry in found]
    if f"{parts.hostname}:{port}" not in settings.PRIVATE_HOSTS_ALLOWED and not all(map(_is_public, addresses)):
        raise AddressRefused(f"{parts.hostname} is not a public address.")
    return addresses[0]


@contextmanager
def checked_connections() -> Iterator[None]:
    """For a library that brings `requests`: inside, every connection it opens, those of redirects too, goes to an
    address that was checked. For processes that do one thing at a time, as our workers do."""
    connect = urllib3_connection.create_connection

    def connect_checked(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
        host, port = address
        return connect((checked_address(f"https://{host}:{port}/"), port), *args, **kwargs)

    urllib3_connection.create_connection = connect_checked
    try:
        yield
    finally:
        urllib3_connection.create_connection = connect


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = _inside(ip) if isinstance(ip, ipaddress.IPv6Address) else None
    if inner is None and isinstance(ip, ipaddress.IPv6Address) and ip not in UNICAST:
        return False
    ip = inner or ip
    return ip.is_global and not ip.is_multicast


def _inside(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a router of this network may make of it: mapped, 6to4 or translated (NAT64)."""
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour
