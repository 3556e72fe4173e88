"""Static files under addresses that carry their hash: a changed file has a new address, so caches keep it for good.

A door's files lie in folders by subject; they are asked for and served by their names alone, so no two share one.
Modules may import each other (``import { ring } from "./ring.js"``): the served text names the other's hashed address,
so a module's own hash changes with everything that it imports.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

SHARED_FOLDER: Final = Path(__file__).parent / "static"
PREFIX: Final = "/static"
_HASH_LENGTH: Final = 16
_FOREVER: Final = "public, max-age=31536000, immutable"
_IMPORT: Final = re.compile(r'(\bfrom\s+|\bimport\s+|\bimport\()"\./([a-z0-9_-]+\.js)"')
_MEDIA_TYPES: Final = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}


@dataclass(frozen=True, slots=True)
class _Asset:
    """One file in memory."""

    content: bytes
    media_type: str


class Assets:
    """The static files of the shared folder and of the doors' own folders, read once."""

    def __init__(self, *folders: Path) -> None:
        """Read every file of the shared folder and of ``folders``, with the folders in them.

        Raises:
            ValueError: two files share a name, or modules import each other in a circle (programmer's mistakes).
        """
        self._sources = _read((SHARED_FOLDER, *folders))
        self._files: dict[str, _Asset] = {}
        self._urls: dict[str, str] = {}
        for name in self._sources:
            self._serve_as_hashed(name, ())

    def url(self, name: str) -> str:
        """Return the address of a file.

        Raises:
            KeyError: there is no such file (programmer's mistake).
        """
        return self._urls[name]

    def route(self) -> Route:
        """Return the route that serves the files."""
        return Route(f"{PREFIX}/{{name}}", self._serve, name="static")

    def _serve_as_hashed(self, name: str, importers: tuple[str, ...]) -> str:
        if name in importers:
            raise ValueError(f"modules import each other: {' > '.join((*importers, name))}")
        if name not in self._urls:
            source = self._sources[name]
            content = source.read_bytes()
            if source.suffix == ".js":
                content = self._with_hashed_imports(content.decode(), (*importers, name)).encode()
            hashed = f"{source.stem}-{hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]}{source.suffix}"
            self._files[hashed] = _Asset(content, _media_type(source))
            self._urls[name] = f"{PREFIX}/{hashed}"
        return self._urls[name]

    def _with_hashed_imports(self, text: str, importers: tuple[str, ...]) -> str:
        return _IMPORT.sub(lambda found: f'{found[1]}"{self._serve_as_hashed(found[2], importers)}"', text)

    async def _serve(self, request: Request) -> Response:
        found = self._files.get(request.path_params["name"])
        if found is None:
            return PlainTextResponse("404 Not Found\n", HTTPStatus.NOT_FOUND.value)
        return Response(found.content, media_type=found.media_type, headers={"Cache-Control": _FOREVER})


def _read(folders: tuple[Path, ...]) -> Mapping[str, Path]:
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            if path.name in found:
                raise ValueError(f"two static files are named {path.name}")
            found[path.name] = path
    return found


def _media_type(path: Path) -> str:
    known = _MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    return known or "application/octet-stream"
