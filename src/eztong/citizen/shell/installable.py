"""What makes the pages an app: the manifest, the service worker, and the page that it shows without a network."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from eztong.citizen.visit import STATIC, Visit
from eztong.domain.branding.accent import BUILT_IN
from eztong.domain.branding.brand import Brand
from eztong.domain.branding.mark import mark_side
from eztong.http.cookies import LANGUAGE_COOKIE
from eztong.i18n.choice import choose_language
from eztong.i18n.translator import Translator
from eztong.pages.assets import Assets
from eztong.pages.brand import brand_look, mark_url
from eztong.ports.branding.board import BrandBoard

_FRESH: Final = {"Cache-Control": "no-cache"}
# Of interest to searchers is what the service is; every other page is one person's.
_ROBOTS: Final = "User-agent: *\nAllow: /$\nAllow: /about\nAllow: /status\nAllow: /documents/\nDisallow: /\n"
_SIZES: Final = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"))
_MASKABLE: Final = ("icon-maskable-512.png", "512x512", "maskable")


def offline(visit: Visit) -> Response:
    """Say that there is no network, and what to do; kept by the browser beforehand."""
    return visit.page("shell/installable_offline.html")


def routes(assets: Assets, board: BrandBoard) -> list[Route]:
    """Return manifest, service worker, icon and robots file, each at the address that browsers expect to stay."""
    worker = (STATIC / "shell" / "sw.js").read_bytes()

    def manifest(request: Request) -> Response:
        cookie = request.cookies.get(LANGUAGE_COOKIE)
        language = choose_language(request.headers.get("accept-language"), cookie, request.query_params.get("lang"))
        document = _manifest(Translator(language), assets, board.look())
        return JSONResponse(document, headers=_FRESH, media_type="application/manifest+json")

    def service_worker(_request: Request) -> Response:
        return Response(worker, media_type="text/javascript", headers=_FRESH)

    def favicon(_request: Request) -> Response:
        # Pages name their icon; this is for what asks for the old address, such as the API's page and bookmarks.
        return RedirectResponse(mark_url(board.look()) or assets.url("mark.svg"), HTTPStatus.TEMPORARY_REDIRECT.value)

    def robots(_request: Request) -> Response:
        return PlainTextResponse(_ROBOTS)

    return [
        Route("/manifest.webmanifest", manifest),
        Route("/sw.js", service_worker),
        Route("/favicon.ico", favicon),
        Route("/robots.txt", robots),
    ]


def _manifest(words: Translator, assets: Assets, brand: Brand) -> dict[str, Any]:
    look, lead = brand_look(brand, words=words, assets=assets), brand.lead(words.language)
    return {
        "id": "/",
        "name": look.title,
        "short_name": look.name,
        "description": lead or words.text("start.lead"),
        "lang": words.language,
        "start_url": "/code",
        "scope": "/",
        "display": "standalone",
        "shortcuts": [
            {"name": words.text("code.show"), "url": "/code"},
            {"name": words.text("code.scan"), "url": "/scan"},
        ],
        "background_color": "#f7f8fa",
        "theme_color": brand.accent or BUILT_IN,
        "icons": _icons(assets, brand),
    }


def _icons(assets: Assets, brand: Brand) -> list[dict[str, str]]:
    if brand.mark:
        side = mark_side(brand.mark)
        return [{"src": mark_url(brand), "sizes": f"{side}x{side}", "type": "image/png"}]
    drawn = [
        {"src": assets.url(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
        for name, sizes, purpose in (*_SIZES, _MASKABLE)
    ]
    return [*drawn, {"src": assets.url("mark.svg"), "sizes": "any", "type": "image/svg+xml"}]
