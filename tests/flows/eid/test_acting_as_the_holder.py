"""The sandbox's test helpers act as the holder of a flow, by its EidToken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from eztong.domain.eid.eid_flow import EidCode, FlowSettings, Recipient
from eztong.domain.eid.identity_envelope import PointPrefix
from eztong.domain.eid.intention import Intention, IntentionMode
from eztong.domain.requests.request import RequestState
from eztong.gm.sm2 import PrivateKey
from eztong.usecases.eid.open_eid_flow import OpenedEidFlow
from eztong.wiring.asgi import build_application
from tests.flows.eid.stage import Signing

RECIPIENT = Recipient(PrivateKey.from_scalar(99).public_key().to_spki(), PointPrefix.UNCOMPRESSED)
READ = Intention(mode=IntentionMode.READ_ALOUD, text="我自愿签署这份合同。")


@pytest.fixture(scope="module")
def client(signing: Signing) -> Iterator[TestClient]:
    """A client of the whole service; its database closes with it."""
    with TestClient(build_application(signing.built)) as made:
        yield made


def act(client: TestClient, opened: OpenedEidFlow, verb: str, **body: Any) -> httpx.Response:  # noqa: ANN401 - as JSON has it
    """Act as the holder."""
    answer: httpx.Response = client.post(f"/v1/test_helpers/requests/{opened.flow.eid_token}/{verb}", json=body)
    return answer


def test_start_marks_the_flow_doing_and_again_changes_nothing(client: TestClient, signing: Signing) -> None:
    opened = signing.open()
    for _ in range(2):
        answer = act(client, opened, "start", persona="P01")
        assert answer.json() == {"id": opened.request.request_id, "state": "doing"}
    assert signing.status(opened) is RequestState.DOING


def test_approve_passes_as_the_persona_that_is_named(client: TestClient, signing: Signing) -> None:
    codes = set()
    for persona in ("P01", "P02"):
        opened = signing.open(FlowSettings(intention=READ, recipient=RECIPIENT))
        answer = act(client, opened, "approve", persona=persona)
        assert answer.json()["outcome"] == "passed"
        result = signing.result(opened)
        assert result.flow.ending is not None
        assert result.flow.ending.user_info
        codes.add(result.partner_code)
    assert len(codes) == 2


def test_what_is_not_allowed_is_not_released(client: TestClient, signing: Signing) -> None:
    opened = signing.open(FlowSettings(recipient=RECIPIENT))
    act(client, opened, "approve", allow=["is_person"]).raise_for_status()
    ending = signing.result(opened).flow.ending
    assert ending is not None
    assert ending.user_info == ""


def test_decline_is_finished_without_passing(client: TestClient, signing: Signing) -> None:
    opened = signing.open()
    assert act(client, opened, "decline").json()["outcome"] == "declined"
    assert signing.result(opened).code is EidCode.NOT_FINISHED


@pytest.mark.parametrize(
    ("face", "code"),
    [(["not_live"], EidCode.NOT_LIVE), (["not_live", "not_same_person"], EidCode.NOT_SAME_PERSON)],
)
def test_the_face_check_finds_what_it_is_told(
    client: TestClient, signing: Signing, face: list[str], code: EidCode
) -> None:
    opened = signing.open()
    assert act(client, opened, "approve", face=face).json()["outcome"] == "not_passed"
    result = signing.result(opened)
    assert result.code is code
    assert len(result.flow.tries) == len(face)


def test_a_wrong_confirmation_answers_nothing(client: TestClient, signing: Signing) -> None:
    opened = signing.open(FlowSettings(intention=READ))
    assert act(client, opened, "approve", confirm=["我不愿意"]).status_code == 422
    assert signing.result(opened).code is EidCode.NOT_FINISHED


def test_there_is_nothing_behind_a_token_that_nobody_opened(client: TestClient) -> None:
    answer = client.post("/v1/test_helpers/requests/00000000-0000-4000-8000-000000000000/approve")
    assert answer.status_code == 404


def test_the_flow_is_a_request_of_the_partner_api_too(client: TestClient, signing: Signing) -> None:
    opened = signing.open()
    answer = client.post(f"/v1/test_helpers/requests/{opened.request.request_id}/approve", json={"persona": "P01"})
    assert answer.json()["outcome"] == "passed"
    assert signing.result(opened).code is EidCode.PASSED
