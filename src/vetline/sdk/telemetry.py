"""Traces of what a client sends: one span for each operation, by OpenTelemetry. Nothing else here imports it.

```python
PartnerCenter(credential, on_event=TracingHook())
```
Attributes follow https://opentelemetry.io/docs/specs/semconv/http/http-spans/. None holds a secret, a validation code
or a customer's name. An event of a span is an attempt, or a pause.
"""

from typing import Any
from urllib.parse import urlsplit

from vetline import __version__
from vetline.sdk.observing import Answered, Begun, Ended, Event, Paused

try:
    from opentelemetry import trace
    from opentelemetry.trace import Span, SpanKind, Status, StatusCode, TracerProvider
except ImportError as error:
    raise ImportError("Traces need OpenTelemetry: pip install 'vetline[telemetry]'.") from error


class TracingHook:
    """Makes spans of a client's events: give it as `on_event`. Threads, tasks and clients may share it.

    Parameters:
        tracer_provider: where spans go; `None` for the process's own.
    """

    def __init__(self, tracer_provider: TracerProvider | None = None) -> None:
        self._tracer = trace.get_tracer("vetline.sdk", __version__, tracer_provider)
        # By request id; a list, because nobody forbids to send two operations under the same one at once.
        self._open: dict[str, list[Span]] = {}

    def __call__(self, event: Event) -> None:
        """Take an event."""
        match event:
            case Begun():
                self._open.setdefault(event.request_id, []).append(self._begun(event))
            case Ended():
                _end(self._taken(event.request_id), event)
            case Answered() | Paused():
                for span in self._open.get(event.request_id, [])[-1:]:
                    span.add_event(*_happened(event))

    def _begun(self, event: Begun) -> Span:
        """Return a span whose parent is whatever the caller is in; it does not become the current one."""
        host = urlsplit(f"//{event.server}")
        attributes: dict[str, Any] = {
            "http.request.method": event.method,
            "server.address": host.hostname or "",
            "url.template": event.route,
            "vetline.request_id": event.request_id,
            "vetline.correlation_id": event.correlation_id,
        }
        if host.port:
            attributes["server.port"] = host.port
        return self._tracer.start_span(event.operation, kind=SpanKind.CLIENT, attributes=attributes)

    def _taken(self, request_id: str) -> Span:
        spans = self._open.get(request_id)
        if not spans:
            return trace.INVALID_SPAN
        span = spans.pop()
        if not spans:
            self._open.pop(request_id, None)
        return span


def _end(span: Span, event: Ended) -> None:
    if event.status:
        span.set_attribute("http.response.status_code", event.status)
    if event.attempts > 1:
        span.set_attribute("http.request.resend_count", event.attempts - 1)
    if event.error:
        span.set_attribute("error.type", str(event.status) if event.status >= 400 else event.error)
        span.set_status(Status(StatusCode.ERROR, event.error))
    span.end()


def _happened(event: Answered | Paused) -> tuple[str, dict[str, Any]]:
    """Return an event's name and attributes. What a broken connection said stays out: anybody may have written it."""
    status = {"http.response.status_code": event.status} if event.status else {}
    if isinstance(event, Paused):
        return "pause", {"vetline.seconds": event.seconds, "vetline.told": event.told, **status}
    return "attempt", {"vetline.attempt": event.attempt, "vetline.seconds": event.seconds, **status}
