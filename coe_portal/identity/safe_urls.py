"""Where a person may be sent after signing in: to a page of ours, whatever an address pretends to be."""

from urllib.parse import unquote

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_path(request: HttpRequest, name: str) -> str:
    """The path given by that name, or "/" where it leads anywhere else."""
    wanted = request.POST.get(name) or request.GET.get(name) or ""
    return wanted if is_own_path(wanted) else "/"


def is_own_path(wanted: str) -> bool:
    """Begins with one slash and holds nothing that a browser would drop, plain or encoded."""
    if not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return False
    return unquote(wanted).isprintable() and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
