"""A row's checksum, the same from a row of SQLite and inside PostgreSQL.

A row is written as its values one after the other, each behind its length, so that no two rows are written alike; GUIDs
and bytes in hexadecimal, moments as microseconds since 1970. The checksum is the beginning of the SHA-256 of that.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

# By PostgreSQL's types: a migration that brings another one has to say here how it is written.
_WRITTEN: Final = {
    "uuid": "encode(uuid_send({}), 'hex')",
    "timestamp with time zone": "(extract(epoch FROM {}) * 1000000)::bigint::text",
    "bytea": "encode({}, 'hex')",
    "text": "{}",
    "integer": "{}::text",
    "bigint": "{}::text",
}


def checksum(row: Sequence[Any]) -> int:
    """Return the checksum of a row as SQLite keeps it."""
    written = b"".join([_written(value) for value in row])
    return int.from_bytes(sha256(written).digest()[:8], "big", signed=True)


def _written(value: Any) -> bytes:
    if value is None:
        return b"-"
    text = (
        value.encode()
        if isinstance(value, str)
        else value.hex().encode()
        if isinstance(value, bytes)
        else b"%d" % value
    )
    return b"%d:%s" % (len(text), text)


def checksum_sql(types: dict[str, str]) -> str:
    """Return the expression by which PostgreSQL computes it.

    Parameters:
        types: of the columns, in their order.
    """
    written = " || ".join(_written_sql(_WRITTEN[kind].format(name)) for name, kind in types.items())
    return f"('x' || encode(substr(sha256(convert_to({written}, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint"


def _written_sql(text: str) -> str:
    return f"coalesce(octet_length(convert_to({text}, 'UTF8')) || ':' || {text}, '-')"
