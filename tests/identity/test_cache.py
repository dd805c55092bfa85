"""What the verifier remembers, for how long, and when it forgets."""

from datetime import datetime, timedelta

from vetline.identity.caller import Caller
from vetline.identity.issuer import TokenIssuer
from vetline.identity.keys import StaticKeys, VerificationKey
from vetline.identity.trust import TrustedIssuer
from vetline.identity.verifier import TokenVerifier

from .tokens import BASE, NOW, TENANT, good_claims


def lookup(verifier: TokenVerifier, token: str, later: timedelta = timedelta(0)) -> Caller | None:
    """Return what is remembered of `token` at NOW and `later`."""
    return verifier.cached(token, (NOW + later).timestamp())


async def test_a_verified_token_is_remembered_as_text_and_as_bytes(
    issuer: TokenIssuer, verifier: TokenVerifier
) -> None:
    token = issuer.sign(good_claims(issuer))
    assert lookup(verifier, token) is None
    caller = await verifier.verify(token, NOW)
    assert lookup(verifier, token) == caller
    assert verifier.cached(token.encode(), NOW.timestamp()) == caller


async def test_what_is_remembered_ends_with_the_token(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    token = issuer.sign(good_claims(issuer, exp=int(NOW.timestamp()) + 60))
    await verifier.verify(token, NOW)
    assert lookup(verifier, token, timedelta(seconds=119)) is not None
    assert lookup(verifier, token, timedelta(seconds=120)) is None


async def test_what_is_remembered_is_proved_anew_after_five_minutes(
    issuer: TokenIssuer, verifier: TokenVerifier
) -> None:
    token = issuer.sign(good_claims(issuer))
    await verifier.verify(token, NOW)
    assert lookup(verifier, token, timedelta(seconds=299)) is not None
    assert lookup(verifier, token, timedelta(seconds=300)) is None


async def test_the_oldest_is_forgotten_first(issuer: TokenIssuer) -> None:
    verifier = TokenVerifier(issuer.trusted(), capacity=3)
    tokens = [issuer.sign(good_claims(issuer, uti=str(number))) for number in range(5)]
    for token in tokens:
        await verifier.verify(token, NOW)
    assert [lookup(verifier, token) is not None for token in tokens] == [False, False, True, True, True]


async def test_a_rotation_empties_it_and_the_old_tokens_count_no_more() -> None:
    issuer = TokenIssuer(BASE)
    verifier = TokenVerifier(issuer.trusted())
    token = issuer.sign(good_claims(issuer))
    await verifier.verify(token, NOW)
    issuer.rotate()
    assert lookup(verifier, token) is None
    assert (await verifier.verify(issuer.sign(good_claims(issuer)), NOW)).tenant == TENANT


async def test_a_planned_rollover_lets_old_tokens_live_on() -> None:
    issuer = TokenIssuer(BASE)
    verifier = TokenVerifier(issuer.trusted())
    token = issuer.sign(good_claims(issuer))
    await verifier.verify(token, NOW)
    issuer.rotate(keep_previous=True)
    assert lookup(verifier, token) is not None
    assert (await verifier.verify(token, NOW)).tenant == TENANT


class _WithdrawnMeanwhile(StaticKeys):
    """Keys that are withdrawn just after one was handed out, as a fetch beside a verification may do."""

    async def key(self, kid: str, now: datetime) -> VerificationKey | None:
        found = await super().key(kid, now)
        self.replace([])
        return found


async def test_a_key_withdrawn_during_the_verification_leaves_nothing_behind(issuer: TokenIssuer) -> None:
    trusted = issuer.trusted()[0]
    keys = [key for key in [await trusted.key_source.key(_kid(issuer), NOW)] if key is not None]
    verifier = TokenVerifier([TrustedIssuer(trusted.issuer, _WithdrawnMeanwhile(keys))])
    token = issuer.sign(good_claims(issuer))
    await verifier.verify(token, NOW)
    assert lookup(verifier, token) is None


def _kid(issuer: TokenIssuer) -> str:
    keys = issuer.jwks()["keys"]
    assert isinstance(keys, list)
    return str(keys[0]["kid"])
