"""Legal names: the same but for spelling, or known by another name; anything else is for a person.

`fuzz.ratio` alone is not safe on long names (Northern and Northeastern Illinois University reach 93), so the words must
agree one by one as well. Token scorers are worse: to them Miami University is the University of Miami.
"""

import csv
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from vetline.reference.sources import own_source, source
from vetline.vetting.facts import NameMatch
from vetline.vetting.words import Segment

MAX_NAME = 200
SURE = 90.0
# What NFKD leaves alone; both apostrophes vanish, so that "d'Art" and "dArt" are one spelling.
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\u0131": "i"}
_UNDECOMPOSED = str.maketrans(_LETTERS | {"&": " and ", "'": "", "\u2019": ""})
# Words whose presence or absence does not tell two institutions apart; their order and the other words do.
_FILL = frozenset({"the", "of", "at", "in", "and", "for", "e", "y", "et", "und"}) | frozenset(
    {"de", "la", "le", "les", "el", "los", "du", "des", "del", "der", "die", "das", "di", "da", "do"}
)
_K12 = ("high school", "highschool", "secondary school", "primary school", "middle school", "elementary school")
_K12_MORE = ("school district", "unified school", "public schools", "gymnasium", "lycee", "grundschule")


def fold(name: str) -> str:
    """Fold a name to bare words: no accents, case, punctuation or English article.

    Parameters:
        name: anything; what is beyond 200 characters does not count.
    """
    spread = unicodedata.normalize("NFKD", name[:MAX_NAME]).casefold().translate(_UNDECOMPOSED)
    bare = "".join(character for character in spread if not unicodedata.combining(character))
    words = "".join(character if character.isalnum() else " " for character in bare).split()
    return " ".join(word for word in words if word != "the") or " ".join(words)


def shown_level(names: Iterable[str]) -> Segment | None:
    """Say which level of education names show plainly; `None` when they show none or several."""
    folded = " | ".join(fold(name) for name in names)
    higher = "univers" in folded
    school = any(words in folded for words in _K12 + _K12_MORE)
    if higher == school:
        return None
    return Segment.HIGHER if higher else Segment.K12


class Names:
    """Compares legal names with listed names and with the alias table.

    Loading imports two libraries and reads a small file; afterwards any number of threads may ask.
    """

    def __init__(self) -> None:
        """Load the comparing libraries and the alias table."""
        from cleanco import basename
        from rapidfuzz import fuzz
        from rapidfuzz.distance import OSA

        self._basename = basename
        self._ratio = fuzz.ratio
        self._edits = OSA.distance
        self._aliases = read_aliases()
        self.normal = lru_cache(maxsize=16384)(self._normal)

    def compare(self, legal: str, domain: str, listed: tuple[str, ...]) -> NameMatch | None:
        """Compare a legal name with what an institution is called.

        Parameters:
            legal: as the customer's profile has it.
            domain: the institution's entry, for its aliases.
            listed: its listed names.

        Returns:
            The nearest name, or `None` when there is nothing to compare.
        """
        normal = self.normal(legal[:MAX_NAME])
        if fold(legal) in self._aliases.get(domain, frozenset()):
            return NameMatch(legal[:MAX_NAME], 100.0, True, own_source("vetline-aliases"))
        if not normal or not listed:
            return None
        return max((self._match(normal, name) for name in listed), key=lambda match: (match.agrees, match.score))

    def _match(self, normal: str, name: str) -> NameMatch:
        other = self.normal(name)
        score = float(self._ratio(normal, other))
        return NameMatch(name, score, score >= SURE and self._same_words(normal, other), source("rapidfuzz"))

    def _same_words(self, one: str, other: str) -> bool:
        left = [word for word in one.split() if word not in _FILL]
        right = [word for word in other.split() if word not in _FILL]
        return len(left) == len(right) and all(map(self._same_word, left, right))

    def _same_word(self, one: str, other: str) -> bool:
        """Allow one slip in a long Latin word; a digit, a short word or a Chinese character is never a slip."""
        if one == other:
            return True
        latin = (one + other).isascii() and (one + other).isalpha() and min(len(one), len(other)) >= 6
        return latin and one[0] == other[0] and self._edits(one, other) == 1

    def _normal(self, name: str) -> str:
        folded = fold(name)
        return fold(self._basename(folded)) or folded


def read_aliases() -> dict[str, frozenset[str]]:
    """Read the alias table: by domain, the other names of the institution there, folded.

    An alias counts only at its own domain, so an abbreviation that two institutions share is harmless.
    """
    table: dict[str, set[str]] = {}
    text = files("vetline.reference").joinpath("data/aliases.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        table.setdefault(row["domain"], set()).add(fold(row["alias"]))
    return {domain: frozenset(aliases) for domain, aliases in table.items()}
