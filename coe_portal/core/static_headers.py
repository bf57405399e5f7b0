"""Files of ours are read by our pages alone, and do nothing when they are opened by themselves."""

from wsgiref.headers import Headers

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def add_headers(headers: Headers, path: str, url: str) -> None:
    """Called by WhiteNoise, once for every file."""
    for name, value in HEADERS.items():
        headers[name] = value
