"""Every word on the pages, from the files in texts/: a folder for each language, a file for each group of pages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "texts"
FALLBACK = "en"


class Texts:
    """The texts of one language.

    Parameters:
        language: the name of a folder in texts/.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.areas = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in (_FOLDER / language).glob("*.toml")}

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with values put in.

        Parameters:
            key: the file and the way in it, such as ``partner.codes.title``.
            values: what its braces name. With ``count``, a text may have two forms, ``one`` and ``other``.

        Raises:
            KeyError: there is no such text.
        """
        found = self._at(key)
        if isinstance(found, dict):
            found = found["one" if values.get("count") == 1 else "other"]
        return str(found).format(**{name: _shown(value) for name, value in values.items()}) if values else str(found)

    def has(self, key: str) -> bool:
        """Return whether there is such a text."""
        try:
            self._at(key)
        except KeyError:
            return False
        return True

    def _at(self, key: str) -> Any:
        found: Any = self.areas
        for step in key.split("."):
            if not isinstance(found, Mapping):
                raise KeyError(key)
            found = found[step]
        return found


def _shown(value: object) -> object:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


@cache
def languages() -> dict[str, Texts]:
    """Return every language that there is."""
    return {folder.name: Texts(folder.name) for folder in sorted(_FOLDER.iterdir()) if folder.is_dir()}


def texts_for(accept_language: str) -> Texts:
    """Return the texts in the first language that a browser asks for and that we have; else English.

    Parameters:
        accept_language: the header, such as ``de-AT,de;q=0.8,en;q=0.5``; browsers send it in their order of liking.
    """
    known = languages()
    for wish in accept_language[:256].split(","):
        language = wish.partition(";")[0].strip().lower().partition("-")[0]
        if language in known:
            return known[language]
    return known[FALLBACK]
