"""Whatever is sent to a call of the API, the answer is one that its own OpenAPI document describes; never a 5xx.

Schemathesis makes requests from the document that the running service serves: right ones, and ones that are wrong in
one place. The seed is fixed and the number of examples bounded, so that a run is the same run again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.simulators.service import Service, running

EXAMPLES = 60
SEED = 20260115
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
READS = [
    ("GET", "/v1/verifications"),
    ("GET", "/v1/verifications/{verification_id}"),
    ("GET", "/v1/verifications/{verification_id}/proof"),
    ("GET", "/v1/verifications/{verification_id}/bundle"),
    ("GET", "/v1/requests"),
    ("GET", "/v1/requests/{request_id}"),
    ("GET", "/v1/events"),
    ("GET", "/v1/webhook-endpoints"),
    ("GET", "/v1/webhook-endpoints/{endpoint_id}"),
    ("GET", "/v1/webhook-endpoints/{endpoint_id}/deliveries"),
    ("GET", "/v1/webhook-endpoints/{endpoint_id}/deliveries/{message_id}"),
]
WRITES = [
    ("POST", "/v1/verifications"),
    ("POST", "/v1/requests"),
    ("POST", "/v1/erasure-requests/{erasure_id}/answer"),
    ("POST", "/v1/webhook-endpoints"),
    ("PATCH", "/v1/webhook-endpoints/{endpoint_id}"),
    ("DELETE", "/v1/webhook-endpoints/{endpoint_id}"),
    ("POST", "/v1/webhook-endpoints/{endpoint_id}/rotate-secret"),
    ("POST", "/v1/webhook-endpoints/{endpoint_id}/disable"),
    ("POST", "/v1/webhook-endpoints/{endpoint_id}/enable"),
    ("POST", "/v1/webhook-endpoints/{endpoint_id}/test"),
    ("POST", "/v1/webhook-endpoints/{endpoint_id}/deliveries/{message_id}/resend"),
    ("POST", "/v1/test_helpers/operators/{name}/sessions"),
    ("POST", "/v1/test_helpers/people/{name}/sessions"),
    ("POST", "/v1/test_helpers/holders"),
    ("POST", "/v1/test_helpers/holders/{holder_id}/codes"),
    ("POST", "/v1/test_helpers/holders/{holder_id}/freeze"),
    ("POST", "/v1/test_helpers/holders/{holder_id}/sessions"),
    ("POST", "/v1/test_helpers/requests/{request_id}/approve"),
    ("POST", "/v1/test_helpers/requests/{request_id}/decline"),
    ("POST", "/v1/test_helpers/requests/{request_id}/start"),
]
# They change what every other call means: the time, and whether the authority answers.
SWITCHES = [("POST", "/v1/test_helpers/clock"), ("POST", "/v1/test_helpers/authority")]
WITHOUT_INPUT = [("GET", "/.well-known/eztong-keys.json"), ("GET", "/v1/status")]
PERSONA = "P01"
FROZEN_PERSONA = "P02"
SCENE = "hotel_check_in"
Call = tuple[str, str]
AnyCase = schemathesis.Case[Any]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("fuzz") / "var") as started:
        yield started


@pytest.fixture(scope="module")
def document(service: Service) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{service.url}/v1/openapi.json")


@dataclass
class Reality:
    """Things that exist, so that not every request ends at a 404."""

    service: Service
    holder_id: str
    frozen_id: str
    endpoint_id: str = ""
    key: str = ""
    """Of a key that may manage webhooks."""

    def put_into(self, case: AnyCase) -> None:
        """Put ids that exist into the path; a living code and an own scene into the body, where those are asked for."""
        for name in (case.path_parameters or {}).keys() & {"holder_id", "verification_id", "request_id", "endpoint_id"}:
            if case.method != "DELETE":
                case.path_parameters[name] = self.id_of(name, case.path)
        if isinstance(case.body, dict):
            body: dict[str, Any] = case.body
            if "code" in body:
                body["code"] = self.code()
            if "scene" in body:
                body["scene"] = SCENE

    def id_of(self, name: str, path: str) -> str:
        hotel = self.service.partners["hotel"]
        if name == "endpoint_id":
            return self.endpoint_id
        if name == "holder_id":
            return self.frozen_id if path.endswith("/freeze") else self.holder_id
        if name == "request_id":
            return str(hotel.post("/v1/requests", {"scene": SCENE}).json()["id"])
        return str(hotel.verify(self.code(), SCENE).json()["id"])

    def code(self) -> str:
        return str(self.service.code(self.holder_id)["qr"])


@pytest.fixture(scope="module")
def reality(service: Service) -> Reality:
    url = ("--url", "http://127.0.0.1:9/hooks")
    made = service.run("partners", "webhooks", "add", "hotel", *url, "--operator", "demo-li", "--json")
    scope = ("--label", "fuzz", "--scope", "webhooks:write", "--json")
    key = service.run("partners", "keys", "create", "hotel", *scope, "--operator", "demo-li")
    return Reality(
        service,
        service.holder(PERSONA)["id"],
        service.holder(FROZEN_PERSONA)["id"],
        json.loads(made.stdout)["id"],
        json.loads(key.stdout)["api_key"],
    )


def send(case: AnyCase, reality: Reality) -> None:
    """Send the request as a partner, and check the answer against the document."""
    service = reality.service
    key = reality.key if "webhook" in case.path else service.partners["hotel"].api_key
    case.call_and_validate(base_url=service.url, headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)


def fuzz(call: Call, mode: GenerationMode, document: schemathesis.BaseSchema, reality: Reality) -> None:
    """Send many requests of one call; about every second one names things that exist."""
    method, path = call
    operation = document[path][method]

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode), is_real=st.booleans())
    def check(case: AnyCase, *, is_real: bool) -> None:
        if is_real:
            reality.put_into(case)
        send(case, reality)

    check()


@pytest.mark.parametrize("call", [*READS, *WRITES, *WITHOUT_INPUT], ids=" ".join)
def test_right_requests_get_answers_that_the_document_describes(
    call: Call, document: schemathesis.BaseSchema, reality: Reality
) -> None:
    fuzz(call, GenerationMode.POSITIVE, document, reality)


@pytest.mark.parametrize("call", [*READS, *WRITES], ids=" ".join)
def test_wrong_requests_get_answers_that_the_document_describes(
    call: Call, document: schemathesis.BaseSchema, reality: Reality
) -> None:
    fuzz(call, GenerationMode.NEGATIVE, document, reality)


@pytest.mark.parametrize("mode", GenerationMode)
def test_the_switches_answer_as_described_too(mode: GenerationMode, tmp_path: Path) -> None:
    with running(tmp_path / "var") as own:
        document = schemathesis.openapi.from_url(f"{own.url}/v1/openapi.json")
        for call in SWITCHES:
            fuzz(call, mode, document, Reality(own, "", ""))


def test_no_call_of_the_document_is_left_out(document: schemathesis.BaseSchema) -> None:
    found = [result.ok() for result in document.get_all_operations() if isinstance(result, Ok)]
    described = {(operation.method.upper(), operation.path) for operation in found}
    assert described == {*READS, *WRITES, *WITHOUT_INPUT, *SWITCHES}
