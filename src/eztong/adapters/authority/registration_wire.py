"""The authority protocol's messages about a registration that exists: how it stands, and that it has ended.

Both ask by the reference of the application and send nothing of the person. Question: ``version, message_id, sent_at,
reference, recipient, act``, where ``act`` is ``status`` or ``revoke``. Answer: ``version, in_reply_to, answered_at,
reference, status, environment``. Envelopes, window and message ids are those of every question
(:mod:`~eztong.adapters.authority.protocol`); the contexts are their own, so that no message passes for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eztong.adapters.authority.envelope import Context, seal_envelope
from eztong.adapters.authority.environment import AuthorityEnvironment
from eztong.adapters.authority.protocol import (
    AnswerFits,
    AuthorityKeys,
    AuthorityPin,
    MessageHead,
    ReplayMemory,
    Signer,
    answer_errors,
    answer_payload,
    check_recipient,
    check_taken,
    question_errors,
    question_payload,
    read_word,
    verified_answer,
    verified_question,
)
from eztong.domain.identity.authority_answer import RegistrationStatus
from eztong.gm.sm2 import PublicKey


class RegistrationAct(StrEnum):
    """What a message asks; the value is its address below ``/v1``, too."""

    STATUS = "status"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationQuestion(MessageHead):
    """One message of a client about a registration."""

    act: RegistrationAct


def render_registration_question(question: RegistrationQuestion, *, pin: AuthorityPin, sign: Signer) -> bytes:
    """Return the signed message."""
    payload = question_payload(question, pin=pin, about={"act": question.act.value})
    return seal_envelope(Context.REGISTRATION_QUESTION, payload, sign=sign)


def open_registration_question(
    text: bytes, *, clients: Mapping[str, PublicKey], keys: AuthorityKeys, memory: ReplayMemory, now: datetime | None
) -> RegistrationQuestion:
    """Return the question in ``text``, verified as :func:`~eztong.adapters.authority.wire.open_question` verifies.

    Raises:
        QuestionRefused: the first check that fails says why.
    """
    with question_errors():
        head, document = verified_question(text, Context.REGISTRATION_QUESTION, clients=clients, about={"act"})
        act = read_word(document, "act", RegistrationAct)
        check_taken(head, memory=memory, now=now)
        check_recipient(document, keys=keys)
    return RegistrationQuestion(message_id=head.message_id, sent_at=head.sent_at, reference=head.reference, act=act)


def render_registration_answer(
    status: RegistrationStatus, question: RegistrationQuestion, *, environment: AuthorityEnvironment, sign: Signer
) -> bytes:
    """Return the signed answer to ``question``."""
    payload = answer_payload(
        in_reply_to=question.message_id,
        reference=question.reference,
        answered_at=question.sent_at,
        environment=environment,
        about={"status": status.value},
    )
    return seal_envelope(Context.REGISTRATION_ANSWER, payload, sign=sign)


def open_registration_answer(
    unverified_text: bytes, *, pin: AuthorityPin, question: RegistrationQuestion, live_only: bool, now: datetime
) -> RegistrationStatus:
    """Return what the authority answers to ``question``, verified.

    Raises:
        AuthorityAnswerInvalid: signature, message, time, environment or status do not hold.
    """
    expected = AnswerFits(in_reply_to=question.message_id, reference=question.reference, now=now, live_only=live_only)
    with answer_errors():
        document = verified_answer(
            unverified_text, Context.REGISTRATION_ANSWER, pin=pin, expected=expected, about={"status"}
        )
        return read_word(document, "status", RegistrationStatus)
