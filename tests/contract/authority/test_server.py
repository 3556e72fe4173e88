"""The authority's server against clients that do not keep to the protocol."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from time import monotonic

import httpx
import pytest
from structlog.testing import capture_logs

from eztong.adapters.authority.envelope import key_id_of
from eztong.adapters.authority.environment import AuthorityEnvironment
from eztong.adapters.authority.health import open_health
from eztong.adapters.authority.personas import PERSONAS
from eztong.adapters.authority.registry import Fault
from eztong.adapters.authority.server import build_authority_app
from eztong.adapters.authority.wire import AuthorityQuestion, open_answer, render_question
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.gm.sm2 import PublicKey
from tests.contract.authority.conftest import RunningServer, new_reference
from tests.contract.authority.stage import HANG_SECONDS, START, CountingEntropy, make_authority_keys, open_registry

P01 = PERSONAS["P01"]


def question() -> AuthorityQuestion:
    return AuthorityQuestion(
        message_id=CountingEntropy().token(16).hex(),
        sent_at=START,
        reference=new_reference(),
        document_type="01",
        number=P01.number,
        name=P01.name,
    )


def post(server: RunningServer, body: bytes, path: str = "/v1/match") -> httpx.Response:
    return httpx.post(server.address + path, content=body, timeout=60, trust_env=False)


def get(server: RunningServer, path: str) -> httpx.Response:
    return httpx.get(server.address + path, timeout=60, trust_env=False)


def sealed(server: RunningServer, asked: AuthorityQuestion) -> bytes:
    return render_question(asked, pin=server.keys.pin(), sign=server.client.sign)


def assert_problem(response: httpx.Response, status: int, code: str) -> None:
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"


def test_a_replayed_message_is_refused(server: RunningServer) -> None:
    """Whoever recorded a message learns nothing by sending it again."""
    message = sealed(server, question())
    assert post(server, message).status_code == 200
    assert_problem(post(server, message), 409, "replayed")


def test_the_time_is_the_clients(server: RunningServer) -> None:
    """The sandbox has no clock: it answers at the day and moment the signed question states."""
    asked = replace(question(), sent_at=START + timedelta(days=400), number=PERSONAS["P24"].number, name="测新名")
    text = post(server, sealed(server, asked)).content
    answer = open_answer(text, pin=server.keys.pin(), question=asked, live_only=False, now=asked.sent_at)
    assert answer.verdict is AuthorityVerdict.MATCHED


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b'{"payload":"e30=","key_id":"x"}', b'{"a":1,"a":2}'])
def test_what_is_no_envelope_is_malformed(server: RunningServer, body: bytes) -> None:
    """It is told so, without a word about the content."""
    assert_problem(post(server, body), 400, "malformed")


def test_a_changed_message_is_refused(server: RunningServer) -> None:
    """The signature covers every byte of the payload."""
    envelope = json.loads(sealed(server, question()))
    payload = base64.b64decode(envelope["payload"]).replace(b"application", b"applicatiom")
    envelope["payload"] = base64.b64encode(payload).decode()
    assert_problem(post(server, json.dumps(envelope).encode()), 401, "signature_invalid")


def test_an_unknown_client_is_refused(server: RunningServer) -> None:
    """A key that is not registered has no questions to ask."""
    envelope = json.loads(sealed(server, question())) | {"key_id": "somebody"}
    assert_problem(post(server, json.dumps(envelope).encode()), 401, "sender_unknown")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (replace(question(), number="110000199003070011"), "number_invalid"),
        (replace(question(), document_type="HM"), "number_invalid"),
        (replace(question(), name="12345"), "name_invalid"),
    ],
)
def test_what_cannot_be_looked_up_is_refused(server: RunningServer, asked: AuthorityQuestion, code: str) -> None:
    """Clients check numbers and names first; who does not is told which of the two is wrong."""
    assert_problem(post(server, sealed(server, asked)), 422, code)


def test_a_long_body_is_not_read(server: RunningServer) -> None:
    """16 KiB is the most, announced or not."""
    assert_problem(post(server, b"{" + b" " * (16 * 1024)), 413, "too_large")


def test_faults_are_switched_over_http(server: RunningServer) -> None:
    """The sandbox page drives the server; health tells the truth; an unknown fault changes nothing."""
    assert post(server, b'{"fault":"down"}', "/sandbox/fault").json() == {"fault": "down"}
    assert_problem(get(server, "/healthz"), 503, "down")
    assert_problem(post(server, sealed(server, question())), 503, "down")
    assert_problem(post(server, b'{"fault":"fire"}', "/sandbox/fault"), 422, "fault_unknown")
    assert server.registry.fault is Fault.DOWN
    assert get(server, "/sandbox/fault").json() == {"fault": "down"}
    assert post(server, b'{"fault":"none"}', "/sandbox/fault").status_code == 200
    assert get(server, "/healthz").json() == {"status": "ok"}


def test_health_is_signed_and_says_that_this_is_a_sandbox(server: RunningServer) -> None:
    """Whoever gives a challenge learns for certain whom he speaks to; an endless challenge is malformed."""
    text = get(server, "/healthz?challenge=0f0f").content
    environment = open_health(text, pin=server.keys.pin(), challenge="0f0f")
    assert environment is AuthorityEnvironment.SANDBOX
    assert_problem(get(server, f"/healthz?challenge={'0' * 129}"), 400, "malformed")


def test_a_time_out_really_takes_time(server: RunningServer) -> None:
    """A patient client sees how long it hangs, and that it ends."""
    server.registry.set_fault(Fault.TIMEOUT)
    started = monotonic()
    assert_problem(post(server, sealed(server, question())), 504, "timed_out")
    assert HANG_SECONDS <= monotonic() - started < HANG_SECONDS + 20


def test_keys_are_shown_for_pinning(server: RunningServer) -> None:
    """Both public keys, each with the id that envelopes name."""
    shown = get(server, "/keys").json()
    for purpose, key in (("signing", server.keys.pin().signing), ("encryption", server.keys.pin().encryption)):
        assert PublicKey.from_spki(base64.b64decode(shown[purpose]["spki"])) == key
        assert shown[purpose]["key_id"] == key_id_of(key)


def test_logs_hold_nothing_personal(server: RunningServer) -> None:
    """What is logged identifies messages, not people."""
    asked = question()
    with capture_logs() as logs:
        post(server, sealed(server, asked))
        post(server, sealed(server, asked))
    assert {entry["event"] for entry in logs} == {"sandbox_authority_asked", "sandbox_authority_refused"}
    for secret in (asked.name, asked.number, asked.number[6:14]):
        assert secret not in str(logs)


@pytest.mark.parametrize("seconds", [-1, 10.5])
def test_a_time_out_is_bounded(seconds: float) -> None:
    """Nobody can make the server hold requests for longer than ten seconds."""
    with pytest.raises(ValueError, match="time-out"):
        build_authority_app(open_registry(), keys=make_authority_keys(), clients={}, hang_seconds=seconds)
