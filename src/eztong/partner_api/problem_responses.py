"""The problem answers as OpenAPI describes them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from eztong.http.problems import PROBLEM_MEDIA_TYPE
from eztong.partner_api.context import bearer
from eztong.partner_api.schemas import ProblemDocument

_WORDS = {
    401: "No key, an unknown key, or a revoked one.",
    403: "The key or partner may not do this.",
    404: "There is no such thing here.",
    405: "The address exists, but not for this method.",
    409: "The state does not allow it: used or cancelled code, another answer, an idempotency key with another body.",
    410: "Its life is over: of a code, or of the event to go on from.",
    413: "The body is longer than any request needs.",
    422: "The body, a field or the code cannot be understood.",
    429: "A limit was reached; see Retry-After.",
    503: "Not available now; nothing was decided. See Retry-After.",
}


_RETRY_AFTER = {"schema": {"type": "integer", "minimum": 1}, "description": "seconds to wait"}
_PLAIN = {"text/plain": {"schema": {"type": "string"}}}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "the same key with the same body gives the same answer; with another body it is a conflict",
    "schema": {"type": "string", "pattern": "^[\\x20-\\x7e]{1,128}$", "examples": ["check-in-4711"]},
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` entries of these statuses; their content comes from :func:`describe_failures`."""
    return {status: {"description": _WORDS[status]} for status in statuses}


def describe_failures(responses: dict[str, Any]) -> None:
    """Say of every failure that it is a problem, and of what is no proper request that no door sees it."""
    problem = {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}}}
    for status, response in responses.items():
        if int(status) < HTTPStatus.BAD_REQUEST:
            continue
        response["content"] = dict(problem)
        if int(status) in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            response["headers"] = {"Retry-After": _RETRY_AFTER}
        if int(status) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            response["content"] |= _PLAIN
    responses["400"] = {"description": "The path or the stated length is malformed.", "content": _PLAIN}


def json_body(model: type[BaseModel]) -> dict[str, Any]:
    """Return what OpenAPI cannot see of a writing handler that reads key and body itself."""
    schema = model.model_json_schema(ref_template=f"#/components/schemas/{model.__name__}_{{model}}")
    definitions = schema.pop("$defs", {})
    return {
        "security": [{bearer.scheme_name: []}],
        "parameters": [_IDEMPOTENCY_KEY],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _inlined(schema, definitions, model.__name__)}},
        },
    }


def bare_call() -> dict[str, Any]:
    """Return what OpenAPI cannot see of a writing handler that takes no body."""
    return {"security": [{bearer.scheme_name: []}], "parameters": [_IDEMPOTENCY_KEY]}


def _inlined(value: Any, definitions: dict[str, Any], owner: str) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        reference = value.get("$ref")
        if reference is not None:
            return _inlined(definitions[reference.rpartition(f"/{owner}_")[2]], definitions, owner)
        return {name: _inlined(part, definitions, owner) for name, part in value.items()}
    if isinstance(value, list):
        return [_inlined(part, definitions, owner) for part in value]
    return value
