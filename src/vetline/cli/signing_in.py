"""Signing in and out: what a profile's credential is made of, and how it comes to be."""

from functools import partial
from typing import TYPE_CHECKING

from vetline.cli.failing import CliError
from vetline.cli.keeping import KeptTokens, fingerprint, forget_token, keep_token, kept_tokens
from vetline.cli.output import note
from vetline.cli.profiles import Keeper, Profile, drop_profile, profile_named, put_profile
from vetline.cli.vault import keep, vault_of
from vetline.sdk.clouds import CLOUDS
from vetline.sdk.credentials import ClientSecret, DeviceCode, DevicePrompt, RefreshToken

if TYPE_CHECKING:
    import ssl

    from vetline.sdk.tokens import AccessToken, TokenSource


def tokens_of(name: str, profile: Profile) -> KeptTokens:
    """Return where the tokens of a profile come from: the kept one, or a fresh one from the authority."""
    return KeptTokens(name, profile, lambda: _fresh(name, profile))


def _fresh(name: str, profile: Profile) -> "TokenSource":
    vault = vault_of(profile.kept_in)
    where = {"authority": profile.signs_in_at, "scope": CLOUDS[profile.cloud].scope}
    secret = vault.get(name)
    if profile.credential == "client-secret":
        return ClientSecret(profile.tenant, profile.client_id, secret, **where)
    rotated = partial(vault.put, name)
    return RefreshToken(profile.tenant, profile.client_id, secret, on_rotation=rotated, **where)


def sign_in_with_secret(name: str, profile: Profile, secret: str) -> str:
    """Sign an application in and keep its secret; return where, in a sentence.

    Raises:
        CliError: it cannot be kept.
        PartnerCenterError: the authority refuses; nothing is kept.
    """
    where = {"authority": profile.signs_in_at, "scope": CLOUDS[profile.cloud].scope}
    token = token_of(ClientSecret(profile.tenant, profile.client_id, secret, **where))
    return _kept(name, profile, secret, token)


def sign_in_by_device(name: str, profile: Profile) -> str:
    """Let a person sign in with a code on another page, and keep the refresh token; return where, in a sentence.

    Raises:
        CliError: there is nothing to keep, or it cannot be kept.
        PartnerCenterError: the authority refuses; nothing is kept.
    """
    given: list[str] = []
    where = {"authority": profile.signs_in_at, "scope": CLOUDS[profile.cloud].scope}
    source = DeviceCode(profile.tenant, profile.client_id, _prompt, on_rotation=given.append, **where)
    token = token_of(source)
    if not given:
        raise CliError("The authority gave no refresh token: allow the application offline_access.")
    return _kept(name, profile, given[-1], token)


def _prompt(prompt: DevicePrompt) -> None:
    note(f"{prompt.message}\nWaiting for up to {prompt.expires_in / 60:.0f} minutes; Ctrl-C gives up.")


def token_of(source: "TokenSource", verify: "ssl.SSLContext | bool" = True) -> "AccessToken":
    """Return a fresh token from a source.

    Parameters:
        verify: whom to trust over TLS.

    Raises:
        CliError: there is nobody to ask.
        PartnerCenterError: there is none to be had.
    """
    from vetline.sdk.settings import Surroundings
    from vetline.sdk.tokens import TokenCache
    from vetline.sdk.transport import Driver

    around = Surroundings()
    driver = Driver(TokenCache(source, around), verify)
    try:
        return driver.run(source.conversation(around))
    finally:
        driver.close()


def _kept(name: str, profile: Profile, secret: str, token: "AccessToken") -> str:
    keeper, sentence = keep(name, secret)
    profile = _with_keeper(profile, keeper)
    put_profile(name, profile)
    forget_token(name)
    if token.ends is not None:
        keep_token(kept_tokens(name), fingerprint(profile), token.token, token.ends)
    return sentence


def _with_keeper(profile: Profile, keeper: Keeper) -> Profile:
    import msgspec

    return msgspec.structs.replace(profile, kept_in=keeper)


def sign_out(name: str) -> None:
    """Forget a profile with its secret and its token.

    Raises:
        CliError: there is no such profile, or the keyring does not forget.
    """
    profile = profile_named(name)
    vault_of(profile.kept_in).drop(name)
    forget_token(name)
    drop_profile(name)
