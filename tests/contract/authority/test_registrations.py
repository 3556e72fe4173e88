"""What the authority port promises about a registration that exists: how it stands, and that it has ended."""

from __future__ import annotations

import json

import httpx
import pytest

from eztong.adapters.authority.environment import AuthorityEnvironment
from eztong.adapters.authority.personas import PERSONAS
from eztong.adapters.authority.protocol import AuthorityKeys, QuestionRefused, ReplayMemory
from eztong.adapters.authority.registration_wire import (
    RegistrationAct,
    RegistrationQuestion,
    open_registration_answer,
    open_registration_question,
    render_registration_answer,
    render_registration_question,
)
from eztong.adapters.authority.registry import Fault
from eztong.domain.errors import AuthorityAnswerInvalid, AuthorityUnavailable
from eztong.domain.identity.authority_answer import RegistrationStatus
from tests.contract.authority.conftest import RunningServer, World, new_reference
from tests.contract.authority.stage import START, ClientKey, make_authority_keys

P01 = PERSONAS["P01"]
QUESTION = RegistrationQuestion(message_id="m" * 32, sent_at=START, reference="case-1", act=RegistrationAct.REVOKE)
S = RegistrationStatus


def test_a_match_is_a_registration_until_it_is_ended_and_ending_twice_is_the_same(world: World) -> None:
    reference = new_reference()
    assert world.authority.status(reference=reference) is S.UNKNOWN
    world.ask(P01.name, P01.number, reference)
    assert world.authority.status(reference=reference) is S.ACTIVE
    assert [world.authority.revoke(reference=reference) for _ in range(2)] == [S.REVOKED] * 2
    assert world.authority.status(reference=reference) is S.REVOKED


def test_what_never_matched_has_nothing_to_end(world: World) -> None:
    reference = new_reference()
    world.ask("测三三", P01.number, reference)
    assert world.authority.revoke(reference=reference) is S.UNKNOWN


def test_whoever_comes_back_is_another_registration(world: World) -> None:
    first, second = new_reference(), new_reference()
    before = world.ask(P01.name, P01.number, first)
    world.authority.revoke(reference=first)
    assert world.ask(P01.name, P01.number, second).eid_mark == before.eid_mark
    assert world.authority.status(reference=second) is S.ACTIVE


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.TIMEOUT])
def test_silence_decides_nothing(world: World, fault: Fault) -> None:
    reference = new_reference()
    world.ask(P01.name, P01.number, reference)
    world.registry.set_fault(fault)
    with pytest.raises(AuthorityUnavailable):
        world.authority.revoke(reference=reference)
    world.registry.set_fault(Fault.NONE)
    assert world.registry.standing(reference, ends=False) is S.ACTIVE


def test_an_answer_whose_signature_does_not_hold_is_none(world: World) -> None:
    world.registry.set_fault(Fault.GARBLED)
    try:
        with pytest.raises(AuthorityAnswerInvalid):
            world.authority.status(reference=new_reference())
    finally:
        world.registry.set_fault(Fault.NONE)


def answered(keys: AuthorityKeys, **changed: str) -> bytes:
    asked = RegistrationQuestion(
        message_id=changed.get("message_id", QUESTION.message_id),
        sent_at=QUESTION.sent_at,
        reference=changed.get("reference", QUESTION.reference),
        act=QUESTION.act,
    )
    return render_registration_answer(S.REVOKED, asked, environment=AuthorityEnvironment.SANDBOX, sign=keys.sign)


@pytest.mark.parametrize("changed", [{"message_id": "x" * 32}, {"reference": "case-2"}])
def test_the_answer_to_something_else_is_none(changed: dict[str, str]) -> None:
    keys = make_authority_keys()
    with pytest.raises(AuthorityAnswerInvalid):
        open_registration_answer(
            answered(keys, **changed), pin=keys.pin(), question=QUESTION, live_only=False, now=START
        )


def test_an_authority_of_invented_people_is_not_believed_by_a_live_service() -> None:
    keys = make_authority_keys()
    with pytest.raises(AuthorityAnswerInvalid):
        open_registration_answer(answered(keys), pin=keys.pin(), question=QUESTION, live_only=True, now=START)


def test_a_question_is_answered_once_and_only_to_who_is_registered() -> None:
    keys, client, memory = make_authority_keys(), ClientKey(), ReplayMemory()
    clients = {client.key_id: client.private.public_key()}
    text = render_registration_question(QUESTION, pin=keys.pin(), sign=client.sign)
    opened = open_registration_question(text, clients=clients, keys=keys, memory=memory, now=START)
    assert opened == QUESTION
    for senders in (clients, {}):
        with pytest.raises(QuestionRefused):
            open_registration_question(text, clients=senders, keys=keys, memory=memory, now=START)


def test_the_address_must_say_what_the_signature_says(server: RunningServer) -> None:
    text = render_registration_question(QUESTION, pin=server.keys.pin(), sign=server.client.sign)
    refused = httpx.post(f"{server.address}/v1/status", content=text)
    assert (refused.status_code, json.loads(refused.text)["code"]) == (400, "malformed")
