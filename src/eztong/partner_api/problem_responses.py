"""The problem answers as OpenAPI describes them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from eztong.http.problems import PROBLEM_MEDIA_TYPE
from eztong.partner_api.schemas import ProblemDocument

_WORDS = {
    401: "No key, an unknown key, or a revoked one.",
    403: "The key or partner may not do this.",
    404: "There is no such thing here.",
    405: "The address exists, but not for this method.",
    409: "The state does not allow it: used or cancelled code, or an idempotency key with another body.",
    410: "The code's life is over.",
    413: "The body is longer than any request needs.",
    422: "The body, a field or the code cannot be understood.",
    429: "A limit was reached; see Retry-After.",
    503: "Not available now; nothing was decided. See Retry-After.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` entries of these statuses."""
    schema = {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}
    return {
        status: {"description": _WORDS[status], "content": {PROBLEM_MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


def json_body(model: type[BaseModel]) -> dict[str, Any]:
    """Return the ``requestBody`` entry of a handler that reads its body itself."""
    schema = model.model_json_schema(ref_template=f"#/components/schemas/{model.__name__}_{{model}}")
    definitions = schema.pop("$defs", {})
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _inlined(schema, definitions, model.__name__)}},
        }
    }


def _inlined(value: Any, definitions: dict[str, Any], owner: str) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        reference = value.get("$ref")
        if reference is not None:
            return _inlined(definitions[reference.rpartition(f"/{owner}_")[2]], definitions, owner)
        return {name: _inlined(part, definitions, owner) for name, part in value.items()}
    if isinstance(value, list):
        return [_inlined(part, definitions, owner) for part in value]
    return value
