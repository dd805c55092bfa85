"""Waiting at a terminal: how long it has taken so far, and how to continue when it ends too early."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from vetline import PartnerCenter
from vetline.cli import exits
from vetline.cli.failing import CliError
from vetline.cli.output import note
from vetline.sdk.errors import NotFoundError, WaitTimeoutError
from vetline.sdk.models.qualifications import CustomerQualification
from vetline.sdk.waiting import DEFAULT_SECONDS, OnProgress, WaitProgress


def waited(
    client: PartnerCenter, customer: str, name: str, timeout: float | None, resume: str, profile: str | None
) -> CustomerQualification:
    """Return a customer's qualification once it is decided.

    Parameters:
        name: which; empty for whichever is vetted.
        timeout: in seconds; `None` for the client's default.
        resume: the token of a wait to continue; empty begins one.
        profile: as the command line named it, for the command that continues.

    Raises:
        CliError: there is nothing to wait for, or no decision in time; a note says how to continue.
        KeyboardInterrupt: after the same note.
    """
    again = _Continuation(customer, name, profile, resume)
    seconds = DEFAULT_SECONDS if timeout is None else timeout
    qualification = client.customers.by_id(customer).qualification
    try:
        with _shown() as show:
            return qualification.wait_for_decision(
                name or None,
                timeout=seconds,
                on_progress=again.remembering(show),
                resume=resume or None,
            )
    except WaitTimeoutError as error:
        again.remember(error.token)
        sentence = f"No decision within {seconds:.0f} s. Continue with:\n{again.command()}"
        raise CliError(sentence, exits.TIMED_OUT) from error
    except NotFoundError as error:
        if error.status is not None:
            raise
        raise CliError(_nothing(customer, name), exits.NOT_FOUND) from error
    except KeyboardInterrupt:
        note(f"\nvetline: interrupted. Continue with:\n{again.command()}")
        raise


def _nothing(customer: str, name: str) -> str:
    what = name or "qualification"
    return f"There is no {what} to wait for: `vetline qualifications set {customer} {name or 'Education'}` asks for it."


class _Continuation:
    """The command that continues a wait."""

    def __init__(self, customer: str, name: str, profile: str | None, token: str) -> None:
        self._parts = ["vetline", "qualifications", "wait", customer, *([name] if name else [])]
        self._profile = ["--profile", profile] if profile else []
        self._token = token

    def remember(self, token: str) -> None:
        self._token = token

    def remembering(self, show: OnProgress) -> OnProgress:
        def told(progress: WaitProgress) -> None:
            self.remember(progress.token)
            show(progress)

        return told

    def command(self) -> str:
        token = ["--resume", self._token] if self._token else []
        return "  " + shlex.join([*self._parts, *token, *self._profile])


@contextmanager
def _shown() -> Iterator[OnProgress]:
    """Show on a terminal how the wait stands; elsewhere say nothing."""
    if not sys.stderr.isatty():
        yield lambda progress: None
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True)
    with console.status(Text("Waiting for the decision ...")) as status:
        yield lambda progress: status.update(Text(_standing(progress)))


def _standing(progress: WaitProgress) -> str:
    found = progress.qualification
    next_look = f", next look in {progress.next_look:.0f} s" if progress.next_look else ""
    return (
        f"{found.qualification}: {found.vetting_status} for {_span(progress.waited)}, {progress.looks} looks{next_look}"
    )


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
