"""What the visitors of the long run ask for: mostly what partners do, and all that goes wrong on a normal day.

Each kind of request has its share, and the statuses that are right for it: whoever is drawn may have been decided
before, so a submission may meet a conflict. The same seed draws the same requests.
"""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from urllib.parse import quote_plus
from uuid import UUID

from bench.seeding import customer_id

STRANGER = "ffffffff-0000-4000-8000-{:012x}"
EDUCATION = b'{"qualification":"Education","educationSegment":"K12","website":"example.edu"}'
WAIT_SECONDS = 3
_REPLAYABLE = 500

_MALFORMED = (
    (b'{"qualification":', "application/json"),
    (b"\xff\xfe\x00", "application/json"),
    (b'["Qualification":"Education"]', "application/json"),
    (b'{"qualification":"Kindergarten"}', "application/json"),
    (b"[" * 5_000, "application/json"),
    (b"<qualification/>", "application/xml"),
    (b"", "application/json"),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request.

    Parameters:
        kind: what it is counted as.
        right: the statuses that are right.
        method, path, headers, body: of it.
        leaves_after: hang up after so many seconds without an answer; `None` for those who stay.
        withheld: how many bytes of the body are announced and never sent.
    """

    kind: str
    right: frozenset[int]
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    leaves_after: float | None = None
    withheld: int = 0


@dataclass(slots=True)
class Tokens:
    """What the visitors show; it is changed under way, as tokens expire.

    Parameters:
        user, application: the partner's.
    """

    user: str
    application: str


class Mix:
    """Draws one visit after another.

    Parameters:
        tokens: what visitors show.
        customers: how many there are.
        codes: the validation codes that are in use.
        seed: of the draw.
    """

    def __init__(self, tokens: Tokens, customers: int, codes: tuple[str, ...], seed: int = 1) -> None:
        self._tokens = tokens
        self._customers = customers
        self._codes = codes
        self._random = Random(seed)
        self._submitted: deque[Visit] = deque(maxlen=_REPLAYABLE)
        self._shares: dict[Callable[[], Visit], int] = {
            self._read: 30,
            self._submit: 20,
            self._replay: 6,
            self._put: 5,
            self._get: 5,
            self._list: 4,
            self._government: 4,
            self._wrong_token: 5,
            self._unknown: 5,
            self._malformed: 5,
            self._application_submits: 2,
            self._wait: 2,
            self._leave_waiting: 2,
            self._leave_sending: 2,
            self._leave_submitting: 2,
            self._scrape: 1,
        }

    def draw(self) -> Visit:
        """Return the next visit."""
        (kind,) = self._random.choices(list(self._shares), list(self._shares.values()))
        return kind()

    def _customer(self) -> str:
        return f"/v1/customers/{customer_id(self._random.randrange(self._customers))}"

    def _headers(self, token: str = "", content_type: str = "application/json") -> dict[str, str]:
        return {
            "Authorization": f"Bearer {token or self._tokens.user}",
            "Accept": "application/json",
            "Content-Type": content_type,
            "MS-RequestId": self._id(),
            "MS-CorrelationId": self._id(),
        }

    def _id(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def _reads(self, kind: str, path: str, *right: int, token: str = "") -> Visit:
        return Visit(kind, frozenset(right or (200,)), "GET", path, self._headers(token))

    def _posts(self, kind: str, body: bytes, *right: int, token: str = "") -> Visit:
        return Visit(kind, frozenset(right), "POST", f"{self._customer()}/qualifications", self._headers(token), body)

    def _read(self) -> Visit:
        token = self._random.choice((self._tokens.user, self._tokens.application))
        return self._reads("GET qualifications", f"{self._customer()}/qualifications", token=token)

    def _submit(self) -> Visit:
        visit = self._posts("POST Education", EDUCATION, 201, 409)
        self._submitted.append(visit)
        return visit

    def _replay(self) -> Visit:
        return replace(self._random.choice(self._submitted), kind="POST again") if self._submitted else self._submit()

    def _put(self) -> Visit:
        path = f"{self._customer()}/qualification"
        return Visit("PUT qualification", frozenset({200, 400, 409}), "PUT", path, self._headers(), b'"Education"')

    def _get(self) -> Visit:
        return self._reads("GET qualification", f"{self._customer()}/qualification")

    def _list(self) -> Visit:
        start = f"Customer {self._random.randrange(self._customers):09d}"[: self._random.randint(10, 18)]
        wanted = quote_plus(json.dumps({"Field": "CompanyName", "Value": start, "Operator": "starts_with"}))
        filtered = f"&filter={wanted}" if self._random.random() < 0.5 else ""
        return self._reads("GET customers", f"/v1/customers?size={self._random.randint(1, 100)}{filtered}")

    def _government(self) -> Visit:
        body = {"qualification": "GovernmentCommunityCloud", "validationCode": self._random.choice(self._codes)}
        return self._posts("POST GovernmentCommunityCloud", json.dumps(body).encode(), 201, 400, 409)

    def _wrong_token(self) -> Visit:
        stranger = "".join(self._random.choices("abcdefghijklmnopqrstuvwxyz", k=40))
        wrong = self._random.choice((stranger, self._tokens.user[:-40] + stranger, f"{stranger}.{stranger}.{stranger}"))
        return self._reads("wrong token", f"{self._customer()}/qualifications", 401, token=wrong)

    def _unknown(self) -> Visit:
        nobody = STRANGER.format(self._random.getrandbits(48))
        ends = (f"{nobody}/qualifications", nobody, f"{nobody}/nothing/{self._id()}")
        return self._reads("unknown customer or path", f"/v1/customers/{self._random.choice(ends)}", 404)

    def _malformed(self) -> Visit:
        body, content_type = self._random.choice(_MALFORMED)
        path, headers = f"{self._customer()}/qualifications", self._headers(content_type=content_type)
        return Visit("malformed body", frozenset({400, 415}), "POST", path, headers, body)

    def _application_submits(self) -> Visit:
        return self._posts("POST without a user", EDUCATION, 403, token=self._tokens.application)

    def _wait(self) -> Visit:
        visit = self._reads("GET that waits", self._lately())
        visit.headers["Prefer"] = f"wait={WAIT_SECONDS}"
        return visit

    def _lately(self) -> str:
        return self._random.choice(self._submitted).path if self._submitted else f"{self._customer()}/qualifications"

    def _leave_waiting(self) -> Visit:
        visit = self._wait()
        return Visit("hangs up waiting", visit.right, "GET", visit.path, visit.headers, leaves_after=0.5)

    def _leave_sending(self) -> Visit:
        path, sent = f"{self._customer()}/qualifications", self._random.randint(1, len(EDUCATION) - 1)
        kept = len(EDUCATION) - sent
        return Visit("hangs up sending", frozenset(), "POST", path, self._headers(), EDUCATION[:sent], 0.1, kept)

    def _leave_submitting(self) -> Visit:
        path = f"{self._customer()}/qualifications"
        right = frozenset({201, 409})
        return Visit("hangs up before the answer", right, "POST", path, self._headers(), EDUCATION, leaves_after=0.0)

    def _scrape(self) -> Visit:
        return Visit("GET metrics", frozenset({200}), "GET", "/metrics")
