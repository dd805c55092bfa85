"""A browser without a screen: it keeps cookies, follows nothing by itself, and can sign in at a sandbox's authority."""

import html
import re
import ssl
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2

# Where the sandbox's people are at home.
ADA, BOB = "ada@contoso.onmicrosoft.com", "bob@contoso.onmicrosoft.com"
CAROL = "carol@fabrikam.onmicrosoft.com"
RAE, MAX = "rae@review.vetline.example", "max@review.vetline.example"


class Visitor:
    """Somebody with a browser.

    Parameters:
        base: where the pages are.
        trust: whose certificates count.
    """

    def __init__(self, base: str, trust: ssl.SSLContext | bool = True) -> None:
        self.base = base
        self.http = httpx2.Client(base_url=base, verify=trust, timeout=30, follow_redirects=False)

    def get(self, address: str, **more: Any) -> httpx2.Response:
        """Open an address, of the pages or of the authority."""
        return self.http.get(address, **more)

    def ask(self, method: str, address: str, **more: Any) -> httpx2.Response:
        """Send a request; of what never ends, such as a stream of events, only the headers are read."""
        with self.http.stream(method, address, **more) as answer:
            if not answer.headers.get("content-type", "").startswith("text/event-stream"):
                answer.read()
            return answer

    def post(self, address: str, **form: str) -> httpx2.Response:
        """Send a form as the pages would, with the word of the session that the browser has."""
        return self.http.post(address, data={"csrf": self.word()} | form)

    def word(self) -> str:
        """Return the word that the pages' forms carry, empty when nobody is signed in."""
        page = self.get("/console/customers")  # or that it serves somebody else
        found = re.search(r'name="csrf" value="(\w+)"', page.text)
        return found[1] if found else ""

    def begin(self, way_back: str = "/console/") -> str:
        """Begin to sign in; return the address at the authority to which the pages lead."""
        answer = self.get(f"/console/sign-in?{urlencode({'next': way_back})}")
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def choose(self, address: str, username: str) -> str:
        """Choose on the authority's page whom to be; return the address to which it leads back."""
        page = self.get(address)
        links = [html.unescape(link) for link in re.findall(r'href="(\?[^"]*)"', page.text)]
        chosen = next(link for link in links if parse_qs(link[1:])["login_hint"] == [username])
        answer = self.get(address.partition("?")[0] + chosen)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])

    def sign_in(self, username: str = ADA, way_back: str = "/console/") -> httpx2.Response:
        """Sign in; return the pages' last answer."""
        return self.get(self.choose(self.begin(way_back), username))

    @property
    def is_signed_in(self) -> bool:
        """Whether the pages know who this is."""
        answer = self.get("/console/")
        return urlsplit(answer.headers.get("location", "")).path != "/console/sign-in"

    def cookie(self, name: str = "vetline") -> str | None:
        """Return a cookie that the browser has."""
        return self.http.cookies.get(name)

    def keep(self, value: str, name: str = "vetline") -> None:
        """Put a cookie into the browser, as somebody who has stolen or made it would."""
        self.http.cookies.clear()
        self.http.cookies.set(name, value, domain=urlsplit(self.base).hostname or "")

    def close(self) -> None:
        """Close the browser."""
        self.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
