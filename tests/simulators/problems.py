"""What a problem must look like, whatever it is about (RFC 9457 with our stable ``code``)."""

from __future__ import annotations

from typing import Any

import httpx


def expect_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check that ``answer`` is a well-formed problem with this status and code; return its document."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["code"] == code, document
    assert document["status"] == status
    assert document["type"] == f"urn:eztong:problem:{code}"
    assert document["title"]
    assert document["detail"]
    assert document["request_id"] == answer.headers["x-request-id"]
    if status in {429, 503}:
        assert int(answer.headers["retry-after"]) > 0
    if status == httpx.codes.UNAUTHORIZED:
        assert answer.headers["www-authenticate"].startswith("Bearer")
    return document


def expect_outcome(answer: httpx.Response, outcome: str) -> dict[str, Any]:
    """Check that ``answer`` is a verification with this outcome; return it."""
    assert answer.status_code == httpx.codes.OK, answer.text
    document: dict[str, Any] = answer.json()
    assert document["outcome"] == outcome
    assert document["result"]["outcome"] == outcome
    assert document["result"]["id"] == document["id"]
    return document
