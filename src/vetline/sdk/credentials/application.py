"""An application in a tenant, and how it asks the authority. No answer of the authority is ever shown whole."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from vetline.sdk import reading
from vetline.sdk.checking import check_url
from vetline.sdk.deciphering import one_line, unanswered
from vetline.sdk.errors import CredentialError, InvalidArgumentError
from vetline.sdk.messages import Outcome, RawAnswer, RawRequest, Unanswered
from vetline.sdk.retrying import Again, Repeat, RetryPolicy, asked_wait, verdict
from vetline.sdk.settings import Surroundings
from vetline.sdk.steps import Conversation, Pause, Send
from vetline.wire.reading import Members, folded

# So that a sign-in also gives a refresh token.
OFFLINE = "openid profile offline_access"

_SECONDS = 30.0
_POLICY = RetryPolicy()


class Application:
    """An application in a tenant.

    Parameters:
        tenant, client_id: which.
        authority: who signs it in.
        scope: what its tokens are for.

    Raises:
        InvalidArgumentError: one of these is missing, or is none.
    """

    def __init__(self, tenant: str, client_id: str, authority: str, scope: str) -> None:
        check_url("authority", authority)
        if not tenant.strip() or not client_id.strip():
            raise InvalidArgumentError("A credential needs the tenant and the application's client_id.")
        self._host = urlsplit(authority).netloc
        self._base = f"{authority.rstrip('/')}/{quote(tenant.strip(), safe='')}/oauth2/v2.0"
        self._client_id = client_id
        self.scope = scope

    def asked(self, around: Surroundings, form: Mapping[str, str], path: str = "token") -> Conversation[Members]:
        """Return the conversation that posts a form and gives the members of the answer under their lower-case names.

        Raises:
            CredentialError: the authority refuses; `code` is its `error`.
            ConnectionFailedError: nobody answers.
        """
        members = yield from self.answered(around, form, path)
        if "error" in members:
            raise refused(members)
        return members

    def answered(self, around: Surroundings, form: Mapping[str, str], path: str = "token") -> Conversation[Members]:
        """Return the conversation that posts a form and gives the members of the answer, a refusal's too.

        Raises:
            ConnectionFailedError: nobody answers.
            CredentialError: the answer is not understood.
        """
        request = self._request(path, form)
        begun, attempt = around.monotonic(), 1
        while True:
            outcome: Outcome = yield Send(request, _SECONDS)
            elapsed = around.monotonic() - begun
            found = verdict(outcome, Repeat.SAFE, _POLICY, attempt, elapsed, around.wall(), around.chance)
            if not isinstance(found, Again):
                return self._members(outcome, found.why, around)
            yield Pause(found.seconds)
            attempt += 1

    def _request(self, path: str, form: Mapping[str, str]) -> RawRequest:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            body = urlencode({"client_id": self._client_id, **form}).encode()
        except UnicodeEncodeError:  # its text would repeat the secret
            raise InvalidArgumentError("The credential cannot be sent: it holds half of a character.") from None
        return RawRequest("POST", f"{self._base}/{path}", headers, body)

    def _members(self, outcome: Outcome, why: str, around: Surroundings) -> Members:
        if isinstance(outcome, Unanswered):
            raise unanswered(outcome, f"the authority {self._host}", why)
        members = _object(outcome)
        if "error" not in members and (not members or not 200 <= outcome.status < 300):
            raise CredentialError(
                f"The authority {self._host} answers with status {outcome.status} and no token. {why}".rstrip(),
                category="Unauthorized",
                retry_after=asked_wait(outcome, around.wall()),
                answer=outcome,
            )
        return members


def refused(members: Mapping[str, Any]) -> CredentialError:
    """Return the error for an authority's refusal, in its own words, such as ``AADSTS7000215: ...``.

    https://learn.microsoft.com/entra/identity-platform/reference-error-codes: only the first line is for people.
    """
    kind = one_line(str(members.get("error") or ""))
    said = str(members.get("error_description") or "").strip().partition("\n")[0]
    return CredentialError(
        f"The authority gives no token: {one_line(said) or kind or 'without a reason'}",
        category="Unauthorized",
        code=kind,
        correlation_id=one_line(str(members.get("correlation_id") or "")),
    )


def _object(answer: RawAnswer) -> Members:
    try:
        return folded(reading.json_in(answer))
    except ValueError:
        return {}
