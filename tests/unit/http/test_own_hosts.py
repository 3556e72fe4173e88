"""A door with an address of its own is answered there alone; whoever is at the wrong one is led on."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from eztong.http.hosts import OwnHostsMiddleware

OWN = {"desk.example.org": "/desk", "console.example.org:8443": "/console"}
PUBLIC = "https://eid.example.org"


def client(own: dict[str, str]) -> TestClient:
    app = Starlette(routes=[Route("/{path:path}", lambda _request: PlainTextResponse("here"), methods=["GET", "POST"])])
    return TestClient(OwnHostsMiddleware(app, own=own, public_url=PUBLIC), base_url=PUBLIC, follow_redirects=False)


@pytest.mark.parametrize(
    ("host", "path", "led"),
    [
        ("desk.example.org", "/desk/sign-in", ""),
        ("desk.example.org", "/", "/desk"),
        ("desk.example.org", "/status?lang=en", f"{PUBLIC}/status?lang=en"),
        ("desk.example.org", "/console", "https://console.example.org:8443/console"),
        ("desk.example.org", "/static/a.css", ""),
        ("desk.example.org", "/brand/a.css", ""),
        ("desk.example.org", "/readyz", ""),
        ("console.example.org:8443", "/console/audit", ""),
        ("eid.example.org", "/", ""),
        ("eid.example.org", "/desk", "https://desk.example.org/desk"),
        ("eid.example.org", "/desks", ""),
        ("eid.example.org", "/console/a%0d%0ab", "https://console.example.org:8443/console/a%0D%0Ab"),
    ],
)
def test_a_page_is_at_one_address(host: str, path: str, led: str) -> None:
    answer = client(OWN).get(path, headers={"host": host})
    assert (answer.status_code, answer.headers.get("location", "")) == ((303, led) if led else (200, ""))


def test_a_form_at_the_wrong_address_is_not_taken() -> None:
    taken = [
        client(OWN).post(path, headers={"host": host}).status_code
        for host, path in (
            ("eid.example.org", "/desk"),
            ("desk.example.org", "/register"),
            ("desk.example.org", "/desk"),
            ("eid.example.org", "/register"),
        )
    ]
    assert taken == [404, 404, 200, 200]


def test_without_such_addresses_everything_is_everywhere() -> None:
    assert client({}).post("/desk").status_code == 200
