"""What a message gateway is sent: JSON or a form, with named placeholders in its values.

A template is read before anything is put in, and placeholders are filled in once, value by value: no text of a message
can become a name, a quote or another field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

PLACEHOLDERS: Final = frozenset({"phone", "text", "message_id", "topic", "language", "service"})
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class BodyTemplate:
    """A template that was read: its parts are an object of JSON, or the fields of a form."""

    content_type: str
    parts: Any

    @property
    def names_service(self) -> bool:
        """Say whether it has a place of its own for the service's name."""
        return "service" in _placeholders(self.parts)

    def fill(self, values: Mapping[str, str]) -> bytes:
        """Return the body with ``values`` in the places of all :data:`PLACEHOLDERS`."""
        if self.content_type == _JSON:
            return json.dumps(_filled(self.parts, values), ensure_ascii=False).encode()
        return urlencode([(name, _filled(value, values)) for name, value in self.parts]).encode()


def parse_template(text: str) -> BodyTemplate:
    """Return a template: JSON if it begins with a brace, else ``name=value&name=value``.

    Raises:
        ValueError: neither; an unknown placeholder; or no place for the phone, or for the text or topic.
    """
    template = _read(text.strip())
    used = set(_placeholders(template.parts))
    unknown = sorted(used - PLACEHOLDERS)
    if unknown:
        raise ValueError(f"there is no placeholder {{{unknown[0]}}}; known are {', '.join(sorted(PLACEHOLDERS))}")
    if "phone" not in used or not used & {"text", "topic"}:
        raise ValueError("it needs a place for {phone}, and one for {text} or {topic}")
    return template


def _read(text: str) -> BodyTemplate:
    if text.startswith("{"):
        try:
            return BodyTemplate(_JSON, json.loads(text))
        except json.JSONDecodeError as error:
            raise ValueError(f"it is no JSON at character {error.pos}") from error
    try:
        return BodyTemplate(_FORM, parse_qsl(text, keep_blank_values=True, strict_parsing=True))
    except ValueError as error:
        raise ValueError("it is neither a JSON object nor fields like name=value") from error


def _placeholders(part: Any) -> list[str]:  # noqa: ANN401 - whatever JSON holds
    match part:
        case str():
            return _PLACEHOLDER.findall(part)
        case dict():
            return [name for value in part.values() for name in _placeholders(value)]
        case (str(), str(value)) if isinstance(part, tuple):
            return _PLACEHOLDER.findall(value)
        case list():
            return [name for value in part for name in _placeholders(value)]
        case _:
            return []


def _filled(part: Any, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - whatever JSON holds
    match part:
        case str():
            return _PLACEHOLDER.sub(lambda found: values[found[1]], part)
        case dict():
            return {name: _filled(value, values) for name, value in part.items()}
        case list():
            return [_filled(value, values) for value in part]
        case _:
            return part
