"""The load of a measurement without its service, for a baseline that asks nobody.

What generates the load has the processor beside the one that is measured. Where the two are threads of one core, a
baseline with nothing beside it is faster than the service could ever be. So the same generator also runs beside the
baseline, at the same rate: it submits to a hello world that answers no faster, on the generator's own processor.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from bench.processes import LOAD_CORE
from bench.servers import Hello
from bench.wrk import loading

LUA = Path(__file__).with_name("submit.lua")
_LONG = "60s"


@contextlib.contextmanager
def submissions_beside(per_second: float) -> Iterator[None]:
    """Keep the other processor as busy as so many submissions a second keep it; hello world itself comes on top."""
    with Hello(per_second, LOAD_CORE) as hello:
        headers = ["-H", f"Authorization: Bearer {hello.token}"]
        with loading([f"-d{_LONG}", "-s", str(LUA), *headers, hello.base], {"FIRST": "1"}):
            yield
