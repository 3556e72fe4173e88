"""The authority protocol's messages about a relation: whether one person is guardian of another.

Question: ``version, message_id, sent_at, reference, recipient, relation, subject``, where ``subject`` is ``{ward,
guardian}``, each ``{doc_type, name, number}``, encrypted with SM2 to the authority. Answer: ``version, in_reply_to,
answered_at, reference, relation, environment``, where ``relation`` is ``confirmed``, ``denied`` or ``unknown``.
Envelopes, window and message ids are those of every question (:mod:`~eztong.adapters.authority.wire`); the contexts
are their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from eztong.adapters.authority.envelope import (
    Context,
    SenderUnknown,
    check_fields,
    decode_base64,
    encode_base64,
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
from eztong.domain.canonical_json import (
    DocumentMalformed,
    parse_document,
    parse_time,
    render_canonical,
    render_time,
)
from eztong.domain.errors import AuthorityAnswerInvalid
from eztong.domain.guardianship.relation import Relation, RelationAnswer, RelationQuestion, Subject
from eztong.domain.identity.age import service_date
from eztong.domain.identity.citizen_number import NumberInvalid, parse_citizen_number
from eztong.domain.identity.real_name import NameInvalid, parse_real_name
from eztong.gm import sm2_encrypt
from eztong.gm.errors import DecryptionFailed, SignatureInvalid
from eztong.gm.sm2 import PublicKey

PATH: Final = "/v1/relation"

_MAX_NAME: Final = 256
_MAX_SUBJECT: Final = 8 * 1024
_QUESTION_FIELDS: Final = {"version", "message_id", "sent_at", "reference", "recipient", "relation", "subject"}
_PERSON_FIELDS: Final = {"doc_type", "number", "name"}
_ANSWER_FIELDS: Final = {"version", "in_reply_to", "answered_at", "reference", "relation", MEMBER}


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationMessage:
    """One message of a client about a relation."""

    message_id: str
    sent_at: datetime
    asked: RelationQuestion = field(repr=False)


def render_relation_question(message: RelationMessage, *, pin: AuthorityPin, sign: Signer) -> bytes:
    """Return the signed message; both people are encrypted to the authority's encryption key."""
    asked = message.asked
    subject = {"ward": _written(asked.ward), "guardian": _written(asked.guardian)}
    payload = {
        "version": VERSION,
        "message_id": message.message_id,
        "sent_at": render_time(message.sent_at),
        "reference": asked.reference,
        "recipient": key_id_of(pin.encryption),
        "relation": asked.relation.value,
        "subject": encode_base64(sm2_encrypt.encrypt(pin.encryption, render_canonical(subject))),
    }
    return seal_envelope(Context.RELATION_QUESTION, payload, sign=sign)


def open_relation_question(
    text: bytes, *, clients: Mapping[str, PublicKey], keys: AuthorityKeys, memory: ReplayMemory, now: datetime | None
) -> RelationMessage:
    """Return the question in ``text``, verified as :func:`~eztong.adapters.authority.wire.open_question` verifies.

    Raises:
        QuestionRefused: the first check that fails says why.
        NumberInvalid, NameInvalid: a person in it can be nobody.
    """
    try:
        envelope = verify_envelope(parse_envelope(text), Context.RELATION_QUESTION, senders=clients)
        document = parse_document(envelope)
        if document.get("version") != VERSION:
            raise QuestionRefused(AuthorityRefusal.VERSION_UNSUPPORTED)
        check_fields(document, _QUESTION_FIELDS)
        sent_at = parse_time(read_text(document, "sent_at"))
        if now is not None and abs(now - sent_at) > WINDOW:
            raise QuestionRefused(AuthorityRefusal.OUT_OF_TIME)
        message_id = read_text(document, "message_id")
        memory.check_new(message_id)
        return RelationMessage(message_id=message_id, sent_at=sent_at, asked=_asked(document, keys=keys, at=sent_at))
    except SenderUnknown as error:
        raise QuestionRefused(AuthorityRefusal.SENDER_UNKNOWN) from error
    except SignatureInvalid as error:
        raise QuestionRefused(AuthorityRefusal.SIGNATURE_INVALID) from error
    except DocumentMalformed as error:
        raise QuestionRefused(AuthorityRefusal.MALFORMED) from error


