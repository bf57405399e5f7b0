"""An OpenID provider on this machine that lies in whatever way a test asks it to."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC_PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
CLIENT = "portal"


def public_jwk() -> dict[str, Any]:
    return {
        **json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())),
        "kid": "one",
        "alg": "RS256",
        "use": "sig",
    }


@dataclass
class Hostile:
    """What the next answers say; `claims` change the ID token's, `userinfo` the other answer."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    userinfo: dict[str, Any] = field(default_factory=dict)
    nonce: str = ""
    token: str | None = None
    algorithm: str = "RS256"
    key: Any = KEY
    kid: str = "one"
    discovery: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": "s-1", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": self.nonce,
            **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if name not in self.without}
        return jwt.encode(claims, self.key, algorithm=self.algorithm, headers={"kid": self.kid})

    def answer(self, path: str, body: bytes) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/jwks",
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                **self.discovery,
            }
        if path == "/jwks":
            return {"keys": [public_jwk()]}
        if path == "/token":
            self.asked.append(parse_qs(body.decode()))
            token = self.id_token() if self.token is None else self.token
            return {"access_token": "a", "token_type": "Bearer", "id_token": token, "expires_in": 300}
        return {"sub": self.claims.get("sub", "s-1"), **self.userinfo}


@contextmanager
def hostile_provider() -> Iterator[Hostile]:
    hostile = Hostile()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            text = json.dumps(hostile.answer(self.path.partition("?")[0], body)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *args: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    hostile.issuer = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hostile
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
