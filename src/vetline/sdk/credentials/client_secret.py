"""App-only, by a client secret."""

from vetline.sdk.clouds import GLOBAL
from vetline.sdk.credentials.application import Application
from vetline.sdk.settings import Surroundings
from vetline.sdk.steps import Conversation
from vetline.sdk.tokens import AccessToken, token_in


class ClientSecret:
    """App-only: an application with a secret. It may read; it may not ask for a qualification.

    Parameters:
        tenant: the partner's tenant.
        client_id, client_secret: the application's.
        authority, scope: for another cloud; see `vetline.sdk.clouds.CLOUDS`.

    Raises:
        InvalidArgumentError: one of these is missing, or is none.
    """

    def __init__(
        self,
        tenant: str,
        client_id: str,
        client_secret: str,
        *,
        authority: str = GLOBAL.authority,
        scope: str = GLOBAL.scope,
    ) -> None:
        self._application = Application(tenant, client_id, authority, scope)
        self._secret = client_secret

    def conversation(self, around: Surroundings) -> Conversation[AccessToken]:
        """Return the conversation that gets a token.

        Raises:
            CredentialError: the authority gives none.
            ConnectionFailedError: nobody answers.
        """
        form = {"grant_type": "client_credentials", "client_secret": self._secret, "scope": self._application.scope}
        members = yield from self._application.asked(around, form)
        return token_in(members, around.wall())
