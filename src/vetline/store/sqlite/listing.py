"""What a list of customers, and a search among them, asks of SQLite. Pure: statements, parameters, and the answer."""

from collections.abc import Sequence
from typing import Any

from vetline.store.records import LAST, Customer, CustomerQuery
from vetline.store.searching import CANDIDATES, Word, words_of
from vetline.store.sqlite import rows
from vetline.store.sqlite.rows import Row

Asked = tuple[str, dict[str, Any]]


def page(partner: str, query: CustomerQuery) -> Asked:
    """Return the statement that reads a page, and its parameters."""
    (value, customer), end = query.stretch("\0")
    statement = f"customers_by_{query.field}" if query.field else "customers"
    bounds = {"partner": rows.blob(partner), "value": value, "id": rows.blob(customer), "end": end, "size": query.size}
    return (f"{statement}_before" if query.before else statement), bounds


def in_order(query: CustomerQuery, found: Sequence[Row]) -> list[Customer]:
    """Return the customers of a page, which is read backwards when it goes back."""
    return [rows.customer_of(row) for row in (reversed(found) if query.before else found)]


def search(partner: str, beginning: str, size: int) -> Asked | None:
    """Return the statement that finds customers by words, and its parameters; `None` when the text has no word.

    Parameters:
        beginning: the text; those whose name begins with it are left out.
        size: how many at most.
    """
    words = words_of(beginning)
    if not words:
        return None
    wanted = [f'partner : "{rows.blob(partner).hex()}"', *(f"words : {_term(word)}" for word in words)]
    return "customers_by_words", {
        "match": " AND ".join(wanted),
        "candidates": CANDIDATES + size,
        "partner": rows.blob(partner),
        "low": beginning,
        "high": beginning + LAST,
        "size": size,
    }


def _term(word: Word) -> str:
    """Return a word in the language of the index; there is no quote in it."""
    return f'"{word.text}"' if word.whole else f'"{word.text}" *'
