"""A partner answers an erasure request: once, in its own name, about its own code (2.13; PIPL art. 47)."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.deregistration.partner_event import (
    ErasureAnswer,
    ErasureAnswered,
    ErasureReply,
    ErasureUnknown,
    EventId,
    PartnerEvent,
    check_answer,
    event_of,
)
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import Caller
from eztong.ports.act import Act
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.idempotency import IdempotencyKey, find_earlier, remember


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerErasure:
    """The caller's answer to the erasure request of one of its events."""

    caller: Caller
    erasure_id: str
    answer: ErasureReply
    idempotency: IdempotencyKey | None = None


def answer_erasure(act: Act, command: AnswerErasure) -> PartnerEvent:
    """Store the answer, and return the event with it; the same answer again changes nothing.

    1. The request came with an event of the caller's that was told and is still kept.
    2. The answer says all that it must, and nothing of a person.
    3. The first answer stands. It is attested, without the partner code and without the words of the law.

    Raises:
        ErasureUnknown: there is no such request of the caller's.
        AnswerInvalid: the answer says too little, or too much.
        ErasureAnswered: it was answered otherwise.
        IdempotencyConflict: the key was used with another body.
    """
    partner_id = command.caller.partner.partner_id
    earlier = find_earlier(command.idempotency, partner_id=partner_id, stored=act.uow)
    if earlier is not None:
        return _told(act, partner_id, EventId(earlier))
    found = _told(act, partner_id, event_of(command.erasure_id))
    if found.answered != command.answer:
        check_answer(command.answer, now=act.now)
    answered = found.with_answer(command.answer, now=act.now)
    if found.answered is None:
        if not act.uow.partner_events.answer(answered):
            raise ErasureAnswered
        _attest(act, answered, command.answer)
    remember(act, command.idempotency, partner_id=partner_id, resource_id=answered.event_id)
    return answered


def _told(act: Act, partner_id: PartnerId, event_id: EventId) -> PartnerEvent:
    found = act.uow.partner_events.get(partner_id, event_id)
    if found is None or not found.is_told(now=act.now):
        raise ErasureUnknown
    return found


def _attest(act: Act, event: PartnerEvent, answer: ErasureReply) -> None:
    facts = {"partner": event.partner_id, "answer": answer.answer.value}
    if answer.answer is ErasureAnswer.KEPT and answer.until is not None:
        facts["until"] = answer.until.isoformat()
    done = WhatWasDone(kind=ActKind.ERASURE_ANSWERED, subject=event.event_id, facts=facts, reason=answer.law)
    attest_act(act, done)
