"""What a client prefers, and may be refused without a word: the header Prefer.

Partner Center knows no preference and ignores the header; so do we where it cannot be read.

Source: https://www.rfc-editor.org/rfc/rfc7240
"""

import re

_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)


def wait_of(prefer: bytes, longest: int) -> int | None:
    """Return how many seconds a client is willing to wait, at most `longest`; `None` when it does not say.

    Of a preference that stands twice the first counts: https://www.rfc-editor.org/rfc/rfc7240#section-2

    Parameters:
        prefer: the header's value; several headers are one, joined by commas.
    """
    # A quoted text may hold commas and semicolons, and no quoted text is a number of seconds.
    for preference in _QUOTED.sub(b'""', prefer).split(b","):
        name, _, value = preference.partition(b";")[0].partition(b"=")
        if name.strip().lower() == b"wait":
            return _seconds(value.strip(), longest)
    return None


def _seconds(value: bytes, longest: int) -> int | None:
    """Digits and nothing else: https://www.rfc-editor.org/rfc/rfc7240#section-4.3. However many there are."""
    if not value.isdigit():
        return None
    digits = value.lstrip(b"0") or b"0"
    return longest if len(digits) > len(str(longest)) else min(int(digits), longest)
