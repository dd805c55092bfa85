"""What is told of a JSON interface, and is every world's that has the same contract: it is put together once."""

from collections.abc import Sequence

import msgspec

from vetline.api.described import Described
from vetline.api.router import Route
from vetline.sandbox.faults.operations import TOKEN_OPERATIONS, Operations, operations_of
from vetline.sandbox.sight.journal.operations import Operations as Names
from vetline.wire.contract import Contract


class Interface(msgspec.Struct, frozen=True):
    """What there is to ask for, in the words of those who tell of it.

    Parameters:
        described: for those who write clients.
        struck: what faults can strike.
        names: what the journal calls it.
    """

    described: Described
    struck: Operations
    names: Names


def interface_of(routes: Sequence[Route], contract: Contract) -> Interface:
    """Return what is told of some operations as a contract has them."""
    return Interface(
        Described(routes, contract), Operations([*operations_of(routes), *TOKEN_OPERATIONS]), Names(routes)
    )
