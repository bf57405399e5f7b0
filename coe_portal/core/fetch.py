"""The one function through which the portal reads from the network."""

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx
from django.conf import settings

MAX_BYTES = 5 * 1024 * 1024
MAX_REDIRECTS = 5
TIMEOUT = httpx.Timeout(10, connect=5)
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

    Raises AddressRefused for an address that is not public, FetchError when there is no whole answer.
    HTTP error statuses are returned, not raised.
    """
    target = str(httpx.URL(url, params=params)) if params else url
    for _ in range(MAX_REDIRECTS + 1):
        answer = _get(target, headers or {}, max_bytes)
        location = answer.headers.get("location")
        if not (follow and location and answer.status in {301, 302, 303, 307, 308}):
            return answer
        target = urljoin(target, location)
    raise FetchError("The address redirects too often.")


def _get(url: str, headers: Mapping[str, str], max_bytes: int) -> Fetched:
    address = checked_address(url)
    parts = urlsplit(url)
    transport = _PinnedTransport(address)
    sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", **headers}
    try:
        with (
            httpx.Client(transport=transport, timeout=TIMEOUT, trust_env=False) as client,
            client.stream("GET", url, headers=sent) as response,
        ):
            return Fetched(url, response.status_code, response.headers, _body(response, max_bytes))
    except httpx.HTTPError as error:
        raise FetchError(f"{parts.hostname} did not answer ({type(error).__name__}).") from error


def _body(response: httpx.Response, max_bytes: int) -> bytes:
    received = bytearray()
    for piece in response.iter_bytes():
        received += piece
        if len(received) > max_bytes:
            raise FetchError(f"The answer is larger than {max_bytes // 1_048_576} MB.")
    return bytes(received)


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


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    return ip.is_global and not ip.is_multicast


class _PinnedTransport(httpx.HTTPTransport):
    """Connects to the address that was checked, so that a second look-up cannot point elsewhere."""

    def __init__(self, address: str) -> None:
        super().__init__(retries=0)
        self._address = address

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.headers["Host"] = request.url.netloc.decode()
        request.url = request.url.copy_with(host=self._address)
        return super().handle_request(request)
