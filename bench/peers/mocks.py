"""Mock servers: the two operations from a description of them. Only json-server keeps what it is told."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.peers.installing import from_npm, versions
from bench.peers.peer import STANDING, Peer

_HOST = "127.0.0.1"
_EACH = "/v1/customers/[^/]+/qualifications"

Command = Callable[[Path, Path, int], list[str]]


def prism() -> Peer:
    """Stoplight Prism on an OpenAPI document, without its log."""

    def command(modules: Path, work: Path, port: int) -> list[str]:
        document = _written(work / "openapi.json", _openapi())
        quiet = ["--verboseLevel", "silent"]
        return [str(modules / ".bin" / "prism"), "mock", "-h", _HOST, "-p", str(port), *quiet, document]

    return _npm("Prism", "@stoplight/prism-cli", command)


def mockoon() -> Peer:
    """Mockoon on the same document, without a log file and without its control interface."""

    def command(modules: Path, work: Path, port: int) -> list[str]:
        document = _written(work / "openapi.json", _openapi())
        quiet = ["--disable-log-to-file", "--disable-admin-api"]
        return [str(modules / ".bin" / "mockoon-cli"), "start", "-d", document, "-l", _HOST, "-p", str(port), *quiet]

    return _npm("Mockoon", "@mockoon/cli", command)


def json_server() -> Peer:
    """json-server with one resource, which it writes whole into a file as it grows."""

    def command(modules: Path, work: Path, port: int) -> list[str]:
        data = _written(work / "db.json", {"qualifications": [{"id": 1, **STANDING}]})
        routes = _written(work / "routes.json", {"/v1/customers/:id/qualifications": "/qualifications"})
        options = ["--quiet", "--host", _HOST, "--port", str(port), "--routes", routes]
        return [str(modules / ".bin" / "json-server"), *options, data]

    return _npm("json-server", "json-server", command, "one list for all customers, read while it has one entry")


def wiremock() -> Peer:
    """WireMock with a stub for each operation, without its journal and its log."""

    def command(modules: Path, work: Path, port: int) -> list[str]:
        (work / "mappings").mkdir(exist_ok=True)
        _written(work / "mappings" / "get.json", _stub("GET", 200, [STANDING]))
        _written(work / "mappings" / "post.json", _stub("POST", 201, STANDING))
        jar = next((modules / "wiremock" / "build").glob("*.jar"))
        quiet = ["--no-request-journal", "--disable-banner", "--disable-request-logging"]
        return ["java", "-jar", str(jar), "--bind-address", _HOST, "--port", str(port), "--root-dir", str(work), *quiet]

    # Java compiles what runs often while it runs: only after some seconds is it as fast as it gets.
    return replace(_npm("WireMock", "wiremock", command), warm_up_seconds=6)


def _npm(name: str, package: str, command: Command, nearest: str = "") -> Peer:
    version = versions()["npm"][package]
    return Peer(f"{name} {version}", lambda: from_npm(package), command, nearest=nearest)


def _written(file: Path, content: object) -> str:
    file.write_text(json.dumps(content), "utf-8")
    return str(file)


def _stub(method: str, status: int, body: object) -> dict[str, object]:
    answer = {"status": status, "jsonBody": body, "headers": {"Content-Type": "application/json"}}
    return {"request": {"method": method, "urlPathPattern": _EACH}, "response": answer}


def _openapi() -> dict[str, object]:
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    standing = {"type": "object", "properties": {name: {"type": "string"} for name in STANDING}}
    submitted: dict[str, Any] = {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Qualifications", "version": "1"},
        "paths": {
            "/v1/customers/{id}/qualifications": {
                "parameters": [identifier],
                "get": _operation("200", {"type": "array", "items": standing}, [STANDING]),
                "post": submitted | _operation("201", standing, STANDING),
            }
        },
    }


def _operation(status: str, schema: object, example: object) -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "example": example}}
    return {"responses": {status: {"description": "Done.", "content": content}}}
