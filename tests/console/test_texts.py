"""Every text that a page asks for is there, and every text that is there is asked for."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import vetline.console
from vetline.console.texts import languages

ROOM = Path(vetline.console.__file__).parent
SOURCES = [*ROOM.rglob("*.html"), *ROOM.rglob("*.py")]
WHOLE = re.compile(r"""\bt(?:exts)?(?:\.has)?\(\s*["']([a-z_]+\.[\w.-]+)["']\s*[,)]""")
BEGUN = re.compile(r"""["']([a-z_]+\.(?:[\w.-]*\.)?)["']\s*~""")
IN_CODE = re.compile(r"""f?["']([a-z_]+\.[\w-]+(?:\.[\w-]+)*\.?)(?:["'{])""")


def keys(texts: Mapping[str, object], way: str = "") -> Iterator[str]:
    """Yield the key of each text; two forms of one text are one."""
    for name, value in texts.items():
        if isinstance(value, dict) and set(value) != {"one", "other"}:
            yield from keys(value, f"{way}{name}.")
        else:
            yield f"{way}{name}"


def asked_for(pattern: re.Pattern[str]) -> set[str]:
    return {key for source in SOURCES for key in pattern.findall(source.read_text("utf-8"))}


@pytest.mark.parametrize("language", languages())
def test_each_text_that_a_page_names_is_there(language: str) -> None:
    texts = languages()[language]
    assert [key for key in sorted(asked_for(WHOLE)) if not texts.has(key)] == []


@pytest.mark.parametrize("language", languages())
def test_each_text_is_asked_for(language: str) -> None:
    whole, begun = asked_for(WHOLE) | asked_for(IN_CODE), asked_for(BEGUN) | asked_for(IN_CODE)
    beginnings = tuple(one for one in begun if one.endswith("."))
    unused = [key for key in keys(languages()[language].areas) if key not in whole and not key.startswith(beginnings)]
    assert unused == []


def test_all_languages_have_the_same_texts() -> None:
    found = {language: set(keys(texts.areas)) for language, texts in languages().items()}
    assert len({frozenset(one) for one in found.values()}) == 1


@pytest.mark.parametrize(
    ("accepted", "language"), [("", "en"), ("xx", "en"), ("en-GB,en;q=0.9", "en"), ("xx;q=1, en;q=0.1", "en")]
)
def test_a_browser_gets_the_first_language_that_there_is(accepted: str, language: str) -> None:
    from vetline.console.texts import texts_for

    assert texts_for(accepted).language == language
