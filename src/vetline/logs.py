"""Structured logs: one JSON object a line on stderr, with correlation ids, and never a token or a secret."""

import logging
import re
import sys
from typing import Any

import msgspec

from vetline.imports import absent

with absent("rich"):  # tracebacks in colour, for people; ours are JSON, and loading it takes longer than all of these
    import structlog
    from structlog import get_logger as get_logger
    from structlog.typing import EventDict, WrappedLogger

# Three base64url parts joined by dots are a signed token, whatever the text around them says.
_TOKEN = re.compile(r"eyJ[\w-]{10,}\.[\w-]+\.[\w-]*")
_SECRET_NAMES = frozenset({"authorization", "token", "access_token", "refresh_token", "password", "client_secret"})


def redact(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Take secrets out of a log event, by the names of its members and by the look of their values."""
    return {name: "[redacted]" if name.lower() in _SECRET_NAMES else _redacted(value) for name, value in event.items()}


def _redacted(value: Any) -> Any:
    return _TOKEN.sub("[redacted]", value) if isinstance(value, str) else value


def configure_logs(level: str, **always: str) -> None:
    """Send everything that is logged, ours and the libraries', to stderr as JSON.

    Parameters:
        level: ``debug``, ``info``, ``warning`` or ``error``.
        always: what every line says beside its own.
    """

    def marked(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        return {**event, **always}

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        marked,
        redact,
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),  # what is below the level costs nothing
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # The HTTP client logs every request with its address; the service says what matters itself.
    logging.getLogger("httpx2").setLevel(logging.WARNING)


def _render(logger: WrappedLogger, method: str, event: EventDict) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()
