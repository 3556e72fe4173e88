"""The API's interactive page: Swagger UI from an installed package, so that the browser asks nobody else."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_FILES: Final = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>eztong partner API</title>
<link rel="stylesheet" href="/v1/docs/swagger-ui.css">
<link rel="icon" href="/favicon.ico">
<p style="margin: 16px 24px; font: 16px system-ui"><a href="/" style="color: #0b6e69">eztong</a> · partner API</p>
<div id="api"></div>
<script src="/v1/docs/swagger-ui-bundle.js"></script>
<script src="/v1/docs/start.js"></script>
</html>
"""
_START: Final = """SwaggerUIBundle({
  url: "/v1/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
});
"""
# Swagger UI sets style attributes and data: images; this page alone is allowed them, and shows no holder's data.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def docs_routes() -> list[Route]:
    """Return the page's routes."""
    return [
        Route("/v1/docs", _page, name="api-docs"),
        Route("/v1/docs/start.js", _start),
        Route("/v1/docs/{name}", _file),
    ]


def _page(_request: Request) -> Response:
    return Response(_PAGE, media_type="text/html", headers={"content-security-policy": _POLICY})


def _start(_request: Request) -> Response:
    return Response(_START, media_type="text/javascript")


def _file(request: Request) -> Response:
    name = request.path_params["name"]
    media_type = _FILES.get(name)
    if media_type is None:
        return Response("Not found\n", status_code=404, media_type="text/plain")
    content = files("fastapi_offline").joinpath("static", name).read_bytes()
    headers = {"cache-control": "public, max-age=86400"}
    return Response(content, media_type=media_type, headers=headers)
