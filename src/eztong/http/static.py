"""Static files under addresses that carry their hash: a changed file has a new address, so caches keep it for good."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

FOLDER: Final = Path(__file__).parent / "static"
PREFIX: Final = "/static"
_HASH_LENGTH: Final = 16
_FOREVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _Asset:
    """One file in memory."""

    content: bytes
    media_type: str


class Assets:
    """The static files of one or more folders, read once."""

    def __init__(self, *folders: Path) -> None:
        self._files: dict[str, _Asset] = {}
        self._urls: dict[str, str] = {}
        for folder in folders or (FOLDER,):
            for path in sorted(folder.iterdir()):
                if path.is_file():
                    self._add(path)

    def url(self, name: str) -> str:
        """Return the address of a file.

        Raises:
            KeyError: there is no such file (programmer's mistake).
        """
        return self._urls[name]

    def route(self) -> Route:
        """Return the route that serves the files."""
        return Route(f"{PREFIX}/{{name}}", self._serve, name="static")

    def _add(self, path: Path) -> None:
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]
        hashed = f"{path.stem}-{digest}{path.suffix}"
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self._files[hashed] = _Asset(content, media_type)
        self._urls[path.name] = f"{PREFIX}/{hashed}"

    async def _serve(self, request: Request) -> Response:
        found = self._files.get(request.path_params["name"])
        if found is None:
            return PlainTextResponse("404 Not Found\n", HTTPStatus.NOT_FOUND.value)
        return Response(found.content, media_type=found.media_type, headers={"Cache-Control": _FOREVER})
