"""Connections to one address that was checked, all of which end at one moment, however slowly the other side talks."""

import time
from collections.abc import Iterable
from ssl import SSLContext
from typing import Any

import httpcore
import httpx


class PinnedTransport(httpx.HTTPTransport):
    """Connects to that address, so that a second look-up cannot point elsewhere.

    httpx limits how long it waits for the next piece; who sends one byte now and then would hold it for ever.
    `ends` is on the clock of `time.monotonic`.
    """

    def __init__(self, address: str, ends: float) -> None:
        super().__init__(retries=0)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=_Backend(address, ends)
        )


class _Backend(httpcore.SyncBackend):
    def __init__(self, address: str, ends: float) -> None:
        super().__init__()
        self._address, self._ends = address, ends

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._ends, timeout, httpcore.ConnectTimeout)
        return _Stream(super().connect_tcp(self._address, port, left, local_address, socket_options), self._ends)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream, self._ends = stream, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._ends, timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._ends, timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(self._ends, timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._ends)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(ends: float, timeout: float | None, over: type[Exception]) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise over("The time is over.")
    return left if timeout is None else min(left, timeout)
