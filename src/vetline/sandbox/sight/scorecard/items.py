"""The items of the scorecard: what is asked of a client, by which document, and what to do when it fails."""

from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec

from vetline.sandbox.sight.scorecard import naming, receiving, surviving, trusting, waiting
from vetline.sandbox.sight.scorecard.call import Call
from vetline.sandbox.sight.scorecard.finding import Finding
from vetline.sandbox.sight.scorecard.moment import Moment

_LEARN: Final = "https://learn.microsoft.com/partner-center/developer/"
_HEADERS: Final = _LEARN + "headers"
_THROTTLING: Final = _LEARN + "api-throttling-guidance"
_READING: Final = _LEARN + "get-customer-qualification-asynchronous"
_UPDATING: Final = _LEARN + "update-customer-qualification-asynchronous"
_SIGN_IN: Final = _LEARN + "partner-center-authentication"
_WEBHOOKS: Final = _LEARN + "partner-center-webhooks"

Judge = Callable[[list[Call], Moment], Finding]


class Item(msgspec.Struct, frozen=True):
    """One item.

    Parameters:
        id: its name in JSON and XML.
        title: what is asked.
        advice: what to do, in one sentence.
        source: the document that asks for it.
        judge: tells, by the calls of one client.
    """

    id: str
    title: str
    advice: str
    source: str
    judge: Judge


def _always(rule: Callable[[list[Call]], Finding]) -> Judge:
    return lambda calls, now: rule(calls)


def _survives(*kinds: str) -> Judge:
    return partial(surviving.survives, kinds)


def _receives(calls: list[Call], now: Moment) -> Finding:
    return receiving.refuses_wrong_signatures(now)


ITEMS: Final = (
    Item(
        "retry-after",
        "Waits at least as long as Retry-After says",
        "Read Retry-After of every 429 and 503, and ask the same again only when that time is over.",
        _THROTTLING,
        _always(waiting.waits_as_told),
    ),
    Item(
        "backs-off",
        "Pauses before it tries again, and gives up in the end",
        "Wait at least half a second before the second attempt, twice as long before each next, and stop after a few.",
        _THROTTLING,
        _always(waiting.backs_off),
    ),
    Item(
        "refusals-accepted",
        "Leaves a refusal at that",
        "Do not try again after 400, 403, 404 or 409: the same request is refused each time.",
        _LEARN + "error-codes",
        _always(waiting.accepts_refusals),
    ),
    Item(
        "request-id-kept",
        "Tries again under the same MS-RequestId",
        "Make the MS-RequestId once for an operation, and send it with every attempt at it.",
        _HEADERS,
        _always(naming.keeps_request_id),
    ),
    Item(
        "request-id-renewed",
        "Gives each operation an MS-RequestId of its own",
        "Make a fresh GUID for each operation, and send it at least with every change.",
        _HEADERS,
        _always(naming.renews_request_id),
    ),
    Item(
        "correlation-id-renewed",
        "Gives each operation an MS-CorrelationId of its own",
        "Make a fresh GUID for each operation, send it with every call, and log it: support asks for it.",
        _HEADERS,
        _always(naming.renews_correlation_id),
    ),
    Item(
        "polls-gently",
        "Looks now and then while a case is open",
        "Vetting takes days: begin with seconds between two looks, and let the pause grow to minutes.",
        _THROTTLING,
        _always(waiting.polls_gently),
    ),
    Item(
        "unknown-status",
        "Survives a vettingStatus that it does not know",
        "Read vettingStatus as open text: what is neither Approved nor Denied is not decided yet.",
        _UPDATING,
        _survives("unknownStatus"),
    ),
    Item(
        "unknown-member",
        "Survives a member that it does not know",
        "Ignore members that your model does not have: most JSON readers need to be told.",
        _READING,
        _survives("unknownMember"),
    ),
    Item(
        "date-names",
        "Survives vettingCreateDate and vettingCreatedDate alike",
        "Read the date under both names, and go on when neither is there: the documents have both.",
        _READING,
        _survives("onlyCreateDate", "onlyCreatedDate"),
    ),
    Item(
        "tokens-renewed",
        "Gets another token when one is refused or ends",
        "On a 401 get a fresh token once and try again; better, renew it a minute before it ends.",
        _SIGN_IN,
        _always(trusting.renews_tokens),
    ),
    Item(
        "mfa-checked",
        "Asks whether its users' tokens meet the rule of MFA",
        "Send ValidateMfa: true with calls for users, and act when the answer's isMfaCompliant is false.",
        _SIGN_IN,
        _always(trusting.minds_mfa),
    ),
    Item(
        "webhook-signatures",
        "Refuses a webhook whose signature is wrong",
        "Verify each delivery's signature over its raw body, and answer 401 when it does not hold.",
        _WEBHOOKS,
        _receives,
    ),
)
