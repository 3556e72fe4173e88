"""Nothing inline, nothing from elsewhere, nothing framed, nothing cached; unless a door says otherwise."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from eztong.http.headers import CONTENT_SECURITY_POLICY, SecurityHeadersMiddleware


async def plain(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


async def own(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok", headers={"Cache-Control": "public", "Content-Security-Policy": "own"})


def client(*, https: bool) -> TestClient:
    app = Starlette(routes=[Route("/", plain), Route("/own", own), Route("/desk/scan", plain), Route("/desks", plain)])
    return TestClient(SecurityHeadersMiddleware(app, https=https, camera_paths=("/desk",)))


def test_every_answer_carries_them_also_a_missing_page() -> None:
    for path in ("/", "/missing"):
        headers = client(https=True).get(path).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert headers["strict-transport-security"].startswith("max-age=")


def test_the_policy_starts_from_nothing_and_allows_nothing_unsafe() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == rules["connect-src"] == "'self'"
    assert rules["worker-src"] == "'self'"
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_where_own_frames_are_allowed_only_this_origin_may_frame() -> None:
    app = SecurityHeadersMiddleware(Starlette(routes=[Route("/", plain)]), https=True, own_frames=True)
    headers = TestClient(app).get("/").headers
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY.replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    )


def test_where_nothing_is_said_nothing_is_framed() -> None:
    headers = client(https=True).get("/").headers
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_without_https_there_is_no_promise_of_it() -> None:
    assert "strict-transport-security" not in client(https=False).get("/").headers


def test_what_a_door_set_is_left_alone() -> None:
    headers = client(https=True).get("/own").headers
    assert (headers["cache-control"], headers["content-security-policy"]) == ("public", "own")


@pytest.mark.parametrize(("path", "camera"), [("/", "()"), ("/desk/scan", "(self)"), ("/desks", "()")])
def test_only_the_named_pages_may_ask_for_the_camera(path: str, camera: str) -> None:
    assert f"camera={camera}" in client(https=True).get(path).headers["permissions-policy"]
