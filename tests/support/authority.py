"""A token issuer in the test's hand, for services that trust no issuer of their own."""

import json
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from vetline.clock import SystemClock
from vetline.identity.issuer import TokenIssuer

OPERATOR = "5c9e7d3a-2b64-4f1e-9a7c-1d8e4b6f0a93"
AUDIENCE = "https://api.partnercenter.microsoft.com"
DIRECTORY_READERS = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"


class Authority:
    """Publishes keys on a loopback port and signs whatever a test wants."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Keys, self))
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self.issuer = TokenIssuer(self.base)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def settings(self) -> dict[str, str]:
        """What makes a service trust this issuer."""
        return {
            "VETLINE_ISSUERS": self.issuer.name("{tenantid}", v2=False),
            "VETLINE_JWKS_URL": f"{self.base}/keys",
            "VETLINE_OPERATOR_TENANTS": OPERATOR,
        }

    def claims(self, tenant: str, **changes: object) -> dict[str, object]:
        """Return the claims of a good user's token, with changes; a change to `None` drops the claim."""
        start = int(SystemClock().now().timestamp())
        claims: dict[str, object] = {
            "aud": AUDIENCE,
            "iss": self.issuer.name(tenant, v2=False),
            "iat": start,
            "nbf": start,
            "exp": start + 3600,
            "amr": ["pwd", "mfa"],
            "appid": "ebcf5f4a-0000-4000-8000-000000000001",
            "oid": "6f3ad6f0-0000-4000-8000-000000000002",
            "scp": "user_impersonation",
            "tid": tenant,
            "upn": "ada@contoso.onmicrosoft.com",
            "ver": "1.0",
            "wids": [DIRECTORY_READERS],
        } | changes
        return {name: value for name, value in claims.items() if value is not None}

    def bearer(self, tenant: str, **changes: object) -> dict[str, str]:
        """Return the header that carries such a token."""
        return {"Authorization": f"Bearer {self.issuer.sign(self.claims(tenant, **changes))}"}

    def close(self) -> None:
        """Stop publishing."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _Keys(BaseHTTPRequestHandler):
    """Answers every GET with the key set."""

    def __init__(self, authority: Authority, *more: Any) -> None:
        self._authority = authority
        super().__init__(*more)

    def do_GET(self) -> None:
        """Answer."""
        body = json.dumps(self._authority.issuer.jwks()).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's own name
        """Say nothing."""
