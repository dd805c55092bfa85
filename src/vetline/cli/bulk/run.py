"""A run from the file to the summary: check, journal, submit, wait, results. One place knows the order."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from vetline.bulk.checking import Checked, check
from vetline.bulk.outcomes import Outcome
from vetline.bulk.results import tally_of
from vetline.bulk.rows import InputError
from vetline.cli import exits
from vetline.cli.bulk import progress
from vetline.cli.bulk.campaign import Campaign
from vetline.cli.bulk.ends import exit_code
from vetline.cli.bulk.halting import Halt, Why
from vetline.cli.bulk.interrupting import Signals
from vetline.cli.bulk.journal import Journal
from vetline.cli.bulk.lines import JournalError
from vetline.cli.bulk.opening import open_journal
from vetline.cli.bulk.options import Options, refuse_paths
from vetline.cli.bulk.pace import Gate
from vetline.cli.bulk.persistence import Asker
from vetline.cli.bulk.progress import Stand
from vetline.cli.bulk.report import show_problems, show_summary
from vetline.cli.bulk.results import write_results
from vetline.cli.bulk.submitting import Submitter
from vetline.cli.bulk.watching import Watch
from vetline.cli.output import note
from vetline.clock import Clock
from vetline.sdk.retrying import RetryPolicy

if TYPE_CHECKING:
    from vetline import AsyncPartnerCenter

OpenClient = Callable[[], "AsyncPartnerCenter"]


def submit_file(options: Options, open_client: OpenClient, clock: Clock) -> int:
    """Run and return the exit code.

    Parameters:
        options: what the command line says.
        open_client: gives the client; asked only when there is something to send.
        clock: the time.
    """
    try:
        refuse_paths(options)
        checked = check(options.file)
        if checked.findings.count:
            show_problems(options.file.name, checked.findings)
            return exits.USAGE
        if options.dry_run:
            note(f"{checked.rows:,} rows can be sent. Nothing was sent (--dry-run).")
            return exits.OK
        return _submit(options, checked, open_client, clock)
    except (JournalError, InputError, OSError) as error:
        note(f"vetline: {error}")
        return exits.USAGE


def _submit(options: Options, checked: Checked, open_client: OpenClient, clock: Clock) -> int:
    journal = open_journal(options.journal, checked.sha256, checked.rows, clock.now(), uuid.uuid4())
    try:
        halt = None if _is_finished(options, journal) else asyncio.run(_run(options, checked, journal, open_client))
        if not (journal.is_written and options.results.exists()):
            write_results(options.results, checked.again(), journal)
            journal.note_written()
        return _told(options, journal, halt)
    except KeyboardInterrupt:
        note(f"Interrupted. Resume with:\n  {options.resume_command()}")
        return exits.INTERRUPTED
    except OSError as error:
        note(f"vetline: The results cannot be written ({error}). Make room, then write them with:")
        note(f"  {options.resume_command()}")
        return exits.STOPPED
    finally:
        journal.close()


def _is_finished(options: Options, journal: Journal) -> bool:
    to_send = journal.count(Outcome.NOT_SENT) + journal.count(Outcome.FAILED)
    return not to_send and not (options.wait and journal.count(Outcome.IN_REVIEW))


async def _run(options: Options, checked: Checked, journal: Journal, open_client: OpenClient) -> Halt:
    """Submit and wait; return what ended it early, if anything did."""
    halt = Halt()
    with Signals(halt) as signals:
        gate = Gate(options.concurrency, halt)
        asker = Asker(gate, halt)
        # All pacing is the gate's: see `persistence`.
        async with open_client().with_options(retry=RetryPolicy(attempts=1)) as client:
            campaign = Campaign(
                Submitter(client, journal, asker), journal, halt, options.concurrency, options.max_failures
            )
            async with progress.shown("Submitting", lambda: _submitted(campaign, journal, gate)):
                await signals.obeyed(campaign.run(checked.again()))
            if options.wait and not halt.called:
                watch = Watch(client, journal, asker, halt, options.concurrency)
                async with _time_limit(options, halt), progress.shown("Waiting", lambda: _decided(watch, gate)):
                    await signals.obeyed(watch.run(checked.again))
                _tell_given_up(watch)
    return halt


@asynccontextmanager
async def _time_limit(options: Options, halt: Halt) -> AsyncIterator[None]:
    if options.wait_timeout is None:
        yield
        return
    sentence = f"No decision on some rows within {options.wait_timeout:g} s (--wait-timeout)."
    timer = asyncio.get_running_loop().call_later(options.wait_timeout, lambda: halt.call(Why.TIME, sentence))
    try:
        yield
    finally:
        timer.cancel()


def _submitted(campaign: Campaign, journal: Journal, gate: Gate) -> Stand:
    failed = journal.count(Outcome.FAILED)
    notes = (f"{failed:,} failed" if failed else "", _pause(gate))
    return Stand(campaign.done, journal.rows, ", ".join(note for note in notes if note))


def _decided(watch: Watch, gate: Gate) -> Stand:
    return Stand(watch.total - watch.waiting, watch.total, f"{watch.waiting:,} in review {_pause(gate)}")


def _pause(gate: Gate) -> str:
    seconds = gate.closed_for()
    return f"the service asks to wait {seconds:,.0f} s" if seconds >= 1 else ""


def _tell_given_up(watch: Watch) -> None:
    if watch.given_up:
        note(f"{watch.given_up:,} rows are in review but can be looked at no more: is the customer still yours?")


def _told(options: Options, journal: Journal, halt: Halt | None) -> int:
    """Print the summary, and why the run ended early and how it goes on; return the exit code."""
    show_summary(tally_of(journal.entries()), options.results, options.journal)
    code = exit_code(halt.why if halt else None, journal.count(Outcome.FAILED))
    if halt and halt.called:
        note(halt.sentence)
    if code != exits.OK:
        note(f"{_HOW[code == exits.FAILED]}:\n  {options.resume_command()}")
    return code


_HOW = {True: "Try the failed rows again with", False: "Resume with"}
