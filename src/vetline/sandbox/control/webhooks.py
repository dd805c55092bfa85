"""The control routes of webhooks: what was delivered and what came of it, sending again, and whom to trust for it."""

import asyncio
from collections.abc import Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from vetline.api.handlers.webhooks import SHOWN, query_of
from vetline.api.shared_route import SharedRoute
from vetline.api.translate_webhooks import delivery_view
from vetline.desk.webhooks import NoSuchDeliveryError, WebhookDesk
from vetline.sandbox.contents.directory import Directory
from vetline.sandbox.control.requests import bad, check_local
from vetline.sandbox.webhook_signer import SandboxSigner
from vetline.store.webhooks import Delivery
from vetline.wire import faults
from vetline.wire.faults import FaultError
from vetline.wire.paths import guid_of
from vetline.wire.webhooks import DeliveriesView


class WebhooksControl:
    """What a test may see of webhooks, and have done again, over all partners.

    Parameters:
        desk: what a partner may ask.
        directory: who the partners are.
        signer: signs webhooks.
    """

    def __init__(self, desk: WebhookDesk, directory: Directory, signer: SandboxSigner) -> None:
        self._desk = desk
        self._directory = directory
        self._signer = signer

    def routes(self) -> list[BaseRoute]:
        """Return the control routes."""
        return [
            SharedRoute("/sandbox/webhooks/deliveries", self.deliveries, methods=["GET"]),
            SharedRoute("/sandbox/webhooks/deliveries/{delivery}/resend", self.resend, methods=["POST"]),
            SharedRoute("/sandbox/webhooks/ca.pem", self.authority, methods=["GET"]),
        ]

    async def deliveries(self, request: Request) -> Response:
        """Answer with the latest deliveries: of one partner, in one state, about one customer, or all."""
        check_local(request)
        query = {name.lower(): value for name, value in request.query_params.items()}
        wanted = query_of(query)
        found = [one for tenant in self._partners(query) for one in await self._desk.deliveries(tenant, wanted)]
        found.sort(key=lambda one: (one.at, one.id), reverse=True)
        return _json(DeliveriesView([delivery_view(one) for one in found[:SHOWN]]))

    async def resend(self, request: Request) -> Response:
        """Have an event delivered once more, with ten attempts anew."""
        check_local(request)
        delivery = guid_of(request.path_params["delivery"])
        if delivery is None:
            raise bad("a delivery is named by its id, a GUID: GET /sandbox/webhooks/deliveries lists them.")
        return _json(delivery_view(await self._resent(delivery)))

    async def authority(self, request: Request) -> Response:
        """Answer with the certificate authority to trust for webhooks."""
        check_local(request)
        found = await asyncio.to_thread(self._signer.authority)
        return Response(found, media_type="application/x-pem-file")

    def _partners(self, query: dict[str, str]) -> Sequence[str]:
        known = [tenant.tenant_id for tenant in self._directory.partners]
        if "partnerid" not in query:
            return known
        wanted = guid_of(query["partnerid"])
        if wanted not in known:
            raise bad("partnerId must be the tenant of a partner: /sandbox/info lists them.")
        return [wanted]

    async def _resent(self, delivery: str) -> Delivery:
        for tenant in self._directory.partners:
            try:
                return await self._desk.resend(tenant.tenant_id, delivery)
            except NoSuchDeliveryError:
                continue
        raise FaultError(faults.NOT_FOUND, "Not found: GET /sandbox/webhooks/deliveries lists what there is.")


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
