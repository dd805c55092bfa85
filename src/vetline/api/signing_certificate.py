"""The certificate by which webhooks are proven, for anybody: `X-MS-Certificate-Url` leads here."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from vetline.api.shared_route import SharedRoute
from vetline.webhooks.signing import Signer
from vetline.wire.webhooks import CERTIFICATE


def certificate_routes(signer: Signer) -> list[BaseRoute]:
    """Return the route of a signer's certificate."""

    async def certificate(request: Request) -> Response:
        found = await asyncio.to_thread(signer.certificate)  # a sandbox makes it when it is first asked for
        return Response(found, media_type="application/x-pem-file")

    return [SharedRoute(CERTIFICATE, certificate)]
