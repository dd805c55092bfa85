"""Emulators of cloud stores: reading an item and adding an item, which is the nearest that they can do."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from urllib.parse import urlencode

from bench.peers.installing import from_npm, from_pip, versions
from bench.peers.peer import STANDING, Ask, Peer

_HOST = "127.0.0.1"
_KEY = "00000000-0000-4000-8000-"
_FIRST = _KEY + "0" * 12

# Of every installation: https://learn.microsoft.com/azure/storage/common/storage-use-azurite#well-known-storage-account-and-key
_ACCOUNT = "devstoreaccount1"
_ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def moto() -> Peer:
    """Moto's server with DynamoDB: everything in memory."""
    key = {"AttributeName": "id", "KeyType": "HASH"}
    table = {
        "TableName": "qualifications",
        "KeySchema": [key],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    return Peer(
        f"moto server {versions()['pip']['moto[server]']}",
        lambda: from_pip("moto[server]"),
        lambda programs, _, port: [str(programs / "moto_server"), "-H", _HOST, "-p", str(port)],
        _dynamo("GetItem", {"TableName": "qualifications", "Key": {"id": {"S": _FIRST}}}),
        _dynamo("PutItem", {"TableName": "qualifications", "Item": _item("{n}")}),
        (
            _dynamo("CreateTable", table),
            _dynamo("PutItem", {"TableName": "qualifications", "Item": _item("0" * 12)}),
        ),
        "DynamoDB GetItem and PutItem",
    )


def _dynamo(operation: str, body: object) -> Ask:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html"""
    headers = {
        "X-Amz-Target": f"DynamoDB_20120810.{operation}",
        "Content-Type": "application/x-amz-json-1.0",
        "Authorization": "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/dynamodb/aws4_request, "
        "SignedHeaders=host, Signature=0",
    }
    return Ask("POST", "/", json.dumps(body), 200, headers)


def _item(number: str) -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in {"id": _KEY + number, **STANDING}.items()}


def azurite() -> Peer:
    """Azurite's table service on disk; it answers from memory and saves every five seconds."""

    def command(modules: Path, work: Path, port: int) -> list[str]:
        data = ["--location", str(work), "--tableHost", _HOST, "--tablePort", str(port)]
        quiet = ["--silent", "--disableTelemetry", "--skipApiVersionCheck"]
        return [str(modules / ".bin" / "azurite-table"), *data, *quiet]

    signature, root = _shared_access(), f"/{_ACCOUNT}"
    return Peer(
        f"Azurite {versions()['npm']['azurite']}",
        lambda: from_npm("azurite"),
        command,
        _table("GET", f"{root}/qualifications(PartitionKey='bench',RowKey='{_FIRST}')?{signature}"),
        _table("POST", f"{root}/qualifications?{signature}", _entity("{n}"), 201),
        (
            _table("POST", f"{root}/Tables?{signature}", {"TableName": "qualifications"}, 201),
            _table("POST", f"{root}/qualifications?{signature}", _entity("0" * 12), 201),
        ),
        "Table Get Entity and Insert Entity",
    )


def _table(method: str, path: str, body: object = None, status: int = 200) -> Ask:
    """https://learn.microsoft.com/rest/api/storageservices/insert-entity"""
    headers = {"Accept": "application/json;odata=nometadata", "x-ms-version": "2019-02-02"}
    if body is None:
        return Ask(method, path, "", status, headers)
    return Ask(method, path, json.dumps(body), status, {**headers, "Content-Type": "application/json"})


def _entity(number: str) -> dict[str, str]:
    return {"PartitionKey": "bench", "RowKey": _KEY + number, **STANDING}


def _shared_access() -> str:
    """https://learn.microsoft.com/rest/api/storageservices/create-account-sas#construct-the-signature-string"""
    said = {"sp": "rwdlacu", "ss": "t", "srt": "sco", "st": "", "se": "2999-01-01T00:00:00Z", "sip": "", "spr": ""}
    version = "2019-02-02"
    signed = "\n".join([_ACCOUNT, *said.values(), version, ""])
    digest = hmac.new(base64.b64decode(_ACCOUNT_KEY), signed.encode(), hashlib.sha256).digest()
    given = {name: value for name, value in said.items() if value}
    return urlencode({"sv": version, **given, "sig": base64.b64encode(digest).decode()})
