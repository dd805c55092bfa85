"""Whom each page serves: said here a second time, by hand, so that a page that serves somebody else is noticed."""

from collections.abc import Mapping

from vetline.console.visit import Needs

_CUSTOMER = "/customers/{customer}"
_REQUEST = f"{_CUSTOMER}/requests/{{programme}}"

WHOM: Mapping[tuple[str, str], Needs] = {
    ("GET", "/"): Needs.SIGNED_IN,
    ("GET", "/offline"): Needs.ANYONE,
    ("GET", "/sign-in"): Needs.ANYONE,
    ("GET", "/signed-in"): Needs.ANYONE,
    ("POST", "/sign-out"): Needs.ANYONE,
    ("GET", "/customers"): Needs.PARTNER,
    ("GET", _CUSTOMER): Needs.PARTNER,
    ("GET", f"{_CUSTOMER}/cases/{{programme}}"): Needs.PARTNER,
    ("GET", _REQUEST): Needs.PARTNER,
    ("POST", _REQUEST): Needs.PARTNER,
    ("POST", f"{_REQUEST}/change"): Needs.PARTNER,
    ("POST", f"{_REQUEST}/check"): Needs.PARTNER,
    ("GET", "/codes"): Needs.PARTNER,
    ("GET", "/partner-codes"): Needs.ADMINISTRATOR,
    ("POST", "/partner-codes"): Needs.ADMINISTRATOR,
}

# What a page for anyone answers to somebody who is not signed in, and did not begin to.
OPEN: Mapping[tuple[str, str], int] = {
    ("GET", "/offline"): 200,
    ("GET", "/sign-in"): 303,
    ("GET", "/signed-in"): 400,
    ("POST", "/sign-out"): 200,
}
