"""Writes the sections of the documents that are made from the code: `make docs`. The tests fail when one is stale.

A section stands between `<!-- generated: NAME -->` and `<!-- end -->`.
"""

import asyncio
import inspect
import re
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from docs.commandline import cli, exit_codes
from docs.docstrings import said
from docs.markdown import table
from docs.variants import contracts, variants
from vetline.api.router import Route
from vetline.choices import Choices
from vetline.clock import SystemClock
from vetline.reference.library import ReferenceLibrary
from vetline.sandbox.sight.scorecard.items import ITEMS
from vetline.sdk import errors as sdk_errors
from vetline.sdk import resources
from vetline.sdk.client import PartnerCenter
from vetline.sdk.clouds import CLOUDS
from vetline.sdk.retrying import RetryPolicy
from vetline.settings import Settings
from vetline.vetting.transitions import STEPS_IN_WORDS, TRANSITIONS, state_diagram
from vetline.vetting.triage import RULES
from vetline.wire import words
from vetline.wire.faults import CATALOGUE
from vetline.wiring import furnish, open_store, routes

DOCS = Path(__file__).parent
_SECTION = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def operations() -> str:
    """Return every operation of the JSON interface."""
    return table(("operation", "what it does", "who may call it", "source"), map(_operation, every_route()))


def every_route() -> list[Route]:
    """Return the routes of a service that nobody calls."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_routes(f"sqlite:///{folder}/vetline.db"))


async def _routes(database_url: str) -> list[Route]:
    store = await open_store(database_url, durable=False)
    found = routes(furnish(store, SystemClock(), ReferenceLibrary(), Choices()), Choices())
    await store.close()
    return found


def _operation(route: Route) -> tuple[str, str, str, str]:
    return f"`{route.method} {route.path}`", route.summary, route.needs.value, route.source


def faults() -> str:
    """Return the catalogue of errors."""
    rows = ((f"`{f.name}`", f.status, f"`{f.code}`", f.text, f.source) for f in CATALOGUE)
    return table(("errorName", "status", "code", "text", "source"), rows)


def states() -> str:
    """Return the life of a case as a diagram and as a table."""
    rows = ((here.value, step.value, there.value, STEPS_IN_WORDS[step]) for (here, step), there in TRANSITIONS.items())
    return f"```mermaid\n{state_diagram()}\n```\n\n" + table(("from", "step", "to", "what happens"), rows)


def rules() -> str:
    """Return the triage's rules in their order."""
    rows = (
        (number, f"`{rule.name}`", rule.outcome.value if rule.outcome else "evidence only", _first_line(rule.looks))
        for number, rule in enumerate(RULES, 1)
    )
    return table(("", "rule", "when it fires first", "when it fires"), rows)


def _first_line(function: Callable[..., object]) -> str:
    return (function.__doc__ or "").strip().partition("\n")[0]


def reasons() -> str:
    """Return the seven reasons."""
    return "\n".join(f"{number}. {reason}" for number, reason in enumerate(words.REASONS, 1))


def settings() -> str:
    """Return every setting of `vetline serve`."""
    rows = (
        (f"`{field.name}`", f"`VETLINE_{field.name.upper()}`", _shown(field.default), said(Settings, field.name))
        for field in msgspec.structs.fields(Settings)
    )
    return table(("setting", "in the environment", "default", "what it says"), rows)


def _shown(default: object) -> str:
    shown = ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
    return f"`{shown.lower() if isinstance(default, bool) else shown}`" if shown else ""


def client() -> str:
    """Return every method of the client, with the operation it is."""
    rows = ((f"`{path}`", _first_line(method)) for path, method in _methods("", PartnerCenter))
    return table(("on `partner`", "what it does"), rows)


def _methods(path: str, kind: type) -> Iterable[tuple[str, Callable[..., object]]]:
    """Yield a resource's methods and those of the resources that it leads to."""
    for name, (resource, arguments) in _LEADS.get(kind, {}).items():
        yield from _methods(f"{path}.{name}{arguments}", resource)
    if path:
        for name, method in vars(kind).items():
            if inspect.isfunction(method) and not name.startswith("_") and name != "by_id":
                yield f"{path}.{name}({_wanted(method)})", method


# Which resources a resource leads to, and how.
_LEADS: dict[type, dict[str, tuple[type, str]]] = {
    PartnerCenter: {
        "customers": (resources.Customers, ""),
        "validations": (resources.Validations, ""),
        "audit_records": (resources.AuditRecords, ""),
        "webhooks": (resources.Webhooks, ""),
        "review": (resources.Review, ""),
    },
    resources.Customers: {"by_id": (resources.CustomerResource, "(id)")},
    resources.CustomerResource: {
        "qualification": (resources.Qualification, ""),
        "profiles.company": (resources.CompanyProfiles, ""),
        "profiles.billing": (resources.BillingProfiles, ""),
    },
}


def _wanted(method: Callable[..., object]) -> str:
    """Return the names of a method's parameters, those that have a default with an equals sign."""
    found = list(inspect.signature(method).parameters.values())[1:]
    return ", ".join(one.name if one.default is inspect.Parameter.empty else f"{one.name}=" for one in found)


def clouds() -> str:
    """Return the clouds."""
    rows = ((f"`{name}`", one.base_url, one.authority, one.audience) for name, one in CLOUDS.items())
    return table(("cloud", "base URL", "authority", "audience"), rows)


def errors() -> str:
    """Return the tree of the client's errors, as its module draws it."""
    drawn = [line[4:] for line in (sdk_errors.__doc__ or "").splitlines() if line.startswith("    ")]
    return "```\n" + "\n".join(drawn) + "\n```"


def retries() -> str:
    """Return the numbers of retrying."""
    rows = (
        (f"`{field.name}`", f"`{field.default}`", said(RetryPolicy, field.name))
        for field in msgspec.structs.fields(RetryPolicy)
    )
    return table(("number", "default", "what it says"), rows)


def scorecard() -> str:
    """Return what the sandbox's scorecard judges."""
    rows = ((f"`{one.id}`", one.title, one.advice, f"[document]({one.source})") for one in ITEMS)
    return table(("item", "what is asked of a client", "what to do", "by"), rows)


SECTIONS: dict[str, Callable[[], str]] = {
    "operations": operations,
    "faults": faults,
    "states": states,
    "rules": rules,
    "reasons": reasons,
    "settings": settings,
    "cli": cli,
    "exits": exit_codes,
    "client": client,
    "clouds": clouds,
    "errors": errors,
    "retries": retries,
    "contracts": contracts,
    "variants": variants,
    "scorecard": scorecard,
}


def regenerated(text: str) -> str:
    """Return a document with its generated sections made anew."""
    return _SECTION.sub(lambda found: f"{found[1]}{SECTIONS[found[2]]()}\n{found[3]}", text)


def main() -> int:
    """Rewrite every document that holds a generated section."""
    for document in sorted(DOCS.glob("*.md")):
        text = document.read_text("utf-8")
        document.write_text(regenerated(text), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
