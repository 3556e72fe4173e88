"""A partner's server is told of what happens, checks it with the official libraries, and manages its endpoints."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.simulators.outside.gateway import Gateway, gateway
from tests.simulators.problems import expect_problem
from tests.simulators.service import Partner, Service, running

NODE = Path(__file__).parents[2] / "node"
BY = ("--operator", "demo-li", "--json")
ENDPOINTS = "/v1/webhook-endpoints"
LI = "P10"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of its own, so that nobody else's events arrive here."""
    with running(tmp_path_factory.mktemp("hooks") / "data") as found:
        yield found


@pytest.fixture
def receiver() -> Iterator[Gateway]:
    with gateway() as held:
        yield held


@pytest.fixture(scope="module")
def manager(service: Service) -> Partner:
    """The hotel with a key for webhooks and requests."""
    scopes = [part for one in ("webhooks:write", "requests:write", "verifications:read") for part in ("--scope", one)]
    made = service.run("partners", "keys", "create", "hotel", "--label", "hooks", *scopes, *BY)
    assert made.returncode == 0, made.stderr
    return replace(service.partners["hotel"], api_key=json.loads(made.stdout)["api_key"])


def call(partner: Partner, method: str, path: str, body: object = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {partner.api_key}"}
    return partner.http.request(method, ENDPOINTS + path, json=body, headers=headers)


def added(manager: Partner, receiver: Gateway, *types: str) -> dict[str, Any]:
    answer = manager.post(ENDPOINTS, {"url": receiver.url, "event_types": types or ["request.finished"]})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def endpoint(manager: Partner, receiver: Gateway) -> Iterator[dict[str, Any]]:
    found = added(manager, receiver)
    yield found
    call(manager, "DELETE", f"/{found['id']}")


def arrived(service: Service, receiver: Gateway, count: int = 1) -> list[tuple[dict[str, str], str]]:
    service.wait_for(lambda: len(receiver.requests) >= count)
    return [(headers, body.decode()) for headers, body in receiver.requests]


def check_in_node(endpoint: dict[str, Any], headers: dict[str, str], body: str) -> Any:  # noqa: ANN401 - any JSON
    given = {"secret": endpoint["secret"], "publicKey": endpoint["public_key"], "headers": headers, "body": body}
    done = subprocess.run(
        ["node", "check-webhook.js"], cwd=NODE, input=json.dumps(given).encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_an_answered_request_is_told_and_the_official_libraries_take_it(
    service: Service, manager: Partner, receiver: Gateway, endpoint: dict[str, Any]
) -> None:
    service.holder(LI)
    request = manager.post("/v1/requests", {"scene": "hotel_check_in"}).json()
    service.answer(request["id"], "approve", LI).raise_for_status()
    ((headers, body),) = arrived(service, receiver)
    told = Webhook(endpoint["secret"]).verify(body, headers)
    assert told == check_in_node(endpoint, headers, body)
    assert (told["type"], told["data"]["request_id"]) == ("request.finished", request["id"])
    read = manager.get(f"/v1/verifications/{told['data']['verification_id']}").json()
    assert read["outcome"] == told["data"]["outcome"] == "passed"
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint["secret"]).verify(body.replace("passed", "failed"), headers)


def test_after_a_rotation_both_secrets_verify(
    service: Service, manager: Partner, receiver: Gateway, endpoint: dict[str, Any]
) -> None:
    rotated = call(manager, "POST", f"/{endpoint['id']}/rotate-secret").json()
    assert rotated["previous_public_key"] == endpoint["public_key"] != rotated["public_key"]
    assert call(manager, "POST", f"/{endpoint['id']}/test").status_code == 202
    ((headers, body),) = arrived(service, receiver)
    for one in (endpoint, rotated):
        assert Webhook(one["secret"]).verify(body, headers)["type"] == "webhook.test"
        assert check_in_node(one, headers, body)["data"] == {"endpoint_id": endpoint["id"]}


def test_what_failed_is_seen_in_the_log_and_sent_again(
    service: Service, manager: Partner, receiver: Gateway, endpoint: dict[str, Any]
) -> None:
    receiver.says(503, b"secret words of the server")
    queued = call(manager, "POST", f"/{endpoint['id']}/test").json()
    path = f"/{endpoint['id']}/deliveries/{queued['id']}"

    def tries() -> int:
        return int(call(manager, "GET", path).json()["attempts"])

    service.wait_for(lambda: tries() == 1)
    found = call(manager, "GET", path).json()
    assert (found["state"], found["failure"]) == ("pending", "server_error")
    assert {name: found["log"][0][name] for name in ("number", "status", "failure", "read_bytes")} == {
        "number": 1,
        "status": 503,
        "failure": "server_error",
        "read_bytes": 26,
    }
    assert "secret words" not in json.dumps(found) + service.log.read_text()
    expect_problem(call(manager, "POST", f"{path}/resend"), 409, "webhook_delivery_pending")
    receiver.says(200)
    service.wait_for(lambda: call(manager, "GET", path).json()["state"] == "delivered", advance=10)
    assert call(manager, "POST", f"{path}/resend").status_code == 202
    sent = arrived(service, receiver, 3)
    assert {headers["webhook-id"] for headers, _body in sent} == {queued["id"]}
    listed = call(manager, "GET", f"/{endpoint['id']}/deliveries").json()
    assert [one["id"] for one in listed["data"]] == [queued["id"]]
    shown = service.run("partners", "webhooks", "deliveries", "hotel", endpoint["id"], "--json")
    assert [one["id"] for one in json.loads(shown.stdout)] == [queued["id"]]


def test_an_endpoint_is_read_changed_switched_and_removed(manager: Partner, receiver: Gateway) -> None:
    made = added(manager, receiver)
    path = f"/{made['id']}"
    read = call(manager, "GET", path).json()
    assert read == {name: value for name, value in made.items() if name != "secret"}
    assert read in call(manager, "GET", "").json()["data"]
    changed = call(manager, "PATCH", path, {"event_types": ["api_key.created"]}).json()
    assert (changed["event_types"], changed["url"]) == (["api_key.created"], made["url"])
    off = call(manager, "POST", f"{path}/disable").json()
    assert (off["state"], off["disabled_because"]) == ("disabled", "partner")
    expect_problem(call(manager, "POST", f"{path}/test"), 409, "webhook_endpoint_disabled")
    assert call(manager, "POST", f"{path}/enable").json()["state"] == "active"
    assert call(manager, "DELETE", path).status_code == 204
    expect_problem(call(manager, "GET", path), 404, "webhook_endpoint_unknown")


def test_addresses_that_no_server_needs_and_unknown_events_are_refused(manager: Partner) -> None:
    for url in ("ftp://hotel.example/", "https://user:pw@hotel.example/", "https://hotel.example/#x", "nothing"):
        body = {"url": url, "event_types": ["request.finished"]}
        expect_problem(manager.post(ENDPOINTS, body), 422, "webhook_url_invalid")
    for types in ([], ["webhook.test"], ["no.such"]):
        answer = manager.post(ENDPOINTS, {"url": "https://hotel.example/", "event_types": types})
        expect_problem(answer, 422, "input_invalid")


def test_it_takes_a_key_of_its_own_scope_and_shows_nothing_of_another_partner(
    hotel: Partner, library: Partner, service: Service, endpoint: dict[str, Any]
) -> None:
    made = service.run("partners", "keys", "create", "hotel", "--label", "till", *BY)
    till = replace(hotel, api_key=json.loads(made.stdout)["api_key"])
    expect_problem(till.get(ENDPOINTS), 403, "scope_missing")
    made = service.run("partners", "keys", "create", "library", "--label", "hooks", "--scope", "webhooks:write", *BY)
    other = replace(library, api_key=json.loads(made.stdout)["api_key"])
    assert other.get(ENDPOINTS).json() == {"data": []}
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/test"), ("GET", "/deliveries")):
        expect_problem(call(other, method, f"/{endpoint['id']}{path}"), 404, "webhook_endpoint_unknown")


def test_the_same_idempotency_key_adds_one_endpoint(manager: Partner, receiver: Gateway) -> None:
    body = {"url": receiver.url, "event_types": ["request.expired"]}
    first, second = (manager.post(ENDPOINTS, body, idempotency_key="hooks-1").json() for _ in range(2))
    assert first == second
    expect_problem(
        manager.post(ENDPOINTS, body | {"url": "https://x.example/"}, idempotency_key="hooks-1"),
        409,
        "idempotency_key_reused",
    )
    call(manager, "DELETE", f"/{first['id']}")
