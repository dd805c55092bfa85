"""Partner Center's own token for one of Entra's: the old two-step sign-in that some clients still do.

Source: https://learn.microsoft.com/partner-center/developer/deprecate-azure-active-directory-graph-token
(`/v3/generatetoken`); the form is `grant_type=jwt_token`
"""

from collections.abc import Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from vetline.api.shared_route import SharedRoute
from vetline.clock import Clock
from vetline.identity.issuer import TokenIssuer
from vetline.identity.proof import prove
from vetline.identity.refusal import TokenRefused
from vetline.identity.trust import PARTNER_CENTER, PARTNER_CENTER_AUDIENCES, audiences_of
from vetline.sandbox.authority.aadsts import MISSING_PARAMETER, UNKNOWN_GRANT, Refused
from vetline.sandbox.authority.asking import RETIRED
from vetline.sandbox.authority.clients import needed
from vetline.sandbox.authority.forms import read_form
from vetline.sandbox.authority.minting import ACCESS_LIVES
from vetline.wire import faults
from vetline.wire.faults import FaultError

_GRANT = "jwt_token"
# Clients write it both ways.
_PATHS = tuple(f"{version}/{name}" for version in ("", "/v3") for name in ("generatetoken", "GenerateToken"))
# What is brought may be for the retired resource: that is what this exchange was for.
_AUDIENCES = PARTNER_CENTER_AUDIENCES | audiences_of(*RETIRED)


class TokenExchange:
    """Exchanges tokens.

    Parameters:
        issuer: signed what is brought, and signs what is given.
        clock: the time.
    """

    def __init__(self, issuer: TokenIssuer, clock: Clock) -> None:
        self._issuer = issuer
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        """Return the routes, at both places where clients look for it."""
        return [SharedRoute(path, self.exchange, methods=["POST"]) for path in _PATHS]

    async def exchange(self, request: Request) -> Response:
        """Give a token of Partner Center for the bearer's own."""
        _check(await read_form(request))
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise FaultError(faults.ACCESS_DENIED)
        now = self._clock.now()
        try:
            proven = await prove(token, self._issuer.trusted(_AUDIENCES), now)
        except TokenRefused as error:
            raise FaultError(faults.TOKEN_REJECTED) from error
        lives, start = int(ACCESS_LIVES.total_seconds()), int(now.timestamp())
        claims = msgspec.json.decode(proven.payload, type=dict[str, object])
        given = claims | {"aud": PARTNER_CENTER, "iat": start, "nbf": start, "exp": start + lives}
        body = {"access_token": self._issuer.sign(given), "token_type": "bearer", "expires_in": lives}
        return JSONResponse(body, headers={"Cache-Control": "no-store"})


def _check(form: Mapping[str, str]) -> None:
    try:
        grant = needed(form, "grant_type")
    except Refused as error:
        raise _bad(MISSING_PARAMETER.text.format("grant_type")) from error
    if grant != _GRANT:
        raise _bad(UNKNOWN_GRANT.text.format(grant[:100]))


def _bad(sentence: str) -> FaultError:
    return FaultError(faults.INVALID_INPUT, f"Invalid request input: {sentence} Send grant_type={_GRANT}.")
