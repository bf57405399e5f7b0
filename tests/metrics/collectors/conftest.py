from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.metrics.collectors.server import Answer, Asked, Server, serving


@pytest.fixture
def network(settings) -> Iterator[Callable[[Callable[[Asked], Answer]], Server]]:
    """A server in the place of Bluesky, of every Mastodon server and of every website."""
    with ExitStack() as stack:

        def start(answer: Callable[[Asked], Answer]) -> Server:
            server = stack.enter_context(serving(answer))
            settings.PRIVATE_HOSTS_ALLOWED = [server.host]
            settings.BLUESKY_APPVIEW_URL = server.address
            settings.MASTODON_SCHEME = "http"
            return server

        yield start
