"""Traces: one span for each operation, whatever happens to it, and nothing confidential in any."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from tests.support.network import Heard, Loss, LossyProxy, Server, answer
from tests.support.processes import Sandbox
from vetline import AsyncPartnerCenter, PartnerCenter
from vetline.sdk import errors
from vetline.sdk.observing import Event, Paused
from vetline.sdk.retrying import RetryPolicy
from vetline.sdk.telemetry import TracingHook

QUICK = RetryPolicy(attempts=3, backoff=0.01)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return a running sandbox."""
    with Sandbox("--memory", "--vetting", "by-hand") as running:
        yield running


class Traces:
    """A provider, the hook on it, and the spans that ended."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.hook = TracingHook(self.provider)

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        """The spans that ended."""
        return self.exporter.get_finished_spans()

    def only(self) -> ReadableSpan:
        """Return the one span there is."""
        (found,) = self.spans
        return found


@pytest.fixture
def traces() -> Iterator[Traces]:
    """Return traces of one test; nothing may be left open in the hook."""
    found = Traces()
    yield found
    assert not found.hook._open
    found.provider.shutdown()


def test_an_operation_is_a_span_under_the_callers(sandbox: Sandbox, traces: Traces) -> None:
    """A client span, named after the operation, with what the conventions ask for."""
    customer = sandbox.info["customers"][0]["id"]
    tracer = traces.provider.get_tracer("test")
    with (
        PartnerCenter(sandbox.token(), base_url=sandbox.base, on_event=traces.hook) as client,
        tracer.start_as_current_span("caller") as caller,
    ):
        client.customers.by_id(customer).qualification.get_qualifications()
    span, _ = traces.spans
    assert (span.name, span.kind, span.status.status_code) == ("qualifications.list", SpanKind.CLIENT, StatusCode.UNSET)
    assert span.parent is not None
    assert span.parent.span_id == caller.get_span_context().span_id
    assert span.attributes is not None
    found = {name: span.attributes[name] for name in span.attributes if not name.startswith("vetline.")}
    assert found == {
        "http.request.method": "GET",
        "server.address": "127.0.0.1",
        "server.port": int(sandbox.base.rpartition(":")[2]),
        "url.template": "/v1/customers/{customer_id}/qualifications",
        "http.response.status_code": 200,
    }
    assert [event.name for event in span.events] == ["attempt"]


def test_a_repeated_operation_says_so(sandbox: Sandbox, traces: Traces) -> None:
    """Two answers are lost: three attempts, two pauses, one span."""
    customer = sandbox.info["customers"][0]["id"]

    def fate(heard: Heard, attempt: int) -> Loss:
        return Loss.SILENT if attempt < 3 else Loss.NONE

    with (
        LossyProxy(sandbox.base, fate) as proxy,
        PartnerCenter(sandbox.token(), base_url=proxy.base, on_event=traces.hook, retry=QUICK) as client,
    ):
        client.customers.by_id(customer).qualification.get_qualifications()
    span = traces.only()
    assert span.attributes is not None
    assert span.attributes["http.request.resend_count"] == 2
    assert "error.type" not in span.attributes
    assert [event.name for event in span.events] == ["attempt", "pause", "attempt", "pause", "attempt"]


@pytest.mark.parametrize(
    ("raw", "error_type", "description"),
    [
        (answer("404 Not Found"), "404", "NotFoundError"),
        (answer("200 OK", b"<html>"), "UnreadableAnswerError", "UnreadableAnswerError"),
        (b"", "ConnectionFailedError", "ConnectionFailedError"),
    ],
)
def test_a_failure_is_an_error_in_the_span(traces: Traces, raw: bytes, error_type: str, description: str) -> None:
    """By its status where there is one that says it, by the kind of the error otherwise."""

    async def behave(heard: Heard, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()
        writer.close()

    with (
        Server(behave) as server,
        PartnerCenter("t", base_url=server.base, on_event=traces.hook, retry=QUICK) as client,
        pytest.raises(errors.PartnerCenterError),
    ):
        client.customers.get("4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04")
    span = traces.only()
    assert span.attributes is not None
    assert span.attributes["error.type"] == error_type
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, description)


async def test_many_at_once_do_not_mix(sandbox: Sandbox, traces: Traces) -> None:
    """Threads and tasks share a hook: each operation has its span, its parent and its own events."""
    token, tracer = sandbox.fresh_token(), traces.provider.get_tracer("test")
    customers = [customer["id"] for customer in sandbox.info["customers"][:2]]
    client = PartnerCenter(token, base_url=sandbox.base, on_event=traces.hook)
    async_client = AsyncPartnerCenter(token, base_url=sandbox.base, on_event=traces.hook)

    def in_thread(number: int) -> str:
        with tracer.start_as_current_span(f"caller {number}"):
            client.customers.get(customers[number % 2])
        return f"caller {number}"

    async def in_task(number: int) -> None:
        with tracer.start_as_current_span(f"task {number}"):
            await async_client.customers.get(customers[number % 2])

    with client, ThreadPoolExecutor(8) as pool:
        blocking = asyncio.to_thread(lambda: list(pool.map(in_thread, range(40))))
        await asyncio.gather(blocking, *(in_task(number) for number in range(40)))
    await async_client.close()
    callers = {span.context.span_id for span in traces.spans if span.name != "customers.get" and span.context}
    mine = [span for span in traces.spans if span.name == "customers.get"]
    assert len(callers) == len(mine) == 80
    assert {span.parent.span_id for span in mine if span.parent} == callers
    assert all([event.name for event in span.events] == ["attempt"] for span in mine)


async def test_a_cancelled_operation_ends_its_span(traces: Traces) -> None:
    """It says that it was stopped, and nothing is left behind."""
    paused = asyncio.Event()

    def note(event: Event) -> None:
        traces.hook(event)
        if isinstance(event, Paused):
            paused.set()

    async def busy(heard: Heard, writer: asyncio.StreamWriter) -> None:
        writer.write(answer("503 Service Unavailable", b"", "Retry-After: 60"))

    with Server(busy) as server:
        async with AsyncPartnerCenter("t", base_url=server.base, on_event=note) as client:
            asking = asyncio.create_task(client.customers.get("4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"))
            await asyncio.wait_for(paused.wait(), 10)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
    assert traces.only().status.description == "stopped"


def test_two_under_one_request_id_both_end(sandbox: Sandbox, traces: Traces) -> None:
    """A caller may fix the MS-RequestId and send twice at once."""
    customer = sandbox.info["customers"][0]["id"]
    fixed = "11111111-2222-4333-8444-555555555555"
    with PartnerCenter(sandbox.token(), base_url=sandbox.base, on_event=traces.hook) as client:

        def submit(_: int) -> None:
            client.customers.by_id(customer).qualification.create_qualifications("StateOwnedEntity", request_id=fixed)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(submit, range(2)))
    assert len(traces.spans) == 2


def test_nothing_confidential_is_in_a_span(sandbox: Sandbox, traces: Traces) -> None:
    """No token, no code, no customer: not in a name, not in an attribute, not in an event."""
    info, token = sandbox.info, sandbox.token()
    customer = info["customers"][0]["id"]
    with PartnerCenter(token, base_url=sandbox.base, on_event=traces.hook) as client:
        client.customers.by_id(customer).qualification.update("GovernmentCommunityCloud", "987654")
        for one, code in ((customer, "31337"), ("99999999-0000-4000-8000-000000000000", "987654")):
            with pytest.raises(errors.PartnerCenterError):
                client.customers.by_id(one).qualification.update("GovernmentCommunityCloud", code)
    assert len(traces.spans) == 3
    written = "".join(span.to_json() for span in traces.spans)
    for secret in (token, "987654", "31337", customer, "99999999-0000"):
        assert secret not in written


def test_without_opentelemetry_the_error_says_what_to_install() -> None:
    """The client itself works without."""
    script = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from vetline import PartnerCenter\n"
        "try:\n    import vetline.sdk.telemetry\n"
        "except ImportError as error:\n    print(error)"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "Traces need OpenTelemetry: pip install 'vetline[telemetry]'."
