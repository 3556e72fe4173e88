"""The authority protocol, version 1: whether name and number belong together.

The field list is modelled on the public eID service interfaces (GB/T 36629.3-2018 names the same parts); format and
signature are our own. Question: ``version, message_id, sent_at, reference, recipient, subject``, where ``subject`` is
``{doc_type, name, number}`` encrypted with SM2 to the authority. Answer: ``version, in_reply_to, answered_at, verdict,
detail_code, reference, eid_mark, name_on_file, note, document_valid_until, signals, environment``. Both travel in
signed envelopes (:mod:`~eztong.adapters.authority.envelope`) inside TLS; the answer's name and mark rely on TLS for
secrecy.

What every message has and each check of it: :mod:`~eztong.adapters.authority.protocol`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from typing_extensions import override

from eztong.adapters.authority.envelope import Context, decode_base64, encode_base64, read_text, seal_envelope
from eztong.adapters.authority.environment import MEMBER, AuthorityEnvironment
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
    seal_subject,
    verified_answer,
    verified_question,
)
from eztong.domain.canonical_json import DocumentMalformed
from eztong.domain.errors import AuthorityAnswerInvalid
from eztong.domain.identity.authority_answer import EID_MARK_BYTES, AuthorityAnswer, AuthoritySignal, AuthorityVerdict
from eztong.gm.sm2 import PublicKey

_SUBJECT_FIELDS: Final = {"doc_type", "number", "name"}
_ANSWER_FIELDS: Final = {
    *("verdict", "detail_code", "eid_mark", "name_on_file", "note", "document_valid_until", "signals"),
}
_NOT_SAID_BEFORE: Final = frozenset({MEMBER})
"""Members that authorities of the first days do not send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityQuestion(MessageHead):
    """One message of a client. ``number`` and ``name`` are as sent: the receiver parses them."""

    document_type: str
    number: str
    name: str

    @override
    def __repr__(self) -> str:
        """Hide name and number."""
        return f"Question({self.message_id})"


def render_question(question: AuthorityQuestion, *, pin: AuthorityPin, sign: Signer) -> bytes:
    """Return the signed message; name and number are encrypted to the authority's encryption key."""
    subject = {"doc_type": question.document_type, "number": question.number, "name": question.name}
    payload = question_payload(question, pin=pin, about={"subject": seal_subject(subject, pin=pin)})
    return seal_envelope(Context.QUESTION, payload, sign=sign)


def open_question(
    text: bytes,
    *,
    clients: Mapping[str, PublicKey],
    keys: AuthorityKeys,
    memory: ReplayMemory,
    now: datetime | None,
) -> AuthorityQuestion:
    """Return the question in ``text``, verified: signed, of this version, complete, in time, new, and for us.

    Without a clock of its own a receiver gives ``None`` as ``now``
    (:func:`~eztong.adapters.authority.protocol.check_taken`).

    Raises:
        QuestionRefused: the first check that fails says why.
    """
    with question_errors():
        head, document = verified_question(text, Context.QUESTION, clients=clients, about={"subject"})
        check_taken(head, memory=memory, now=now)
        subject = open_subject(document, keys=keys, members=_SUBJECT_FIELDS)
        return AuthorityQuestion(
            message_id=head.message_id,
            sent_at=head.sent_at,
            reference=head.reference,
            document_type=read_text(subject, "doc_type"),
            number=read_text(subject, "number"),
            name=read_text(subject, "name", limit=MAX_NAME),
        )


def render_answer(
    answer: AuthorityAnswer,
    *,
    in_reply_to: str,
    answered_at: datetime,
    environment: AuthorityEnvironment,
    sign: Signer,
) -> bytes:
    """Return the signed answer to the message ``in_reply_to``."""
    valid_until = answer.document_valid_until
    about = {
        "verdict": answer.verdict.value,
        "detail_code": answer.detail_code,
        "eid_mark": None if answer.eid_mark is None else encode_base64(answer.eid_mark),
        "name_on_file": answer.name_on_file,
        "note": answer.note,
        "document_valid_until": None if valid_until is None else valid_until.isoformat(),
        "signals": sorted(signal.value for signal in answer.signals),
    }
    payload = answer_payload(
        in_reply_to=in_reply_to,
        reference=answer.reference,
        answered_at=answered_at,
        environment=environment,
        about=about,
    )
    return seal_envelope(Context.ANSWER, payload, sign=sign)


def open_answer(
    unverified_text: bytes, *, pin: AuthorityPin, question: AuthorityQuestion, live_only: bool, now: datetime
) -> AuthorityAnswer:
    """Return the authority's answer to ``question``, verified.

    Beside what every answer must hold (:func:`~eztong.adapters.authority.protocol.verified_answer`), the verdict is
    known, and name and mark come with ``MATCHED`` and with nothing else.

    Raises:
        AuthorityAnswerInvalid: the first check that fails says why, without personal data.
    """
    expected = AnswerFits(in_reply_to=question.message_id, reference=question.reference, now=now, live_only=live_only)
    with answer_errors():
        document = verified_answer(
            unverified_text, Context.ANSWER, pin=pin, expected=expected, about=_ANSWER_FIELDS, may_lack=_NOT_SAID_BEFORE
        )
        return _check_consistent(_parse_answer(document, reference=question.reference))


def _parse_answer(document: dict[str, Any], *, reference: str) -> AuthorityAnswer:
    mark, valid_until = _optional(document, "eid_mark"), _optional(document, "document_valid_until")
    signals = document["signals"]
    if not isinstance(signals, list):
        raise DocumentMalformed("The field signals is not a list.")
    try:
        return AuthorityAnswer(
            verdict=AuthorityVerdict(read_text(document, "verdict")),
            reference=reference,
            detail_code=read_text(document, "detail_code"),
            eid_mark=None if mark is None else decode_base64(mark),
            name_on_file=_optional(document, "name_on_file"),
            note=_optional(document, "note"),
            document_valid_until=None if valid_until is None else _parse_date(valid_until),
            signals=frozenset(AuthoritySignal(signal) for signal in signals),
        )
    except ValueError:
        # Not chained: the cause would quote the value.
        raise DocumentMalformed("A field holds an unknown word or no date.") from None


def _parse_date(text: str) -> date:
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise DocumentMalformed("A date must look like 2026-01-15.")
    return day


def _optional(document: dict[str, Any], name: str) -> str | None:
    return None if document[name] is None else read_text(document, name, limit=MAX_NAME)


def _check_consistent(answer: AuthorityAnswer) -> AuthorityAnswer:
    matched = answer.verdict is AuthorityVerdict.MATCHED
    if {matched} != {answer.eid_mark is not None, answer.name_on_file is not None}:
        raise AuthorityAnswerInvalid("The authority's answer contradicts itself.")
    if answer.eid_mark is not None and len(answer.eid_mark) != EID_MARK_BYTES:
        raise AuthorityAnswerInvalid("The authority's answer contradicts itself.")
    return answer
