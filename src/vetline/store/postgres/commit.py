"""One transaction: changes that are saved together, all of them or none."""

import asyncio
from collections.abc import Sequence

from vetline.store.changes import Change
from vetline.store.port import AlreadyAnsweredError, ConflictError, UnavailableError
from vetline.store.postgres import rows
from vetline.store.postgres.failures import UncertainError, meaning_of
from vetline.store.postgres.link import USE_SECONDS, Link
from vetline.store.postgres.plan import REMEMBER, Step, steps
from vetline.store.postgres.servers import Connection
from vetline.store.records import Remembered
from vetline.store.statements import statements

_FILES = ("postgres", "postgres_audit", "postgres_uploads", "postgres_webhooks")
SQL = {name: text for file in _FILES for name, text in statements(file).items()}


async def commit(link: Link, changes: Sequence[Change]) -> None:
    """Save changes in one transaction.

    Raises:
        ConflictError: one of them is not as it was decided on; nothing was saved.
        AlreadyAnsweredError: the only one was answered before; nothing was saved.
        UncertainError: the commit was not seen to end, and nobody knows what was saved.
        UnavailableError: nothing was saved.
    """
    planned = list(steps(changes))
    await link.once(lambda connection: _transact(connection, planned, changes))


async def _transact(connection: Connection, planned: list[Step], changes: Sequence[Change]) -> None:
    await connection.execute("BEGIN")
    failed = None
    for step in planned:
        if not await _took_effect(connection, step):
            failed = step
            break
    if failed is None:
        await _commit(connection)
        return
    await connection.execute("ROLLBACK")
    if failed.statement == REMEMBER and len(changes) == 1 and changes[0].answer:
        await _raise_answered(connection, changes[0].answer)
    raise ConflictError("the row is not as it was when this was decided")


async def _took_effect(connection: Connection, step: Step) -> bool:
    """Return whether a statement changed as many rows as it should; what it broke leaves no transaction open."""
    try:
        status: str = await connection.execute(SQL[step.statement], *step.columns)
    except Exception as error:
        if not isinstance(meaning_of(error), UnavailableError):  # then the connection is given up instead
            await connection.execute("ROLLBACK")
        raise
    return not step.exact or int(status.rpartition(" ")[2]) == len(step.rows)


async def _commit(connection: Connection) -> None:
    """Only here can something go wrong without anybody knowing what was saved; a deadline may pass here too.

    A commit that waits for a replica must not be cancelled, which is what the driver does at a timeout: the server
    would call it done, for all to see, though it is in one place only. So the link's own deadline comes first, and then
    it cuts the connection at once.
    Source: https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION-HA
    """
    try:
        await connection.execute("COMMIT", timeout=2 * USE_SECONDS)
    except (Exception, asyncio.CancelledError) as error:
        raise UncertainError("the database did not say whether it saved this") from error


async def _raise_answered(connection: Connection, answer: Remembered) -> None:
    found = await connection.fetch(SQL["answer"], [answer.partner], [answer.key])
    if found:  # otherwise it was just being forgotten
        raise AlreadyAnsweredError(rows.answer_of(found[0][1:]))
