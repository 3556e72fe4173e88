"""Floor: the same HTTP server on one core, reading a body and answering ``{}``; with or without our middleware."""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from eztong.adapters.entropy import SystemEntropy
from eztong.http.exchange import Exchanges
from eztong.http.logs import configure_logs
from eztong.http.metrics import Metrics
from eztong.wiring.asgi import with_middleware


async def answer(request: Request) -> Response:
    """Read the body, answer an empty object."""
    await request.body()
    return Response(b"{}", media_type="application/json")


def main() -> None:
    """Serve until killed."""
    port, kind = int(sys.argv[1]), sys.argv[2]
    app: ASGIApp = Starlette(routes=[Route("/v1/verifications", answer, methods=["POST"])])
    if kind == "dressed":
        configure_logs("info", stream=sys.stderr)
        app = with_middleware(app, exchanges=Exchanges(metrics=Metrics(), entropy=SystemEntropy()), https=False)
    uvicorn.run(
        app, port=port, loop="uvloop", http="httptools", access_log=False, log_level="error", server_header=False
    )


if __name__ == "__main__":
    main()
