"""The sandbox's token authority over HTTP: the routes a client of Entra expects, at the same paths. Handlers only.

Sources: https://learn.microsoft.com/entra/identity-platform/v2-protocols and, for v1,
https://learn.microsoft.com/previous-versions/azure/active-directory/azuread-dev/v1-protocols-oauth-code
"""

from collections.abc import Awaitable, Callable
from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from vetline.api.shared_route import SharedRoute
from vetline.clock import Clock
from vetline.identity.issuer import TokenIssuer
from vetline.sandbox.authority import metadata, pages
from vetline.sandbox.authority.aadsts import MALFORMED, Refused, error_body
from vetline.sandbox.authority.clients import tenant_named, with_basic
from vetline.sandbox.authority.forms import read_form, read_query
from vetline.sandbox.authority.grants import Grants
from vetline.sandbox.authority.ledger import Ledger
from vetline.sandbox.authority.sign_in import Authorization, SignInDesk
from vetline.sandbox.contents.directory import Directory

Handler = Callable[[Request], Awaitable[Response]]

# Tokens are for one pair of eyes: RFC 6749, section 5.1.
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def authority_routes(directory: Directory, issuer: TokenIssuer, clock: Clock) -> list[BaseRoute]:
    """Return the authority's routes, with a memory of their own.

    Args:
        directory: the tenants, people and applications that exist.
        issuer: who signs; its `base` is the URL these routes are reached at.
        clock: what time it is.

    Returns:
        The routes, at the root of the host: `/{tenant}/oauth2/...`, `/{tenant}/discovery/...`, `/devicelogin`.
    """
    return Authority(directory, issuer, clock).routes()


