"""An hour of mixed load, gentle and without a pause; each minute what the service holds is written down.

It is a leak if it goes on to the end. So growth is from minutes six to ten, when all is warm, to the last five; and
apart from that over the second half, since what has a bound, such as a cache, may take half an hour to fill.
"""

import asyncio
import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx2
import uvloop

from bench.figures import Figures, Row, percentile
from bench.progress import progress
from bench.seeding import seed_customers
from bench.servers import Service
from bench.soak.mix import Mix, Tokens
from bench.soak.visitors import Visitors, drive
from bench.soak.vitals import Vitals
from vetline.cli.failing import CliError
from vetline.cli.tokens import token_from
from vetline.identity.caller import ADMINISTRATOR
from vetline.sandbox.contents.seeds import CONTOSO_TENANT, OPERATOR_TENANT, seeded_directory
from vetline.sdk.clouds import GLOBAL

VETTING = "after:20"
CODES = ("soak-1", "soak-2")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run.

    Parameters:
        minutes: how long.
        per_second: how many requests a second.
        customers: how many there are.
        record: the CSV file that gets a line each minute.
        minute_seconds: how long a minute is.
    """

    minutes: int = 60
    per_second: float = 100.0
    customers: int = 300_000
    record: Path = Path(__file__).parents[1] / "soak.csv"
    minute_seconds: int = 60


def measure(folder: Path, plan: Plan) -> Figures:
    """Return what grew, what was answered, and what was answered wrongly."""
    progress(f"Preparing {plan.customers:,} customers ...")
    seed_customers(folder / "data", plan.customers)
    with Service(folder / "data", VETTING) as service:
        _issue_codes(service)
        soak = _Soak(service, folder / "data" / "vetline.db", plan)
        uvloop.run(soak.run())
    return soak.figures()


def _issue_codes(service: Service) -> None:
    path = f"{service.base}/vetline/v1/admin/partners/{CONTOSO_TENANT}/validations"
    for code in CODES:
        wanted = {"validationId": code, "organizationName": "Soak", "maxCreates": 1_000_000}
        httpx2.put(path, json=wanted, headers={"Authorization": f"Bearer {_administrator(service)}"}).raise_for_status()


def _administrator(service: Service) -> str:
    """The command line signs in a reviewer, who may not issue codes."""
    desk = next(tenant for tenant in seeded_directory().tenants if tenant.tenant_id == OPERATOR_TENANT)
    person = next(user for user in desk.users if ADMINISTRATOR in user.roles)
    form = {"client_id": desk.applications[0].client_id, "grant_type": "password", "scope": GLOBAL.scope}
    form |= {"username": person.username, "password": person.password}
    answer = httpx2.post(f"{service.base}/{OPERATOR_TENANT}/oauth2/v2.0/token", data=form).raise_for_status()
    return str(answer.json()["access_token"])


class _Soak:
    """One run against a service, with a look at it each minute."""

    def __init__(self, service: Service, database: Path, plan: Plan) -> None:
        self._service = service
        self._database = database
        self._plan = plan
        self._tokens = self._signed_in()
        self._visitors = Visitors(service.base)
        self._looks: list[dict[str, float]] = []

    def _signed_in(self) -> Tokens:
        """Return tokens of now: those of the start would have expired before the end."""
        user, application = (
            token_from(self._service.base, "Contoso", app_only=app_only, reviewer=False) for app_only in (False, True)
        )
        return Tokens(user, application)

    async def run(self) -> None:
        """Let the visitors come."""
        plan, mix = self._plan, Mix(self._tokens, self._plan.customers, CODES)
        self._plan.record.unlink(missing_ok=True)
        await drive(self._visitors, mix, plan.per_second, plan.minutes, self._look, plan.minute_seconds)

    async def _look(self, minute: int) -> None:
        vitals = Vitals.of(self._service.process.pid, self._database).figures()
        self._looks.append(vitals)
        wrong = self._visitors.wrong.total()
        row = {"minute": minute, **vitals, "answered": self._visitors.answered.total(), "wrong": wrong}
        progress(", ".join(f"{name} {value:g}" for name, value in row.items()))
        self._write(row)
        await asyncio.to_thread(renew, self._tokens, self._signed_in, self._visitors.wrong)

    def _write(self, row: dict[str, float]) -> None:
        with self._plan.record.open("a", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(row))
            if row["minute"] == 1:
                writer.writeheader()
            writer.writerow(row)

    def figures(self) -> Figures:
        """Return what came of it."""
        found: Figures = {name: growth([look[name] for look in self._looks]) for name in self._looks[0]}
        answers: Row = {
            "all": self._visitors.answered.total(),
            "wrong": self._visitors.wrong.total(),
            "p99 of GET qualifications, ms": percentile(self._visitors.seconds, 0.99) * 1000,
            **{f"wrong: {what}": number for what, number in self._visitors.wrong.most_common(5)},
        }
        return {**found, "answers": answers}


def renew(tokens: Tokens, sign_in: Callable[[], Tokens], wrong: Counter[str]) -> None:
    """Replace tokens by fresh ones; a service that gives none is no reason to end an hour, and those of before last."""
    try:
        fresh = sign_in()
    except CliError:
        wrong["no token"] += 1
    else:
        tokens.user, tokens.application = fresh.user, fresh.application


def growth(minutes: Sequence[float]) -> Row:
    """Return how much something grew, of which there is a figure for each minute."""
    after, middle, end = (
        median(part) for part in (minutes[5:10] or minutes, minutes[len(minutes) // 2 :][:5], minutes[-5:])
    )
    return {
        "after the warm-up": after,
        "at the end": end,
        "growth": end - after,
        "growth in the second half": end - middle,
    }
