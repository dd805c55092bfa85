"""A sandbox that answers: worlds are made in it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from vetline.testing.control import Control
from vetline.testing.people import Info
from vetline.testing.world import World


class Sandbox:
    """A running sandbox.

    Parameters:
        base_url: where it answers.
        vetting: the mode that worlds begin with; empty for the sandbox's own.
        ca_file: the certificate authority to trust for an https address that the machine does not trust.
    """

    def __init__(self, base_url: str, *, vetting: str = "", ca_file: Path | None = None) -> None:
        self._control = Control(base_url, "/sandbox", ca_file)
        self._vetting = vetting

    @property
    def base_url(self) -> str:
        """Where it answers; its authority has the same address."""
        return self._control.base_url

    def world(
        self,
        *,
        vetting: str = "",
        customers: Iterable[Mapping[str, Any]] | None = None,
        validation_codes: Iterable[Mapping[str, Any]] | None = None,
    ) -> World:
        """Return a new world that nobody else sees; close it when it is done with.

        Parameters:
            vetting: its mode; empty for the usual one.
            customers: in place of the seeded ones, such as ``{"companyName": ..., "domain": ...}``.
            validation_codes: in place of the seeded ones, such as ``{"validationId": ...}``.

        Raises:
            SandboxError: nobody answers, or something cannot be used.
        """
        members: dict[str, Any] = {}
        if mode := vetting or self._vetting:
            members["mode"] = mode
        if customers is not None:
            members["customers"] = [*customers]
        if validation_codes is not None:
            members["validationCodes"] = [*validation_codes]
        info = msgspec.convert(self._control.ask("POST", "/worlds", members), Info)
        return World(self._control.below(f"/sandbox/worlds/{info.id}"), info)

    def first_world(self) -> World:
        """Return the world that the sandbox was started with, which everybody shares; it is not to be closed."""
        return World(self._control, msgspec.convert(self._control.ask("GET", "/info"), Info))

    def __repr__(self) -> str:
        """Return its address."""
        return f"{type(self).__name__}({self.base_url!r})"
