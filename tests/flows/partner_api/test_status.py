"""What partners' programs learn of an incident: ``/v1/status``, and a header on every answer meanwhile (4.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulators.service import Service, running

HEADER = "x-eztong-notice"
SCENE = "hotel_check_in"
SAID = ("--effect-zh", "部分用户打不开亮码页面", "--effect-en", "Some people cannot open the code page")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("status") / "data"
    with running(folder) as served:
        yield served


def command(service: Service, *words: str) -> str:
    done = service.run("incidents", *words, "--operator", "demo-li", "--json")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["id"])


def status(service: Service) -> dict[str, Any]:
    answer = service.http.get("/v1/status")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def answers(service: Service) -> dict[str, httpx.Response]:
    """Return an answer of each kind: directly, by the framework, refused, and of pages."""
    key = service.partners["hotel"].api_key
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    body = json.dumps({"code": service.code(service.somebody())["qr"], "scene": SCENE}).encode()
    return {
        "direct": service.http.post("/v1/verifications", content=body, headers=headers),
        "ordinary": service.http.post("/v1/verifications", content=iter([body]), headers=headers),
        "listed": service.partners["hotel"].get("/v1/verifications"),
        "refused": service.http.get("/v1/verifications"),
        "nowhere": service.http.get("/v1/nothing"),
        "page": service.http.get("/status"),
    }


def test_answers_to_partners_carry_the_header_while_an_incident_is_open(service: Service) -> None:
    assert not any(HEADER in answer.headers for answer in answers(service).values())
    incident_id = command(service, "open", "--kind", "network", "--affects", "codes", *SAID)
    service.wait_for(lambda: status(service)["state"] == "incident")
    told = {name: answer.headers.get(HEADER) for name, answer in answers(service).items()}
    page = told.pop("page")
    assert (set(told.values()), page) == ({f"{incident_id};kind=network"}, None)
    command(service, "end", incident_id)
    service.wait_for(lambda: status(service)["state"] == "ok")
    assert not any(HEADER in answer.headers for answer in answers(service).values())


def test_the_direct_way_alone_learns_of_it_too(service: Service) -> None:
    """No page and no other call looks meanwhile."""
    incident_id = command(service, "open", *SAID)
    key = service.partners["hotel"].api_key

    def told() -> bool:
        headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        return HEADER in service.http.post("/v1/verifications", content=b"{", headers=headers).headers

    service.wait_for(told)
    command(service, "end", incident_id)
    service.wait_for(lambda: not told())


def test_an_open_incident_changes_no_result(service: Service) -> None:
    incident_id = command(service, "open", *SAID)
    service.wait_for(lambda: status(service)["state"] == "incident")
    answered = service.partners["hotel"].verify(service.code(service.somebody())["qr"], SCENE).json()
    assert answered["outcome"] == "passed"
    assert incident_id not in json.dumps(answered)
    command(service, "end", incident_id)
    service.wait_for(lambda: status(service)["state"] == "ok")


def test_the_document_is_what_the_interface_describes(service: Service) -> None:
    """The schema names every member, and each list holds what belongs there."""
    incident_id = command(service, "open", *SAID, "--workaround-zh", "换一个网络", "--workaround-en", "Move")
    service.wait_for(lambda: status(service)["state"] == "incident")
    document = status(service)
    assert [one["id"] for one in document["current"]] == [incident_id]
    (found,) = document["current"]
    assert found["workaround"] == {"zh-CN": "换一个网络", "en": "Move"}
    assert [(one["step"], one["text"]) for one in found["updates"]] == [("opened", None)]
    schemas = service.http.get("/v1/openapi.json").json()["components"]["schemas"]
    assert set(document) == set(schemas["ServiceStatus"]["properties"])
    assert set(found) == set(schemas["IncidentEntry"]["properties"])
    assert set(found["effect"]) == set(schemas["IncidentText"]["properties"])
    command(service, "end", incident_id, "--words-zh", "已恢复", "--words-en", "Back")
    service.wait_for(lambda: status(service)["state"] == "ok")
    past = status(service)["past"]
    assert (past[0]["id"], past[0]["phase"]) == (incident_id, "ended")
    assert past[0]["updates"][-1]["text"] == {"zh-CN": "已恢复", "en": "Back"}
    assert "demo-li" not in json.dumps(past)


def test_probes_and_numbers_say_what_is_open_and_stay_ready(service: Service) -> None:
    incident_id = command(service, "open", "--kind", "attack", *SAID)
    service.wait_for(lambda: status(service)["state"] == "incident")
    ready = service.http.get("/readyz")
    assert (ready.status_code, ready.text) == (200, f"ready\nauthority: sandbox\nopen: {incident_id} attack\n")
    assert "eztong_incidents_open 1.0" in service.http.get("/metrics").text
    doctor = json.loads(service.run("doctor", "--json").stdout)
    (found,) = [one for one in doctor["findings"] if one["check"] == "EZT014"]
    assert (found["severity"], incident_id in found["message"]) == ("ok", True)
    command(service, "end", incident_id)
    service.wait_for(lambda: status(service)["state"] == "ok")
    assert service.http.get("/readyz").text == "ready\nauthority: sandbox\n"
    assert "eztong_incidents_open 0.0" in service.http.get("/metrics").text
