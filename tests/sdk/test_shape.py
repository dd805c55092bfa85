"""Both clients have one shape, and importing costs what is used."""

import inspect
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

import vetline
from vetline import AsyncPartnerCenter, CustomerQualification, PartnerCenter
from vetline.sdk import async_resources, resources, walking

# What does I/O is awaited by the one client and not by the other; what only leads somewhere is the same.
LEADING = {
    *("with_context", "with_options", "customers", "validations", "audit_records", "webhooks", "review", "by_id"),
    *("list", "query", "pages", "__init__", "__iter__", "__aiter__"),
}


def pairs() -> list[tuple[type, type]]:
    """Return each class of the blocking client with its asynchronous twin."""
    found = [(PartnerCenter, AsyncPartnerCenter), (walking.Pager, walking.AsyncPager)]
    for name in sorted(defined_in(resources)):
        found.append((getattr(resources, name), getattr(async_resources, f"Async{name}")))
    return found


def defined_in(module: ModuleType) -> set[str]:
    """Return the names of a module's own classes."""
    found = {name: value for name, value in vars(module).items() if isinstance(value, type)}
    return {name for name, kind in found.items() if kind.__module__.startswith(f"{module.__name__}.")}


PAIRS = pytest.mark.parametrize(("blocking", "waiting"), pairs(), ids=lambda kind: kind.__name__)


def public(kind: type) -> dict[str, Any]:
    """Return what is public of a class, its constructor among it."""
    return {name: value for name, value in vars(kind).items() if not name.startswith("_") or name == "__init__"}


def parameters(function: Callable[..., Any]) -> list[tuple[Any, ...]]:
    """Return the parameters of a function: names, kinds, defaults, and types without what says asynchronous."""
    found = inspect.signature(function).parameters.values()
    return [(one.name, one.kind, one.default, _bare(str(one.annotation))) for one in found]


def _bare(annotation: str) -> str:
    bare = annotation.replace("Async", "").replace("typing.Awaitable[", "").replace("collections.abc.Awaitable[", "")
    return bare.replace("async_", "").replace("Awaitable[", "").replace("]", "").replace("[", "")


def test_no_class_is_without_its_twin() -> None:
    """In neither direction."""
    assert defined_in(async_resources) == {f"Async{name}" for name in defined_in(resources)}


@PAIRS
def test_the_same_names(blocking: type, waiting: type) -> None:
    """Nothing is there for one kind of caller alone."""
    assert list(public(blocking)) == list(public(waiting))


@PAIRS
def test_the_same_parameters(blocking: type, waiting: type) -> None:
    """Names, order, defaults and types."""
    for name, value in public(blocking).items():
        if callable(value):
            assert parameters(value) == parameters(public(waiting)[name]), name


@PAIRS
def test_what_does_io_is_awaited(blocking: type, waiting: type) -> None:
    """And nothing else is."""
    for name, value in public(waiting).items():
        if callable(value):
            awaited = inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value)
            assert awaited == (name not in LEADING - {"pages"}), name
            assert not inspect.iscoroutinefunction(public(blocking)[name])


@PAIRS
def test_everything_public_is_documented(blocking: type, waiting: type) -> None:
    """In both."""
    for kind in (blocking, waiting):
        assert kind.__doc__
        assert all(value.__doc__ for name, value in public(kind).items() if name != "__init__")


def test_both_are_context_managers_and_iterables() -> None:
    """By the protocols of the language."""
    assert hasattr(PartnerCenter, "__enter__")
    assert hasattr(AsyncPartnerCenter, "__aenter__")
    assert issubclass(walking.Pager, Iterator.__mro__[1])
    assert issubclass(walking.AsyncPager, AsyncIterator.__mro__[1])


async def test_copies_share_the_connections_and_the_token() -> None:
    """And leave the original as it is."""
    blocking, waiting = PartnerCenter("token"), AsyncPartnerCenter("token")
    for client in (blocking, waiting):
        copy = client.with_options(timeout=5.0, headers={"A": "1"}).with_context(correlation_id="c", locale="de-DE")
        again = copy.with_options(headers={"B": "2"})
        assert copy._driver is client._driver
        assert (client._settings.timeout, client._settings.correlation_id, client._settings.headers) == (60.0, "", {})
        assert (copy._settings.timeout, copy._settings.correlation_id, copy._settings.locale) == (5.0, "c", "de-DE")
        assert again._settings.headers == {"A": "1", "B": "2"}
    blocking.close()
    await waiting.close()


EXPECTED = {
    *("AsyncPartnerCenter", "CustomerQualification", "CustomerQualificationRequest", "PartnerCenter"),
    *("PartnerCenterError", "__version__"),
}


def test_the_public_names_of_the_package() -> None:
    """They are listed, they are there, and a wrong one is the usual error."""
    assert set(vetline.__all__) == EXPECTED
    assert set(dir(vetline)) >= EXPECTED
    assert all(getattr(vetline, name) for name in EXPECTED)
    with pytest.raises(AttributeError, match="Nothing"):
        _ = vetline.Nothing


def loaded_by(code: str) -> set[str]:
    """Return what modules a fresh process has loaded after some code."""
    script = f"{code}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return set(json.loads(done.stdout))


ROOMS = "api cli console desk hosting identity logs production reference sandbox settings store vetting wiring worker"
SERVER = {f"vetline.{room}" for room in ROOMS.split()}
HEAVY = {"cryptography", "granian", "joserfc", "keyring", "opentelemetry", "pydantic", "rich", "sqlite3", "starlette"}
HEAVY |= {"structlog", "typer", "azure", "msal", "trustme"}


def test_importing_the_package_costs_nothing() -> None:
    """The client's names are loaded when they are asked for; looking at the list of names loads none."""
    loaded = loaded_by("import vetline; dir(vetline); vetline.__all__; vetline.__version__")
    assert {name for name in loaded if name.startswith("vetline")} == {"vetline"}
    assert not loaded & {"httpx2", "msgspec", "asyncio"}


@pytest.mark.parametrize(
    "code",
    [
        "from vetline import PartnerCenter; PartnerCenter('token').close()",
        "from vetline import AsyncPartnerCenter",
        "from vetline import *",
        "from vetline.sdk.credentials import ClientSecret, DeviceCode, RefreshToken",
    ],
)
def test_the_client_loads_nothing_of_the_server(code: str) -> None:
    """Nor what only the command line, telemetry or the checking of webhooks needs."""
    loaded = loaded_by(code)
    assert not {name for name in loaded if ".".join(name.split(".")[:2]) in SERVER}
    assert not {name.split(".")[0] for name in loaded} & HEAVY


@pytest.mark.parametrize("name", ["CustomerQualification", "CustomerQualificationRequest", "PartnerCenterError"])
def test_a_value_is_loaded_without_the_http_library(name: str) -> None:
    """Who only handles results needs none."""
    assert "httpx2" not in loaded_by(f"from vetline import {name}")


def test_type_checkers_see_the_names() -> None:
    """The lazily loaded names have types: this file itself is checked with mypy --strict."""
    client: PartnerCenter = PartnerCenter("token")
    found: CustomerQualification = CustomerQualification(qualification=CustomerQualification.EDUCATION)
    kind: type[vetline.PartnerCenterError] = vetline.PartnerCenterError
    wanted: vetline.CustomerQualificationRequest = vetline.CustomerQualificationRequest("Education")
    assert (found.qualification, kind.__name__, wanted.website) == ("Education", "PartnerCenterError", None)
    client.close()
