"""What allauth reads from identity providers goes through `core.fetch`: checked addresses, caps, no redirects."""

from collections.abc import Mapping
from typing import Any

from requests import ConnectionError as NotReached
from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from coe_portal.core.fetch import FetchError, send

MAX_BYTES = 1024 * 1024


class GuardedAdapter(BaseAdapter):
    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        body = request.body if isinstance(request.body, str | bytes) else b""
        headers = {name: str(value) for name, value in request.headers.items() if name.lower() in SENT}
        try:
            answer = send(
                str(request.method), str(request.url), headers=headers,
                body=body.encode() if isinstance(body, str) else body, max_bytes=MAX_BYTES,
            )  # fmt: skip
        except FetchError as error:
            raise NotReached(str(error)) from error
        return _response(request, answer.status, answer.headers, answer.body)

    def close(self) -> None:
        """Nothing is kept open."""


SENT = frozenset({"accept", "authorization", "content-type"})


def guarded_session() -> Session:
    session = Session()
    session.trust_env = False
    session.max_redirects = 0
    session.mount("https://", GuardedAdapter())
    session.mount("http://", GuardedAdapter())
    return session


def _response(request: PreparedRequest, status: int, headers: Mapping[str, str], body: bytes) -> Response:
    response = Response()
    response.status_code = status
    response.headers = CaseInsensitiveDict(headers)
    response.url = str(request.url)
    response.request = request
    response._content = body  # noqa: SLF001 - how an adapter of requests hands over a body
    return response
