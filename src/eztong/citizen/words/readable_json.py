"""Files that a person keeps and reads."""

from __future__ import annotations

import json

from starlette.responses import JSONResponse
from typing_extensions import override


class ReadableJson(JSONResponse):
    """JSON that a person can read, too."""

    @override
    def render(self, content: object) -> bytes:
        """Return the file."""
        return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
