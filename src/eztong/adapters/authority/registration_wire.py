"""The authority protocol's messages about a registration that exists: how it stands, and that it has ended.

Both ask by the reference of the application and send nothing of the person. Question: ``version, message_id, sent_at,
reference, recipient, act``, where ``act`` is ``status`` or ``revoke``. Answer: ``version, in_reply_to, answered_at,
reference, status, environment``. Envelopes, window and message ids are those of every question
(:mod:`~eztong.adapters.authority.wire`); the contexts are their own, so that no message passes for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from eztong.adapters.authority.envelope import (
    Context,
    SenderUnknown,
    check_fields,
    key_id_of,
    parse_envelope,
    read_text,
    seal_envelope,
    verify_envelope,
)
from eztong.adapters.authority.environment import MEMBER, AuthorityEnvironment, check_environment, read_environment
from eztong.adapters.authority.wire import (
    VERSION,
    WINDOW,
    AuthorityKeys,
    AuthorityPin,
    AuthorityRefusal,
    QuestionRefused,
    ReplayMemory,
    Signer,
)
from eztong.domain.canonical_json import DocumentMalformed, parse_document, parse_time, render_time
from eztong.domain.errors import AuthorityAnswerInvalid
from eztong.domain.identity.authority_answer import RegistrationStatus
from eztong.gm.errors import SignatureInvalid
from eztong.gm.sm2 import PublicKey

_QUESTION_FIELDS: Final = {"version", "message_id", "sent_at", "reference", "recipient", "act"}
_ANSWER_FIELDS: Final = {"version", "in_reply_to", "answered_at", "reference", "status", MEMBER}


class RegistrationAct(StrEnum):
    """What a message asks; the value is its address below ``/v1``, too."""

    STATUS = "status"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationQuestion:
    """One message of a client about a registration."""

    message_id: str
    sent_at: datetime
    reference: str
    act: RegistrationAct


def render_registration_question(question: RegistrationQuestion, *, pin: AuthorityPin, sign: Signer) -> bytes:
    """Return the signed message."""
    payload = {
        "version": VERSION,
        "message_id": question.message_id,
        "sent_at": render_time(question.sent_at),
        "reference": question.reference,
        "recipient": key_id_of(pin.encryption),
        "act": question.act.value,
    }
    return seal_envelope(Context.REGISTRATION_QUESTION, payload, sign=sign)


def open_registration_question(
    text: bytes, *, clients: Mapping[str, PublicKey], keys: AuthorityKeys, memory: ReplayMemory, now: datetime | None
) -> RegistrationQuestion:
    """Return the question in ``text``, verified as :func:`~eztong.adapters.authority.wire.open_question` verifies.

    Raises:
        QuestionRefused: the first check that fails says why.
    """
    try:
        envelope = verify_envelope(parse_envelope(text), Context.REGISTRATION_QUESTION, senders=clients)
        document = parse_document(envelope)
        if document.get("version") != VERSION:
            raise QuestionRefused(AuthorityRefusal.VERSION_UNSUPPORTED)
        check_fields(document, _QUESTION_FIELDS)
        question = RegistrationQuestion(
            message_id=read_text(document, "message_id"),
            sent_at=parse_time(read_text(document, "sent_at")),
            reference=read_text(document, "reference"),
            act=_act(document["act"]),
        )
        if now is not None and abs(now - question.sent_at) > WINDOW:
            raise QuestionRefused(AuthorityRefusal.OUT_OF_TIME)
        memory.check_new(question.message_id)
        if read_text(document, "recipient") != key_id_of(keys.encryption.public_key()):
            raise QuestionRefused(AuthorityRefusal.SUBJECT_UNREADABLE)
    except SenderUnknown as error:
        raise QuestionRefused(AuthorityRefusal.SENDER_UNKNOWN) from error
    except SignatureInvalid as error:
        raise QuestionRefused(AuthorityRefusal.SIGNATURE_INVALID) from error
    except DocumentMalformed as error:
        raise QuestionRefused(AuthorityRefusal.MALFORMED) from error
    return question


def render_registration_answer(
    status: RegistrationStatus, question: RegistrationQuestion, *, environment: AuthorityEnvironment, sign: Signer
) -> bytes:
    """Return the signed answer to ``question``."""
    payload = {
        "version": VERSION,
        "in_reply_to": question.message_id,
        "answered_at": render_time(question.sent_at),
        "reference": question.reference,
        "status": status.value,
        MEMBER: environment.value,
    }
    return seal_envelope(Context.REGISTRATION_ANSWER, payload, sign=sign)


def open_registration_answer(
    unverified_text: bytes, *, pin: AuthorityPin, question: RegistrationQuestion, live_only: bool, now: datetime
) -> RegistrationStatus:
    """Return what the authority answers to ``question``, verified.

    Raises:
        AuthorityAnswerInvalid: signature, message, time, environment or status do not hold.
    """
    senders = {key_id_of(pin.signing): pin.signing}
    try:
        envelope = verify_envelope(parse_envelope(unverified_text), Context.REGISTRATION_ANSWER, senders=senders)
        document = parse_document(envelope)
        check_fields(document, _ANSWER_FIELDS)
        if document["version"] != VERSION:
            raise AuthorityAnswerInvalid("The authority answered in another version of the protocol.")
        if (document["in_reply_to"], document["reference"]) != (question.message_id, question.reference):
            raise AuthorityAnswerInvalid("The authority's answer belongs to another question.")
        if abs(now - parse_time(read_text(document, "answered_at"))) > WINDOW:
            raise AuthorityAnswerInvalid("The authority's answer is too old, or the clocks differ.")
        check_environment(read_environment(document), live_only=live_only)
        return _status(document["status"])
    except SenderUnknown as error:
        raise AuthorityAnswerInvalid("The authority's answer is signed with a key that is not pinned.") from error
    except SignatureInvalid as error:
        raise AuthorityAnswerInvalid("The signature of the authority's answer does not hold.") from error
    except DocumentMalformed as error:
        raise AuthorityAnswerInvalid("The authority's answer is malformed.") from error


def _act(value: object) -> RegistrationAct:
    if not isinstance(value, str) or value not in set(RegistrationAct):
        raise DocumentMalformed("The act is none that is known.")
    return RegistrationAct(value)


def _status(value: object) -> RegistrationStatus:
    if not isinstance(value, str) or value not in set(RegistrationStatus):
        raise DocumentMalformed("The status is none that is known.")
    return RegistrationStatus(value)
