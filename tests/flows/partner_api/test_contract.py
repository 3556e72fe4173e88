"""The published contract: OpenAPI 3.1, its examples, its page; and what an operator's probes ask."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import schemathesis

from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Partner, Service

SCENE = "hotel_check_in"
OPEN_TO_ANYBODY = {"/.well-known/eztong-keys.json", "/v1/status"}
"""Answered from memory, without a key: no limit counts them, and a store that is away refuses neither."""


@pytest.fixture(scope="module")
def document(service: Service) -> dict[str, Any]:
    found: dict[str, Any] = service.http.get("/v1/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, call) for path, item in document["paths"].items() for method, call in item.items()]


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(document).validate()
    for path, method, call in operations(document):
        assert call["description"], (path, method)
        if not path.startswith("/v1/test_helpers"):
            refused = {"429", "503"} & set(call["responses"])
            assert refused == (set() if path in OPEN_TO_ANYBODY else {"429", "503"}), path


def test_every_documented_problem_is_the_one_problem_document(document: dict[str, Any]) -> None:
    for path, method, call in operations(document):
        if path.startswith("/v1/test_helpers"):
            continue
        for status, answer in call["responses"].items():
            if status.startswith(("4", "5")) and "application/problem+json" in answer.get("content", {}):
                schema = answer["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/ProblemDocument"}, (path, method, status)


@pytest.mark.parametrize(("path", "partner"), [("/v1/verifications", "hotel"), ("/v1/requests", "game")])
def test_each_documented_example_is_understood(
    service: Service, document: dict[str, Any], path: str, partner: str
) -> None:
    schema = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema["examples"]
    for example in schema["examples"]:
        answer = service.partners[partner].post(path, example)
        if path == "/v1/requests":
            assert answer.status_code == 201, answer.text
        else:
            expect_problem(answer, 404, "code_unknown")


def test_the_page_asks_no_third_party_for_anything(service: Service) -> None:
    page = service.http.get("/v1/docs")
    assert page.status_code == 200
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert links
    assert {link for link in links if not link.startswith("/v1/docs/")} <= {"/", "/favicon.ico"}
    for link in links:
        assert service.http.get(link, follow_redirects=True).status_code == 200, link
    start = service.http.get("/v1/docs/start.js").text
    assert not re.search(r"https?://", start + page.text)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert not re.search(r"https?:|\*", policy)
    assert service.http.get("/v1/docs/../../etc/passwd").status_code == 404


def test_an_oversized_body_is_told_as_such_told_in_advance_or_not(hotel: Partner) -> None:
    body = json.dumps({"code": "8" * 70_000, "scene": SCENE}).encode()
    headers = {"authorization": f"Bearer {hotel.api_key}", "content-type": "application/json"}
    expect_problem(hotel.http.post("/v1/verifications", content=body, headers=headers), 413, "body_too_large")
    chunks = (body[n : n + 1000] for n in range(0, len(body), 1000))
    expect_problem(hotel.http.post("/v1/verifications", content=chunks, headers=headers), 413, "body_too_large")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[]", b'"text"', b"\xff\xfe", b"[" * 5000, b'{"code":"1","code":"2"', b"NaN"]
)
def test_a_body_that_is_no_object_is_invalid_input(hotel: Partner, body: bytes) -> None:
    headers = {"authorization": f"Bearer {hotel.api_key}", "content-type": "application/json"}
    expect_problem(hotel.http.post("/v1/verifications", content=body, headers=headers), 422, "input_invalid")
    expect_problem(hotel.http.post("/v1/requests", content=body, headers=headers), 422, "input_invalid")


def test_addresses_and_methods_that_do_not_exist_are_problems_too(service: Service) -> None:
    expect_problem(service.http.get("/v1/nothing"), 404, "not_found")
    for path in ("/v1/verifications", "/v1/requests"):
        refused = service.http.delete(path)
        expect_problem(refused, 405, "method_not_allowed")
        allowed = {method.strip() for method in refused.headers["allow"].split(",")}
        assert {"GET", "POST"} <= allowed, path


def test_every_answer_has_an_id_of_its_own_or_the_one_that_was_sent(service: Service) -> None:
    first, second = (service.http.get("/healthz").headers["x-request-id"] for _ in range(2))
    assert first != second
    sent = {"x-request-id": "caller-trace-0001"}
    assert service.http.get("/v1/verifications", headers=sent).json()["request_id"] == "caller-trace-0001"
    for odd in ("short", "x" * 65, "a b c d e f g", 'id"},{"forged":"line'):
        answer = service.http.get("/healthz", headers={"x-request-id": odd})
        assert answer.headers["x-request-id"] != odd


def test_personal_answers_are_never_cached(service: Service, hotel: Partner) -> None:
    made = expect_outcome(hotel.verify(service.code(service.somebody())["qr"], SCENE), "passed")["id"]
    for path in ("/v1/verifications", f"/v1/verifications/{made}", f"/v1/verifications/{made}/proof", "/v1/requests"):
        assert hotel.get(path).headers["cache-control"] == "no-store", path


def test_the_published_keys_say_what_verifies_proofs_and_nothing_secret(service: Service) -> None:
    answer = service.http.get("/.well-known/eztong-keys.json")
    file = answer.json()
    assert (file["format"], file["origin"]) == ("eztong/keys/v1", "eztong.localhost")
    assert [key["state"] for key in file["keys"]].count("active") == 1
    for key in file["keys"]:
        assert set(key) == {"key_id", "algorithm", "user_id", "spki", "state", "not_before", "retired_at"}
        assert key["algorithm"] == "SM2-SM3"
    assert "max-age" in answer.headers["cache-control"]


def test_probes_are_answered(service: Service) -> None:
    assert (service.http.get("/healthz").status_code, service.http.get("/healthz").text) == (200, "ok\n")
    ready = service.http.get("/readyz")
    assert (ready.status_code, ready.text) == (200, "ready\nauthority: sandbox\n")


def test_metrics_count_what_happened_without_naming_anybody(service: Service, hotel: Partner) -> None:
    def passed() -> float:
        text = service.http.get("/metrics").text
        found = re.search(r'^eztong_verifications_total\{outcome="passed"\} (\S+)$', text, re.MULTILINE)
        return 0.0 if found is None else float(found[1])

    before = passed()
    holder = service.somebody()
    expect_outcome(hotel.verify(service.code(holder)["qr"], SCENE), "passed")
    assert passed() == before + 1
    text = service.http.get("/metrics").text
    assert "eztong_commit_seconds_bucket" in text
    for secret in (holder, hotel.api_key):
        assert secret not in text


def test_metrics_tell_the_pages_of_every_door_apart(service: Service) -> None:
    for path in ("/register", "/healthz", "/v1/docs"):
        assert service.http.get(path).status_code == 200
        assert f'route="{path}"' in service.http.get("/metrics").text, path
