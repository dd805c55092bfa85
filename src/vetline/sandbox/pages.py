"""The authority's few pages. Every value is escaped, nothing is loaded from anywhere, and no page may be framed."""

import secrets
from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from vetline.sandbox.directory import SandboxTenant, SandboxUser

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;color:#1b1b1f}"
    "h1{font-size:1.25rem}a,button{display:block;width:100%;box-sizing:border-box;text-align:left;font:inherit;"
    "padding:.75rem 1rem;margin:.5rem 0;border:1px solid #8a8a94;border-radius:.375rem;background:#fff;color:inherit;"
    "text-decoration:none;cursor:pointer}a:hover,button:hover{background:#f0f0f5}"
    "input{font:inherit;padding:.5rem;width:100%;box-sizing:border-box}small{color:#55555f}"
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


def pick_user(tenant: SandboxTenant, query: Mapping[str, str]) -> HTMLResponse:
    """Return the page on which somebody chooses whom to sign in as; each choice is the same request with a hint."""
    kept = {name: value for name, value in query.items() if name not in ("prompt", "login_hint")}
    links = "".join(
        f'<a href="?{escape(urlencode(kept | {"login_hint": user.username}))}">{_described(user)}</a>'
        for user in tenant.users
    )
    return page(f"Sign in to {tenant.name}", links)


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
    return f"{escape(user.username)}<br><small>{'with' if user.mfa else 'without'} MFA</small>"


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