class Authority:
    """The handlers, and what they share."""

    def __init__(self, directory: Directory, issuer: TokenIssuer, clock: Clock) -> None:
        """Serve `directory` in the name of `issuer`."""
        self._ledger = Ledger()
        self._directory = directory
        self._issuer = issuer
        self._clock = clock
        self._grants = Grants(directory, issuer, clock, self._ledger)
        self._desk = SignInDesk(directory, issuer, clock, self._ledger)

    def routes(self) -> list[BaseRoute]:
        """Return the routes; the fixed ones come before those that begin with a tenant."""
        return [
            SharedRoute("/common/discovery/instance", self._json(self.instance)),
            SharedRoute("/common/userrealm/{username}", self._json(self.realm)),
            SharedRoute("/common/oauth2/nativeclient", self._html(self.native_client)),
            SharedRoute("/devicelogin", self._html(self.ask_device)),
            SharedRoute("/devicelogin", self._html(self.device_login), methods=["POST"]),
            SharedRoute("/{tenant}/.well-known/openid-configuration", self._json(self.configuration)),
            SharedRoute("/{tenant}/v2.0/.well-known/openid-configuration", self._json(self.configuration)),
            # MSAL for Python looks here when its authority ends in a slash, as its own default does.
            SharedRoute("/{tenant}//v2.0/.well-known/openid-configuration", self._json(self.configuration)),
            SharedRoute("/{tenant}/discovery/keys", self._json(self.keys)),
            SharedRoute("/{tenant}/discovery/v2.0/keys", self._json(self.keys)),
            SharedRoute("/{tenant}/oauth2/authorize", self._html(self.authorize)),
            SharedRoute("/{tenant}/oauth2/v2.0/authorize", self._html(self.authorize)),
            SharedRoute("/{tenant}/oauth2/logout", self._html(self.log_out)),
            SharedRoute("/{tenant}/oauth2/v2.0/logout", self._html(self.log_out)),
            SharedRoute("/{tenant}/oauth2/devicecode", self._json(self.begin_device), methods=["POST"]),
            SharedRoute("/{tenant}/oauth2/v2.0/devicecode", self._json(self.begin_device), methods=["POST"]),
            SharedRoute("/{tenant}/oauth2/token", self._json(self.token), methods=["POST"]),
            SharedRoute("/{tenant}/oauth2/v2.0/token", self._json(self.token), methods=["POST"]),
        ]

    def forget(self) -> None:
        """Forget all codes and refresh tokens, as a reset of the sandbox does. Access tokens live on."""
        self._ledger.clear()

    def awaits(self, user_code: str) -> bool:
        """Whether a device waits here for somebody to enter its code."""
        try:
            self._desk.device(user_code)
        except Refused:
            return False
        return True

    async def token(self, request: Request) -> Response:
        """Grant a token."""
        form = with_basic(await read_form(request), request.headers.get("authorization"))
        body = self._grants.redeem(request.path_params["tenant"], form, v2=_is_v2(request))
        return JSONResponse(body, headers=_NOT_KEPT)

    async def begin_device(self, request: Request) -> Response:
        """Give a device its codes."""
        form = with_basic(await read_form(request), request.headers.get("authorization"))
        body = self._desk.begin_device(request.path_params["tenant"], form, v2=_is_v2(request))
        return JSONResponse(body, headers=_NOT_KEPT)

    async def authorize(self, request: Request) -> Response:
        """Sign the hinted user in, or let somebody choose."""
        query = read_query(request)
        wanted = self._desk.authorization(request.path_params["tenant"], query, v2=_is_v2(request))
        user = wanted.user(query.get("login_hint", ""))
        if user is None or query.get("prompt") in ("select_account", "login"):
            return pages.pick_user(wanted.tenants, wanted.client.application, query)
        return _answered(wanted, self._desk.authorize(wanted, user))

    async def ask_device(self, request: Request) -> Response:
        """Show the page on which a device's code is entered."""
        return pages.ask_device_code()

    async def device_login(self, request: Request) -> Response:
        """Take a device's code, then the user to sign in on it."""
        # Another site's page must not be able to approve a device of its own from here.
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Refused(MALFORMED, "it comes from another site")
        form = await read_form(request)
        try:
            device = self._desk.device(form.get("user_code", ""))
        except Refused:
            return pages.ask_device_code("That code is unknown, used or too old.", status=400)
        user = device.tenant.user(form.get("username", ""))
        if user is None:
            return pages.pick_device_user(device.tenant, device.user_code)
        self._desk.approve(device, user)
        return pages.page("Signed in", "<p>You can close this page and go back to your device.</p>")

    async def log_out(self, request: Request) -> Response:
        """Say that nobody is signed in: the sandbox forgets at once whom it signed in."""
        return pages.page("Signed out", "<p>You can close this page. Here nobody stays signed in.</p>")

    async def native_client(self, request: Request) -> Response:
        """Show the page native applications are redirected to, and read the code from the address of."""
        return pages.page("Signed in", "<p>You can close this page and go back to the application.</p>")

    async def configuration(self, request: Request) -> Response:
        """Publish a tenant's OpenID configuration."""
        name = request.path_params["tenant"]
        tenant_id = self._tenant_id(name)
        return JSONResponse(metadata.openid_configuration(self._issuer, name, tenant_id, v2=_is_v2(request)))

    async def keys(self, request: Request) -> Response:
        """Publish the keys; they are the same for every tenant."""
        return JSONResponse(self._issuer.jwks())

    async def instance(self, request: Request) -> Response:
        """Say that this host is an authority, and where the tenant that is asked about is described."""
        name = metadata.tenant_of(request.query_params.get("authorization_endpoint", "")) or "common"
        self._tenant_id(name)
        return JSONResponse(metadata.instance_discovery(self._issuer, name))

    async def realm(self, request: Request) -> Response:
        """Say how a user signs in."""
        username = request.path_params["username"]
        known = self._directory.home_of_user(username) is not None
        return JSONResponse(metadata.user_realm(username, known=known))

    def _tenant_id(self, name: str) -> str:
        several = name.lower() in ("common", "organizations")
        return "{tenantid}" if several else tenant_named(self._directory, name).tenant_id

    def _json(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            try:
                return await handler(request)
            except Refused as refused:
                body = error_body(refused, self._clock.now(), request.headers.get("client-request-id"))
                return JSONResponse(body, refused.kind.status, _NOT_KEPT)

        return guarded

    def _html(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            try:
                return await handler(request)
            except Refused as refused:
                return pages.page("Sorry, but we're having trouble signing you in", _paragraph(refused), status=400)

        return guarded


def _is_v2(request: Request) -> bool:
    return "/v2.0/" in request.url.path


def _paragraph(refused: Refused) -> str:
    return f"<p>{escape(refused.text)}</p>"


def _answered(wanted: Authorization, answer: dict[str, str]) -> Response:
    if wanted.mode == "form_post":
        return pages.post_back(wanted.redirect, answer)
    mark = "#" if wanted.mode == "fragment" else "&" if "?" in wanted.redirect else "?"
    return RedirectResponse(f"{wanted.redirect}{mark}{urlencode(answer)}", 302, {"Cache-Control": "no-store"})
