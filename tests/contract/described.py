"""What a server says of its interface at /openapi.json, held against what it really answers."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs

from tests.support.sending import Received, Sent


class Described:
    """A description.

    Parameters:
        document: the OpenAPI document.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self._components = document["components"]
        self._paths = {tuple(path.split("/")): operations for path, operations in document["paths"].items()}

    def broken(self, sent: Sent, found: Received) -> Iterator[str]:
        """Yield one sentence for each thing that is not as it is described; of operations that are not, none."""
        operation = self._operation(sent)
        if operation is None:
            return
        if str(found.status) not in operation["responses"]:
            yield f"{found.status} is not described"
        elif found.body:
            yield from self._answer(operation["responses"][str(found.status)], found)
        if found.status < 300 and "requestBody" in operation and not _spelled_freely(sent.body):
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            yield from self._unfit(schema, json.loads(sent.body), "what was taken")

    def _operation(self, sent: Sent) -> dict[str, Any] | None:
        segments = tuple(urlsplit(sent.target).path.split("/"))
        for path, operations in self._paths.items():
            if len(path) == len(segments) and all(a == b or a[:1] == "{" for a, b in zip(path, segments, strict=True)):
                found: dict[str, Any] | None = operations.get(sent.method.lower())
                return found
        return None

    def _answer(self, response: dict[str, Any], found: Received) -> Iterator[str]:
        media = (found.header("content-type") or "").partition(";")[0]
        if media not in response["content"]:
            yield f"{found.status} as {media} is not described"
        elif media == "application/json":
            yield from self._unfit(response["content"][media]["schema"], json.loads(found.body), "the answer")

    def _unfit(self, schema: dict[str, Any], value: Any, what: str) -> Iterator[str]:
        rooted = {"allOf": [schema], "components": self._components}
        for error in jsonschema_rs.iter_errors(rooted, value):
            yield f"{what} is not as described: {error.message}"


def _spelled_freely(body: bytes) -> bool:
    """Whether members are not spelled as described: they are read in any case, which no schema can say."""
    value = json.loads(body)
    return isinstance(value, dict) and any(name[:1].isupper() for name in value)
