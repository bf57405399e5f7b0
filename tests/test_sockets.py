"""The suite itself: no test reaches further than this machine."""

import httpx
import pytest
from pytest_socket import SocketConnectBlockedError


def test_a_test_that_reaches_for_the_network_fails() -> None:
    with pytest.warns(UserWarning, match="A test tried to use socket"), pytest.raises(SocketConnectBlockedError):
        httpx.get("http://203.0.113.7/")


def test_this_machine_is_within_reach() -> None:
    with pytest.raises(httpx.ConnectError):
        httpx.get("http://127.0.0.1:9/")
