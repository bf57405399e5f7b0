"""Chat services through Apprise: which addresses are taken, and how a message gets there."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from coe_portal.core.fetch import FetchError, checked_connections

# Hosted services, or ones that are spoken to over https alone; nothing that writes files or runs programs.
SERVICES = {"slack", "workflow", "workflows", "discord", "gchat", "mmosts", "rockets", "webex", "wxteams", "zulip"}


class ChatRefused(ValueError):
    """The address is none that the portal posts to, in words for a person."""


class ChatFailed(Exception):
    """The service did not take the message, in words for an administrator."""


@dataclass(frozen=True)
class Address:
    """`host` is empty where the service has one address for everybody, and what stands in its place is a secret."""

    service: str
    host: str


def read_address(url: str) -> Address:
    """Which service an address belongs to. Raises ChatRefused where it is none of those that are allowed."""
    plugin = _plugin(url)
    host = str(plugin.host or "")
    return Address(str(plugin.service_name), host if "." in host else "")


def post(url: str, *, title: str, text: str) -> None:
    """One message to one room; raises ChatFailed or ChatRefused. Only public addresses are connected to."""
    from apprise import LogCapture

    plugin = _plugin(url)
    capture: Any = LogCapture  # untyped
    with capture(level=30, name="apprise", fmt="%(message)s") as said:
        try:
            with checked_connections():
                taken = plugin.notify(body=text, title=title, body_format="text")
        except FetchError as error:
            raise ChatFailed(str(error)) from error
        if not taken:
            raise ChatFailed(said.getvalue().strip()[:500] or _("The service did not take the message."))


def _plugin(url: str) -> Any:
    """Apprise loads more than a hundred services, 0.8 s and 45 MB: only where a message is posted or tried."""
    from apprise import Apprise

    found: Any = Apprise.instantiate(url, suppress_exceptions=True) if "\n" not in url else None
    if found is None:
        raise ChatRefused(_("This is no address of a chat room that the portal knows."))
    secure = found.secure_protocol if isinstance(found.secure_protocol, tuple) else (found.secure_protocol,)
    if not SERVICES & {each for each in secure if each} or (found.protocol and not found.secure):
        raise ChatRefused(_("The portal posts to chat services over https alone."))
    if not found.verify_certificate:
        raise ChatRefused(_("The portal does not post where it may not check the certificate."))
    return found
