"""Labels made to be misread: scripts mixed in one label, and letters that look like Latin ones.

The table is the part of Unicode's confusables that can spell whole Latin words
(https://www.unicode.org/Public/security/latest/confusables.txt); missing a pair costs a warning, never an approval,
because only listed domains are approved and no listed domain is written in another script.
"""

import unicodedata

import idna

LOOK_LIKE = {
    **dict(zip("авсԁеғһіјкӏмоорԛгѕтυѵшԝхуᴢ", "abcdefhijklmoopqrstuvwwxyz", strict=True)),
    **dict(zip("αβεηικνορτυχγωϲϳ", "abenikvoptuxywcj", strict=True)),
    **dict(zip("աօսոհցզեյ", "wounhgqtj", strict=True)),
    **dict(zip("ɑɡıɩɫɴʀʏꮯꮪ", "agiilnrycs", strict=True)),
    "ь": "b",
    "п": "n",
    "ԍ": "g",
}
# Scripts that are written together; UTS #39 section 5.1 allows the same.
# https://www.unicode.org/reports/tr39/#Restriction_Level_Detection
TOGETHER = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA", "LATIN"}),
    frozenset({"CJK", "HANGUL", "LATIN"}),
    frozenset({"CJK", "BOPOMOFO", "LATIN"}),
)


def label_warnings(label: str) -> tuple[str, ...]:
    """Say what is odd about one label.

    Accents alone are not odd: a school in Munich may well spell its city. Whether such a label imitates somebody is for
    whoever knows the institutions: see `plain_host`.

    Parameters:
        label: in Unicode, lower case.

    Returns:
        Warnings, each the end of the sentence "The text ..."; none for a plain label.
    """
    scripts = _scripts(label)
    if len(scripts) > 1 and not any(scripts <= allowed for allowed in TOGETHER):
        return (f"mixes the scripts {', '.join(sorted(scripts)).lower()} in {label!r}",)
    plain = skeleton(label)
    odd = plain.isascii() and not _without_accents(label).isascii()
    return (f"has {label!r}, which looks like {plain!r}",) if odd else ()


def plain_host(host: str) -> str:
    """Spell a host with the Latin letters that people will read, whatever its labels are made of.

    Parameters:
        host: lower case, in valid A-labels.
    """
    return ".".join(skeleton(idna.decode(label)) if label.startswith("xn--") else label for label in host.split("."))


def skeleton(label: str) -> str:
    """Spell a label with the Latin letters it looks like, without accents."""
    return "".join(LOOK_LIKE.get(character, character) for character in _without_accents(label))


def _without_accents(label: str) -> str:
    return "".join(
        character for character in unicodedata.normalize("NFKD", label) if not unicodedata.combining(character)
    )


def _scripts(label: str) -> frozenset[str]:
    names = (unicodedata.name(character, "UNNAMED") for character in label if character.isalpha())
    return frozenset(name.partition(" ")[0] for name in names)