def render_relation_answer(
    answer: RelationAnswer, message: RelationMessage, *, environment: AuthorityEnvironment, sign: Signer
) -> bytes:
    """Return the signed answer to ``message``."""
    payload = {
        "version": VERSION,
        "in_reply_to": message.message_id,
        "answered_at": render_time(message.sent_at),
        "reference": message.asked.reference,
        "relation": answer.value,
        MEMBER: environment.value,
    }
    return seal_envelope(Context.RELATION_ANSWER, payload, sign=sign)


def open_relation_answer(
    unverified_text: bytes, *, pin: AuthorityPin, message: RelationMessage, live_only: bool, now: datetime
) -> RelationAnswer:
    """Return what the authority answers to ``message``, verified.

    Raises:
        AuthorityAnswerInvalid: signature, message, time, environment or word do not hold.
    """
    senders = {key_id_of(pin.signing): pin.signing}
    try:
        envelope = verify_envelope(parse_envelope(unverified_text), Context.RELATION_ANSWER, senders=senders)
        document = parse_document(envelope)
        check_fields(document, _ANSWER_FIELDS)
        if document["version"] != VERSION:
            raise AuthorityAnswerInvalid("The authority answered in another version of the protocol.")
        if (document["in_reply_to"], document["reference"]) != (message.message_id, message.asked.reference):
            raise AuthorityAnswerInvalid("The authority's answer belongs to another question.")
        if abs(now - parse_time(read_text(document, "answered_at"))) > WINDOW:
            raise AuthorityAnswerInvalid("The authority's answer is too old, or the clocks differ.")
        check_environment(read_environment(document), live_only=live_only)
        return _answer(document["relation"])
    except SenderUnknown as error:
        raise AuthorityAnswerInvalid("The authority's answer is signed with a key that is not pinned.") from error
    except SignatureInvalid as error:
        raise AuthorityAnswerInvalid("The signature of the authority's answer does not hold.") from error
    except DocumentMalformed as error:
        raise AuthorityAnswerInvalid("The authority's answer is malformed.") from error


def _written(subject: Subject) -> dict[str, str]:
    number = subject.number
    return {"doc_type": number.document_type.value, "number": number.value, "name": subject.name.as_entered}


def _asked(document: dict[str, Any], *, keys: AuthorityKeys, at: datetime) -> RelationQuestion:
    ciphertext = decode_base64(read_text(document, "subject", limit=_MAX_SUBJECT))
    try:
        if read_text(document, "recipient") != key_id_of(keys.encryption.public_key()):
            raise QuestionRefused(AuthorityRefusal.SUBJECT_UNREADABLE)
        people = parse_document(sm2_encrypt.decrypt(keys.encryption, ciphertext))
    except DecryptionFailed as error:
        raise QuestionRefused(AuthorityRefusal.SUBJECT_UNREADABLE) from error
    check_fields(people, {"ward", "guardian"})
    today = service_date(at)
    return RelationQuestion(
        reference=read_text(document, "reference"),
        relation=_relation(document["relation"]),
        ward=_subject(people["ward"], today=today),
        guardian=_subject(people["guardian"], today=today),
    )


def _subject(value: object, *, today: date) -> Subject:
    if not isinstance(value, dict):
        raise DocumentMalformed("A person is no object.")
    check_fields(value, _PERSON_FIELDS)
    number = parse_citizen_number(read_text(value, "number"), today=today, accept_foreigners=True)
    if number.document_type != read_text(value, "doc_type"):
        raise NumberInvalid
    name = read_text(value, "name", limit=_MAX_NAME)
    if not name:
        raise NameInvalid
    return Subject(parse_real_name(name), number)


def _relation(value: object) -> Relation:
    if not isinstance(value, str) or value not in set(Relation):
        raise DocumentMalformed("The relation is none that is known.")
    return Relation(value)


def _answer(value: object) -> RelationAnswer:
    if not isinstance(value, str) or value not in set(RelationAnswer):
        raise DocumentMalformed("The answer is none that is known.")
    return RelationAnswer(value)
