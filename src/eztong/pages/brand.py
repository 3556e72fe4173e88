"""How a brand comes onto pages: its stylesheet and mark under addresses that carry what they say, its names in words.

A stylesheet's address names the colour and how the others follow from it, so it is kept by browsers for good and no
page needs a style of its own. Whoever asks for another colour gets that one: it is nobody's secret, and counts nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from eztong.domain.branding.accent import DERIVATION, Palette, dark_palette, light_palette, parse_accent, variables
from eztong.domain.branding.brand import Brand
from eztong.domain.branding.mark import mark_name
from eztong.domain.errors import InputInvalid
from eztong.i18n.translator import Translator
from eztong.pages.assets import Assets
from eztong.ports.branding.board import BrandBoard

PREFIX: Final = "/brand"
SCOPE: Final = ".brand-scope"
"""What holds a preview: a brand that is not the page's own."""

_FOREVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_STYLE: Final = re.compile(rf"(accent|scope)-([0-9a-f]{{6}})\.{DERIVATION}\.css")
_PNG: Final = "image/png"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandLook:
    """A brand as a page shows it. ``style`` is empty where the program's own colours are meant."""

    name: str
    """In the bar, in the place of the program's name."""
    own_name: str
    """The same, where the brand has one."""
    title: str
    """At the end of a page's title."""
    mark: str
    mark_type: str
    style: str
    help_line: str
    help_hours: str
    help_words: str
    """The help line with its hours as a sentence; empty without one."""


def brand_look(brand: Brand, *, words: Translator, assets: Assets) -> BrandLook:
    """Return how a page in this language shows a brand."""
    language, service = words.language, brand.service(words.language)
    return BrandLook(
        name=service or words.text("app.brand"),
        own_name=service,
        title=service or words.text("app.name"),
        mark=mark_url(brand) or assets.url("mark.svg"),
        mark_type=_PNG if brand.mark else "image/svg+xml",
        style=style_url(brand.accent),
        help_line=brand.help_line,
        help_hours=brand.help_hours(language),
        help_words=_help_words(brand.help_line, brand.help_hours(language), words),
    )


def style_url(accent: str, *, kind: str = "accent") -> str:
    """Return the address of the stylesheet of a colour; ``kind`` ``scope`` is for previews alone. Empty for none."""
    return f"{PREFIX}/{kind}-{accent.removeprefix('#')}.{DERIVATION}.css" if accent else ""


def mark_url(brand: Brand) -> str:
    """Return the address of the mark in force; empty without one."""
    return f"{PREFIX}/mark-{mark_name(brand.mark)}.png" if brand.mark else ""


def brand_routes(board: BrandBoard) -> list[Route]:
    """Return the route that serves stylesheets of every colour that can be read, and the mark in force."""

    async def serve(request: Request) -> Response:
        name = request.path_params["name"]
        style = _STYLE.fullmatch(name)
        if style is not None:
            return _style(style[1], f"#{style[2]}")
        mark = board.look().mark
        if mark and name == f"mark-{mark_name(mark)}.png":
            return Response(mark, media_type=_PNG, headers=_FOREVER)
        return _nothing()

    return [Route(f"{PREFIX}/{{name}}", serve, name="brand")]


def render_style(accent: str, *, selector: str = ":root") -> str:
    """Return the stylesheet: the colours that follow from an accent, on light pages and on dark ones."""
    light, dark = _rule(selector, light_palette(accent)), _rule(selector, dark_palette(accent))
    return f"{selector} {{ --accent-of: {accent} }}\n{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n"


def _rule(selector: str, palette: Palette) -> str:
    colours = "; ".join(f"{name}: {colour}" for name, colour in variables(palette).items())
    return f"{selector} {{ {colours} }}"


def _style(kind: str, accent: str) -> Response:
    try:
        parse_accent(accent)
    except InputInvalid:
        # A preview that asks as somebody types learns it by what does not change, and logs no error for it.
        return Response("", media_type="text/css", headers=_FOREVER)
    selector = SCOPE if kind == "scope" else ":root"
    return Response(render_style(accent, selector=selector), media_type="text/css", headers=_FOREVER)


def _nothing() -> Response:
    return PlainTextResponse("404 Not Found\n", HTTPStatus.NOT_FOUND.value)


def _help_words(line: str, hours: str, words: Translator) -> str:
    if not line:
        return ""
    return (
        words.text("app.help_line_hours", line=line, hours=hours) if hours else words.text("app.help_line", line=line)
    )
