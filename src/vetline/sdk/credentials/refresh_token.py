"""App+User, by a refresh token. Whatever new refresh token comes is handed over to be kept before anything else."""

from collections.abc import Callable
from typing import Any

from vetline.sdk.clouds import GLOBAL
from vetline.sdk.credentials.application import OFFLINE, Application
from vetline.sdk.settings import Surroundings
from vetline.sdk.steps import Ask, Conversation
from vetline.sdk.tokens import AccessToken, token_in
from vetline.wire.reading import Members

OnRotation = Callable[[str], Any]


class Rotating:
    """A refresh token, and what it becomes.

    Parameters:
        application: whose.
        refresh_token: empty until the first sign-in.
        client_secret: the application's; empty for a public one.
        on_rotation: given every new refresh token.
    """

    def __init__(
        self, application: Application, refresh_token: str, client_secret: str, on_rotation: OnRotation | None
    ) -> None:
        self._application = application
        self._secret = {"client_secret": client_secret} if client_secret else {}
        self._on_rotation = on_rotation
        self._kept = refresh_token
        self.current = refresh_token

    def renewed(self, around: Surroundings) -> Conversation[AccessToken]:
        """Return the conversation that gets a token.

        Raises:
            CredentialError: the authority gives none.
            ConnectionFailedError: nobody answers.
        """
        form = {"grant_type": "refresh_token", "refresh_token": self.current}
        scope = {"scope": f"{self._application.scope} {OFFLINE}"}
        members = yield from self._application.asked(around, form | scope | self._secret)
        return (yield from self.taken(members, around))

    def taken(self, members: Members, around: Surroundings) -> Conversation[AccessToken]:
        """Return the conversation that takes both tokens out of an answer; one that could not be kept is tried again.

        Raises:
            CredentialError: there is no access token, or the new refresh token cannot be kept.
        """
        fresh = members.get("refresh_token")
        self.current = fresh if isinstance(fresh, str) and fresh else self.current
        if self._on_rotation and self.current != self._kept:
            keep, text = self._on_rotation, self.current
            yield Ask(lambda: keep(text))
            self._kept = text
        return token_in(members, around.wall())


class RefreshToken:
    """App+User by the secure application model: somebody once signed in with MFA, and the refresh token was kept.

    https://learn.microsoft.com/partner-center/developer/enable-secure-app-model

    Parameters:
        tenant: the partner's tenant.
        client_id: the application's.
        refresh_token: the kept token.
        client_secret: the application's; empty for a public one.
        on_rotation: given every new refresh token, to be kept instead; called before the access token is used, and
            again at the next renewal where it failed. A token that is not kept is lost: the old one may be refused
            from then on. It may block, and for the asynchronous client be asynchronous.
        authority, scope: for another cloud; see `vetline.sdk.clouds.CLOUDS`.

    Raises:
        InvalidArgumentError: one of these is missing, or is none.
    """

    def __init__(
        self,
        tenant: str,
        client_id: str,
        refresh_token: str,
        *,
        client_secret: str = "",
        on_rotation: OnRotation | None = None,
        authority: str = GLOBAL.authority,
        scope: str = GLOBAL.scope,
    ) -> None:
        application = Application(tenant, client_id, authority, scope)
        self._rotating = Rotating(application, refresh_token, client_secret, on_rotation)

    def conversation(self, around: Surroundings) -> Conversation[AccessToken]:
        """Return the conversation that gets a token.

        Raises:
            CredentialError: the authority gives none, or the new refresh token cannot be kept.
            ConnectionFailedError: nobody answers.
        """
        return (yield from self._rotating.renewed(around))
