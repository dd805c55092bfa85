"""The contracts side by side: one row for each value, one column for each contract."""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any

import msgspec

from docs.docstrings import said
from docs.markdown import table
from vetline.wire import words
from vetline.wire.contract import Contract, Dated
from vetline.wire.contracts import CONTRACTS

_TOLD = {"name", "what"}
_ORDER = {name: place for place, name in enumerate(words.QUALIFICATIONS)}


def contracts() -> str:
    """Return whose contract each is."""
    return table(("contract", "whose it is"), ((f"`{one.name}`", one.what) for one in CONTRACTS.values()))


def variants() -> str:
    """Return every value of every contract."""
    names = [field.name for field in msgspec.structs.fields(Contract) if field.name not in _TOLD]
    rows = ((_title(name), *(_shown(getattr(one, name)) for one in CONTRACTS.values())) for name in names)
    return table(("", *(f"`{name}`" for name in CONTRACTS)), rows)


def _title(name: str) -> str:
    return f"**{name.replace('_', ' ')}**: {said(Contract, name)}"


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Dated():
            return f"{' and '.join(f'`{name}`' for name in value.names)} `{value.form.value}`"
        case Mapping():
            return _mapped(value)
        case Enum():
            return str(value.value)
        case bytes():
            return f"`{value.decode()}`"
        case str():
            return f"`{value}`" if value else ""
        case Collection():
            found = [one.value if isinstance(one, Enum) else str(one) for one in value]
            return ", ".join(sorted(found, key=lambda one: (_ORDER.get(one, 0), one)))
        case _:
            return str(value)


def _mapped(value: Mapping[str, str]) -> str:
    """Return the words of the synchronous generation by the one that differs, and reasons by those that do."""
    found = [value[words.GOVERNMENT]] if words.GOVERNMENT in value else value.values()
    return ", ".join(f"`{one}`" for one in found)
