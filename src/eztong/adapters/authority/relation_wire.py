"""The authority protocol's messages about a relation: whether one person is guardian of another.

Question: ``version, message_id, sent_at, reference, recipient, relation, subject``, where ``subject`` is ``{ward,
guardian}``, each ``{doc_type, name, number}``, encrypted with SM2 to the authority. Answer: ``version, in_reply_to,
answered_at, reference, relation, environment``, where ``relation`` is ``confirmed``, ``denied`` or ``unknown``.
Envelopes, window and message ids are those of every question (:mod:`~eztong.adapters.authority.protocol`); the contexts
are their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from eztong.adapters.authority.envelope import Context, check_fields, read_text, seal_envelope
from eztong.adapters.authority.environment import AuthorityEnvironment
from eztong.adapters.authority.protocol import (
    MAX_NAME,
    AnswerFits,
    AuthorityKeys,
    AuthorityPin,
    MessageHead,
    ReplayMemory,
    Signer,
    answer_errors,
    answer_payload,
    check_taken,
    open_subject,
    question_errors,
    question_payload,
    read_word,
    seal_subject,
    verified_answer,
    verified_question,
)
from eztong.domain.canonical_json import DocumentMalformed
from eztong.domain.guardianship.relation import Relation, RelationAnswer, RelationQuestion, Subject
from eztong.domain.identity.age import service_date
from eztong.domain.identity.citizen_number import NumberInvalid, parse_number_of_any_kind
from eztong.domain.identity.real_name import NameInvalid, parse_real_name
from eztong.gm.sm2 import PublicKey

PATH: Final = "/v1/relation"

_ABOUT: Final = {"relation", "subject"}
_PERSON_FIELDS: Final = {"doc_type", "number", "name"}


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
    head = MessageHead(message_id=message.message_id, sent_at=message.sent_at, reference=asked.reference)
    about = {"relation": asked.relation.value, "subject": seal_subject(subject, pin=pin)}
    payload = question_payload(head, pin=pin, about=about)
    return seal_envelope(Context.RELATION_QUESTION, payload, sign=sign)


def open_relation_question(
    text: bytes, *, clients: Mapping[str, PublicKey], keys: AuthorityKeys, memory: ReplayMemory, now: datetime | None
) -> RelationMessage:
    """Return the question in ``text``, verified as :func:`~eztong.adapters.authority.wire.open_question` verifies.

    Raises:
        QuestionRefused: the first check that fails says why.
        NumberInvalid, NameInvalid: a person in it can be nobody.
    """
    with question_errors():
        head, document = verified_question(text, Context.RELATION_QUESTION, clients=clients, about=_ABOUT)
        check_taken(head, memory=memory, now=now)
        asked = _asked(head, document, keys=keys)
    return RelationMessage(message_id=head.message_id, sent_at=head.sent_at, asked=asked)


def render_relation_answer(
    answer: RelationAnswer, message: RelationMessage, *, environment: AuthorityEnvironment, sign: Signer
) -> bytes:
    """Return the signed answer to ``message``."""
    payload = answer_payload(
        in_reply_to=message.message_id,
        reference=message.asked.reference,
        answered_at=message.sent_at,
        environment=environment,
        about={"relation": answer.value},
    )
    return seal_envelope(Context.RELATION_ANSWER, payload, sign=sign)


def open_relation_answer(
    unverified_text: bytes, *, pin: AuthorityPin, message: RelationMessage, live_only: bool, now: datetime
) -> RelationAnswer:
    """Return what the authority answers to ``message``, verified.

    Raises:
        AuthorityAnswerInvalid: signature, message, time, environment or word do not hold.
    """
    reference = message.asked.reference
    expected = AnswerFits(in_reply_to=message.message_id, reference=reference, now=now, live_only=live_only)
    with answer_errors():
        document = verified_answer(
            unverified_text, Context.RELATION_ANSWER, pin=pin, expected=expected, about={"relation"}
        )
        return read_word(document, "relation", RelationAnswer)


def _written(subject: Subject) -> dict[str, str]:
    number = subject.number
    return {"doc_type": number.document_type.value, "number": number.value, "name": subject.name.as_entered}


def _asked(head: MessageHead, document: dict[str, Any], *, keys: AuthorityKeys) -> RelationQuestion:
    people = open_subject(document, keys=keys, members={"ward", "guardian"})
    today = service_date(head.sent_at)
    return RelationQuestion(
        reference=head.reference,
        relation=read_word(document, "relation", Relation),
        ward=_subject(people["ward"], today=today),
        guardian=_subject(people["guardian"], today=today),
    )


def _subject(value: object, *, today: date) -> Subject:
    if not isinstance(value, dict):
        raise DocumentMalformed("A person is no object.")
    check_fields(value, _PERSON_FIELDS)
    number = parse_number_of_any_kind(read_text(value, "number"), today=today)
    if number.document_type != read_text(value, "doc_type"):
        raise NumberInvalid
    name = read_text(value, "name", limit=MAX_NAME)
    if not name:
        raise NameInvalid
    return Subject(parse_real_name(name), number)
