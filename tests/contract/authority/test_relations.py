"""What the authority port promises about a guardian and a ward."""

from __future__ import annotations

import pytest

from eztong.adapters.authority.environment import AuthorityEnvironment
from eztong.adapters.authority.personas import PERSONAS, Persona
from eztong.adapters.authority.protocol import AuthorityKeys, QuestionRefused, ReplayMemory
from eztong.adapters.authority.registry import Fault
from eztong.adapters.authority.relation_wire import (
    RelationMessage,
    open_relation_answer,
    open_relation_question,
    render_relation_answer,
    render_relation_question,
)
from eztong.domain.errors import AuthorityAnswerInvalid, AuthorityUnavailable
from eztong.domain.guardianship.relation import Relation, RelationAnswer, RelationQuestion, Subject
from eztong.domain.identity.real_name import parse_real_name
from tests.contract.authority.conftest import World, new_reference
from tests.contract.authority.stage import START, ClientKey, make_authority_keys, number

CHILD, MINOR, PARENT, STRANGER = (PERSONAS[key] for key in ("P09", "P08", "P10", "P02"))
A = RelationAnswer


def subject(persona: Persona, name: str = "") -> Subject:
    return Subject(parse_real_name(name or persona.name), number(persona.number))


def question(ward: Subject, guardian: Subject, relation: Relation = Relation.PARENT) -> RelationQuestion:
    return RelationQuestion(reference=new_reference(), relation=relation, ward=ward, guardian=guardian)


MESSAGE = RelationMessage(message_id="m" * 32, sent_at=START, asked=question(subject(CHILD), subject(PARENT)))


@pytest.mark.parametrize("ward", [CHILD, MINOR])
def test_a_parent_is_confirmed_and_a_stranger_is_not(world: World, ward: Persona) -> None:
    assert world.authority.relation(question(subject(ward), subject(PARENT))) is A.CONFIRMED
    assert world.authority.relation(question(subject(ward), subject(STRANGER))) is A.DENIED


def test_a_name_that_does_not_fit_its_number_is_denied(world: World) -> None:
    for ward, guardian in ((subject(CHILD, "测别人"), subject(PARENT)), (subject(CHILD), subject(PARENT, "测别人"))):
        assert world.authority.relation(question(ward, guardian)) is A.DENIED


def test_what_the_records_do_not_hold_is_for_people_to_decide(world: World) -> None:
    assert world.authority.relation(question(subject(CHILD), subject(STRANGER), Relation.GRANDPARENT)) is A.UNKNOWN
    assert world.authority.relation(question(subject(PERSONAS["P01"]), subject(STRANGER))) is A.UNKNOWN


def test_silence_and_a_garbled_answer_decide_nothing(world: World) -> None:
    for fault, error in ((Fault.DOWN, AuthorityUnavailable), (Fault.GARBLED, AuthorityAnswerInvalid)):
        world.registry.set_fault(fault)
        with pytest.raises(error):
            world.authority.relation(MESSAGE.asked)
        world.registry.set_fault(Fault.NONE)
    assert world.authority.relation(MESSAGE.asked) is A.CONFIRMED


def test_a_question_is_answered_once_and_only_to_who_is_registered_and_names_are_encrypted() -> None:
    keys, client, memory = make_authority_keys(), ClientKey(), ReplayMemory()
    clients = {client.key_id: client.private.public_key()}
    text = render_relation_question(MESSAGE, pin=keys.pin(), sign=client.sign)
    assert CHILD.number.encode() not in text
    assert CHILD.name.encode() not in text
    assert open_relation_question(text, clients=clients, keys=keys, memory=memory, now=START) == MESSAGE
    for senders in (clients, {}):
        with pytest.raises(QuestionRefused):
            open_relation_question(text, clients=senders, keys=keys, memory=memory, now=START)
    with pytest.raises(QuestionRefused):
        open_relation_question(text, clients=clients, keys=make_authority_keys(), memory=ReplayMemory(), now=START)


def answered(keys: AuthorityKeys, **changed: str) -> bytes:
    asked = RelationQuestion(
        reference=changed.get("reference", MESSAGE.asked.reference),
        relation=Relation.PARENT,
        ward=MESSAGE.asked.ward,
        guardian=MESSAGE.asked.guardian,
    )
    message = RelationMessage(
        message_id=changed.get("message_id", MESSAGE.message_id), sent_at=MESSAGE.sent_at, asked=asked
    )
    return render_relation_answer(A.CONFIRMED, message, environment=AuthorityEnvironment.SANDBOX, sign=keys.sign)


@pytest.mark.parametrize("changed", [{"message_id": "x" * 32}, {"reference": "another"}])
def test_the_answer_to_something_else_is_none(changed: dict[str, str]) -> None:
    keys = make_authority_keys()
    with pytest.raises(AuthorityAnswerInvalid):
        open_relation_answer(answered(keys, **changed), pin=keys.pin(), message=MESSAGE, live_only=False, now=START)


def test_an_authority_of_invented_people_confirms_nobody_for_a_live_service() -> None:
    keys = make_authority_keys()
    with pytest.raises(AuthorityAnswerInvalid):
        open_relation_answer(answered(keys), pin=keys.pin(), message=MESSAGE, live_only=True, now=START)
