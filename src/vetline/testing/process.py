"""A sandbox of one's own, for unittest and scripts: started here, ended with the block or with this process."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from vetline.testing.folder import SandboxFolder
from vetline.testing.sandboxes import Sandbox


class SandboxProcess(Sandbox):
    """A `vetline sandbox` that lives until it is closed, and never longer than this process.

    Parameters:
        vetting: the mode that worlds begin with.
        arguments: further options of `vetline sandbox`.

    Raises:
        SandboxError: it does not start; the sentence ends with what it said last.
    """

    def __init__(self, *, vetting: str = "", arguments: Sequence[str] = ()) -> None:
        self._folder = SandboxFolder.make()
        try:
            self._folder.start(arguments)
            super().__init__(self._folder.address(), vetting=vetting)
        except BaseException:
            self._folder.end()
            raise

    @property
    def log(self) -> str:
        """Everything that it wrote so far."""
        return self._folder.log

    def close(self) -> None:
        """End it, and wait until it has ended."""
        self._folder.end()

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, *error: object) -> None:
        """End it."""
        self.close()


@contextmanager
def sandbox(*, vetting: str = "", arguments: Sequence[str] = ()) -> Iterator[SandboxProcess]:
    """Run a sandbox inside a `with`; for unittest: `cls.enterClassContext(sandbox())`. See `SandboxProcess`.

    Raises:
        SandboxError: it does not start.
    """
    with SandboxProcess(vetting=vetting, arguments=arguments) as found:
        yield found
