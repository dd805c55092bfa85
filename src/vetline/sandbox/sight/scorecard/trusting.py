"""Whether a client minds its tokens: a new one for one that does not count any more, and a second factor. Pure.

https://learn.microsoft.com/partner-center/developer/partner-center-authentication
"""

from vetline.sandbox.sight.scorecard.call import Call
from vetline.sandbox.sight.scorecard.finding import Finding, failed, not_tried, passed

# A second thread may just have been on its way with the old token; not a third time.
_MOST_REFUSALS = 3


def renews_tokens(calls: list[Call]) -> Finding:
    """Judge whether a token that was refused, or has ended, is replaced, and not used again."""
    refused = [one for one in calls if one.token_refused]
    if not refused:
        return _renewed_in_time(calls)
    accepted = [one for one in calls if one.token and one.status and not one.token_refused]
    replaced: list[Call] = []
    for row in _rows(refused):
        replacement = _replacement(row[0], accepted)
        if len(row) >= _MOST_REFUSALS or (len(row) > 1 and not replacement):
            return failed("It went on with a token that it was told does not count.", row)
        replaced += (row[0], replacement) if replacement else ()
    if replaced:
        return passed("It got another token when one was refused.", replaced)
    return not_tried("A token was refused, and nothing was called since.", refused)


def minds_mfa(calls: list[Call]) -> Finding:
    """Judge whether the client asks, for its users' tokens, if they meet the rule of MFA."""
    users = [one for one in calls if one.token and not one.app_only]
    asking = [one for one in users if one.asks_for_mfa]
    if asking:
        return passed("It asks by ValidateMfa whether its token meets the rule.", asking)
    without = [one for one in users if not one.mfa]
    if without:
        return failed("It called for a user without a second factor, and never asked by ValidateMfa.", without)
    if users:
        return not_tried("All users had a second factor, and it never asked by ValidateMfa.", users[:1])
    return not_tried("It called for no user, only as an application.")


def _renewed_in_time(calls: list[Call]) -> Finding:
    """Judge a client whose tokens were never refused: perhaps it renews them before they end."""
    ending = [(one.expires, one.number, one) for one in calls if one.token and one.expires is not None]
    if ending:
        ends, _, old = min(ending)
        later = next((one for one in calls if one.at >= ends and one.token not in ("", old.token)), None)
        if later:
            return passed("It got another token before the old one ended.", (old, later))
    return not_tried("No token was refused, and none has ended. Move the clock by an hour: POST /sandbox/clock.")


def _rows(refused: list[Call]) -> list[list[Call]]:
    """Return the refusals of each token."""
    by_token: dict[str, list[Call]] = {}
    for one in refused:
        by_token.setdefault(one.token, []).append(one)
    return [_one_after_another(row) for row in by_token.values()]


def _one_after_another(refused: list[Call]) -> list[Call]:
    """Return those of which each began when the one before had ended: what was on its way already does not count."""
    row = refused[:1]
    for call in refused[1:]:
        if call.begun >= row[-1].ended:
            row.append(call)
    return row


def _replacement(refused: Call, accepted: list[Call]) -> Call | None:
    """Return a later call with another token that was accepted."""
    found = next((one for one in reversed(accepted) if one.token != refused.token), None)
    return found if found and found.begun >= refused.ended else None
