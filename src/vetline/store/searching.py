"""What the text of a search says. Pure: both stores look for the same beginning and the same words.

A customer is found when its name begins with the text, or when each of the text's words begins a word of its name or
its domain. A word of one or two letters stands for itself, unless it is the last, which may still be being typed; after
others that one counts from its second letter on. So "institute of te" does not look through all that begins with "of".
"""

import re
import unicodedata
from typing import Final, NamedTuple

MAX_TEXT: Final = 256
MAX_WORDS: Final = 8
MAX_WORD: Final = 64
# How many that match are put in order: of more, the first by name among these are shown.
CANDIDATES: Final = 1_000

_WHOLE_LETTERS: Final = 2
# As in the migration of PostgreSQL that makes the index of words.
_SEPARATORS: Final = re.compile(
    "[\x00-\x2f\x3a-\x60\x7b-\xbf\xd7\xf7\u2000-\u2bff\u3000-\u3004\u3008-\u3020\u3030\ufe10-\ufe6f"
    "\U0001f000-\U0001faff]+"
)
_MARKS: Final = re.compile("[\u0300-\u036f]")


class Word(NamedTuple):
    """A word that is looked for.

    Parameters:
        text: its letters, which separate nothing and quote nothing.
        whole: it is the word itself, not a beginning.
    """

    text: str
    whole: bool


def beginning_of(text: str) -> str:
    """Return a text as names are compared with it: at most `MAX_TEXT` characters, case does not count."""
    return text[:MAX_TEXT].encode(errors="ignore").decode().strip().casefold()


def plain(text: str) -> str:
    """Return a text without accents, in the one form that Unicode has for what looks the same."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text))


def words_of(beginning: str) -> tuple[Word, ...]:
    """Return the words of a text, the first `MAX_WORDS` of them."""
    found = [word[:MAX_WORD] for word in _SEPARATORS.split(beginning) if word][:MAX_WORDS]
    if len(found) > 1 and len(found[-1]) == 1 and found[-1].isascii():  # elsewhere one letter can be a word
        found.pop()
    last = len(found) - 1
    return tuple(Word(word, place < last and len(word) <= _WHOLE_LETTERS) for place, word in enumerate(found))
