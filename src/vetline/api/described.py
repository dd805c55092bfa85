"""What tells people and programs of the JSON interface: written when somebody first asks for it."""

from collections.abc import Sequence
from functools import cached_property

from vetline.api.router import Route
from vetline.wire.contract import Contract


class Described:
    """The description of some operations.

    Parameters:
        operations: those of a service.
        contract: the interface they have.
    """

    def __init__(self, operations: Sequence[Route], contract: Contract) -> None:
        self._operations = [operation for operation in operations if not operation.retired]
        self._contract = contract

    @cached_property
    def openapi(self) -> bytes:
        """For programs: an OpenAPI document."""
        from vetline.api.openapi import description  # a good part of a sandbox's start, and few ask for it

        return description(self._operations, self._contract)

    @cached_property
    def documentation(self) -> str:
        """For people: HTML."""
        from vetline.api.documentation import documentation

        return documentation(self._operations)
