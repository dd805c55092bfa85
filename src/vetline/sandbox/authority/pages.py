"""The authority's few pages. Every value is escaped, nothing is loaded from anywhere, and no page may be framed."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from vetline.identity.caller import ADMINISTRATOR, REVIEWER
from vetline.sandbox.contents.directory import SandboxApplication, SandboxTenant, SandboxUser

_STYLE = (
    ":root{color-scheme:light dark;--page:#f4f4f8;--card:#fff;--text:#1b1b1f;--quiet:#55555f;--line:#8a8a94;"
    "--over:#ececf4;--mark:#3a49c4}@media (prefers-color-scheme:dark){:root{--page:#131318;--card:#1e1e25;"
    "--text:#ececf1;--quiet:#b4b4c0;--line:#70707c;--over:#2a2a34;--mark:#a9b4ff}}"
    "*{box-sizing:border-box}body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:2rem 1rem;background:var(--page);"
    "color:var(--text)}main{max-width:30rem;margin:0 auto;padding:1.5rem;background:var(--card);border-radius:.75rem;"
    "border:1px solid var(--line)}h1{font-size:1.375rem;margin:0 0 1rem}h2{font-size:1rem;margin:1.25rem 0 .25rem}"
    "ul{list-style:none;margin:0;padding:0}a.choice,button{display:block;width:100%;text-align:left;font:inherit;"
    "padding:.625rem .875rem;margin:.5rem 0;border:1px solid var(--line);border-radius:.5rem;background:var(--card);"
    "color:inherit;text-decoration:none;cursor:pointer;overflow-wrap:anywhere}a.choice:hover,button:hover"
    "{background:var(--over)}:focus-visible{outline:3px solid var(--mark);outline-offset:2px}input{font:inherit;"
    "padding:.5rem;width:100%;background:var(--card);color:inherit;border:1px solid var(--line);border-radius:.5rem}"
    "small{color:var(--quiet)}"
)


def page(title: str, body: str, *, status: int = 200, script: str = "") -> HTMLResponse:
    """Return a page.

    Args:
        title: plain text.
        body: HTML, escaped already.
        status: the HTTP status.
        script: a script of ours to run; it alone is allowed to.
    """
    nonce = secrets.token_urlsafe(16)
    tail = f'<script nonce="{nonce}">{script}</script>' if script else ""
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style nonce="{nonce}">{_STYLE}</style>'
        f"<main><h1>{escape(title)}</h1>{body}<p><small>Vetline sandbox: nobody is signed in to anything real."
        f"</small></p></main>{tail}</html>"
    )
    return HTMLResponse(html, status, _headers(nonce))


def pick_user(
    tenants: Sequence[SandboxTenant], application: SandboxApplication, query: Mapping[str, str]
) -> HTMLResponse:
    """Return the page on which somebody chooses whom to sign in as; each choice is the same request with a hint.

    Args:
        tenants: whose people there are to choose from; of several, each is a group with a heading.
        application: what is signed in to.
        query: the request.
    """
    kept = {name: value for name, value in query.items() if name not in ("prompt", "login_hint")}
    if len(tenants) == 1:
        return page(f"Sign in to {tenants[0].name}", _choices(tenants[0], kept))
    groups = (f"<section><h2>{escape(tenant.name)}</h2>{_choices(tenant, kept)}</section>" for tenant in tenants)
    return page(f"Sign in to {application.name}", "<p>Choose whom to be.</p>" + "".join(groups))


def _choices(tenant: SandboxTenant, kept: Mapping[str, str]) -> str:
    return f"<ul>{''.join(_choice(user, {**kept, 'login_hint': user.username}) for user in tenant.users)}</ul>"


def _choice(user: SandboxUser, query: Mapping[str, str]) -> str:
    return f'<li><a href="?{escape(urlencode(query))}" class="choice">{_described(user)}</a>'


def post_back(redirect: str, answer: Mapping[str, str]) -> HTMLResponse:
    """Return the page that posts an answer to the client (response_mode=form_post), by itself or by its button."""
    fields = _hidden(answer)
    form = f'<form method="post" action="{escape(redirect)}">{fields}<button>Continue</button></form>'
    return page("Signed in", form, script="document.forms[0].submit()")


def ask_device_code(problem: str = "", *, status: int = 200) -> HTMLResponse:
    """Return the page on which a device's code is entered."""
    note = f"<p>{escape(problem)}</p>" if problem else ""
    form = (
        f'{note}<form method="post" action="/devicelogin"><label>Code <input name="user_code" autofocus required '
        'autocomplete="off"></label><button>Next</button></form>'
    )
    return page("Enter the code your device shows", form, status=status)


def pick_device_user(tenant: SandboxTenant, user_code: str) -> HTMLResponse:
    """Return the page on which somebody chooses whom a device is signed in as."""
    return page(f"Sign in to {tenant.name}", "".join(_device_choices(tenant.users, user_code)))


def _device_choices(users: Iterable[SandboxUser], user_code: str) -> Iterable[str]:
    for user in users:
        fields = _hidden({"user_code": user_code, "username": user.username})
        yield f'<form method="post" action="/devicelogin">{fields}<button>{_described(user)}</button></form>'


def _hidden(values: Mapping[str, str]) -> str:
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in values.items()
    )


def _described(user: SandboxUser) -> str:
    factor = "with MFA" if user.mfa else "without MFA"
    return f"{escape(user.username)}<br><small>{_role(user)}, {factor}</small>"


def _role(user: SandboxUser) -> str:
    if ADMINISTRATOR in user.roles:
        return "reviewer and administrator" if REVIEWER in user.roles else "administrator"
    return "reviewer" if REVIEWER in user.roles else "partner user"


def _headers(nonce: str) -> dict[str, str]:
    # No form-action: form_post goes to the client, whose address was checked before the page was made.
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
