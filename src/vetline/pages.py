"""What the settings say about the pages for people; a role without which nothing of it is needed."""

from vetline.console.entrance import EntranceChoices
from vetline.console.seal import SHORTEST_SECRET
from vetline.identity.safety import is_origin, is_safe
from vetline.settings import Settings, SettingsError

_HOW_TO_MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


def entrance_choices(settings: Settings) -> EntranceChoices:
    """Return who may come to the pages, and by which issuer.

    Raises:
        SettingsError: a setting is missing or bad; there is a sentence for each of them.
    """
    if problems := _problems(settings):
        raise SettingsError(" ".join(problems))
    return EntranceChoices(
        url=settings.console_url.rstrip("/"),
        authority=settings.console_authority,
        client_id=settings.console_client_id,
        client_secret=settings.console_client_secret,
        secret=settings.console_secret,
        partners=frozenset(tenant.lower() for tenant in settings.tenants),
        operators=frozenset(tenant.lower() for tenant in settings.operator_tenants),
    )


def _problems(settings: Settings) -> list[str]:
    found = []
    if not is_origin(settings.console_url):
        found.append(
            "The role console needs console_url: the address that browsers use, without a path, such as "
            "https://vetline.example (http only for this very machine)."
        )
    if not is_safe(settings.console_authority):
        found.append(
            "The role console needs console_authority: the https address of the issuer where people sign in, such as "
            "https://login.microsoftonline.com/organizations/v2.0."
        )
    if not settings.console_client_id:
        found.append("The role console needs console_client_id: the application's id at that issuer.")
    if len(settings.console_secret) < SHORTEST_SECRET:
        found.append(
            f"The role console needs console_secret: at least {SHORTEST_SECRET} random characters, the same for all "
            f"processes. {_HOW_TO_MAKE_ONE} makes one."
        )
    return found
