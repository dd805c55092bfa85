"""Whom each page serves: said here a second time, by hand, so that a page that serves somebody else is noticed."""

from collections.abc import Mapping
from typing import NamedTuple

from vetline.console.visit import Needs

_CUSTOMER = "/customers/{customer}"
_REQUEST = f"{_CUSTOMER}/requests/{{programme}}"
_CASE = "/cases/{partner}/{customer}/{programme}"
_DOMAIN = "/domains/{domain}"
_UPLOAD = "/uploads/{upload}"

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
    ("GET", f"{_REQUEST}/check"): Needs.PARTNER,
    ("GET", "/codes"): Needs.PARTNER,
    ("GET", "/uploads"): Needs.PARTNER,
    ("POST", "/uploads"): Needs.PARTNER,
    ("GET", _UPLOAD): Needs.PARTNER,
    ("GET", f"{_UPLOAD}/results.csv"): Needs.PARTNER,
    ("POST", f"{_UPLOAD}/cancel"): Needs.PARTNER,
    ("GET", "/queue"): Needs.REVIEWER,
    ("POST", "/next"): Needs.REVIEWER,
    ("GET", "/decisions"): Needs.REVIEWER,
    ("GET", _CASE): Needs.REVIEWER,
    ("POST", f"{_CASE}/decide"): Needs.REVIEWER,
    ("POST", f"{_CASE}/withdraw"): Needs.REVIEWER,
    ("POST", f"{_CASE}/take"): Needs.REVIEWER,
    ("POST", f"{_CASE}/give-back"): Needs.REVIEWER,
    ("GET", _DOMAIN): Needs.REVIEWER,
    ("POST", _DOMAIN): Needs.REVIEWER,
    ("GET", "/dashboard"): Needs.REVIEWER,
    ("GET", "/dashboard/events"): Needs.REVIEWER,
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


class Answers(NamedTuple):
    """What a page answers to each of those who are signed in, where it is about what is Contoso's.

    Parameters:
        contoso, fabrikam: to those partners' people.
        reviewer, administrator: to the operator's.
    """

    contoso: int
    fabrikam: int
    reviewer: int
    administrator: int


# A form has nothing in it but its session's word: what asks for more answers 400, or 409 where there is nothing to do.
ANSWERS: Mapping[tuple[str, str], Answers] = {
    ("GET", "/"): Answers(303, 303, 303, 303),
    ("GET", "/offline"): Answers(200, 200, 200, 200),
    ("GET", "/sign-in"): Answers(303, 303, 303, 303),
    ("GET", "/signed-in"): Answers(400, 400, 400, 400),
    ("POST", "/sign-out"): Answers(200, 200, 200, 200),
    ("GET", "/customers"): Answers(200, 200, 403, 403),
    ("GET", _CUSTOMER): Answers(200, 404, 403, 403),
    ("GET", f"{_CUSTOMER}/cases/{{programme}}"): Answers(200, 404, 403, 403),
    ("GET", _REQUEST): Answers(200, 404, 403, 403),
    ("POST", _REQUEST): Answers(400, 404, 403, 403),
    ("GET", f"{_REQUEST}/check"): Answers(400, 404, 403, 403),
    ("GET", "/codes"): Answers(200, 200, 403, 403),
    ("GET", "/uploads"): Answers(200, 200, 403, 403),
    ("POST", "/uploads"): Answers(400, 400, 403, 403),
    ("GET", _UPLOAD): Answers(404, 404, 403, 403),  # nobody's: whose there is gets an id of its own each time
    ("GET", f"{_UPLOAD}/results.csv"): Answers(404, 404, 403, 403),
    ("POST", f"{_UPLOAD}/cancel"): Answers(404, 404, 403, 403),
    ("GET", "/queue"): Answers(403, 403, 200, 200),
    ("POST", "/next"): Answers(403, 403, 303, 303),
    ("GET", "/decisions"): Answers(403, 403, 200, 200),
    ("GET", _CASE): Answers(403, 403, 200, 200),
    ("POST", f"{_CASE}/decide"): Answers(403, 403, 400, 400),
    ("POST", f"{_CASE}/withdraw"): Answers(403, 403, 409, 409),
    ("POST", f"{_CASE}/take"): Answers(403, 403, 303, 409),  # the reviewer has it by then
    ("POST", f"{_CASE}/give-back"): Answers(403, 403, 303, 303),
    ("GET", _DOMAIN): Answers(403, 403, 200, 200),
    ("POST", _DOMAIN): Answers(403, 403, 400, 400),
    ("GET", "/dashboard"): Answers(403, 403, 200, 200),
    ("GET", "/dashboard/events"): Answers(403, 403, 200, 200),
    ("GET", "/partner-codes"): Answers(403, 403, 403, 200),
    ("POST", "/partner-codes"): Answers(403, 403, 403, 400),
}
