"""The authority protocol, version 1: what is asked and answered, and every check on the way in.

The field list is modelled on the public eID service interfaces (GB/T 36629.3-2018 names the same parts); format and
signature are our own. Question: ``version, message_id, sent_at, reference, recipient, subject``, where ``subject`` is
``{doc_type, name, number}`` encrypted with SM2 to the authority. Answer: ``version, in_reply_to, answered_at, verdict,
detail_code, reference, eid_mark, name_on_file, note, document_valid_until, signals, environment``. Both travel in
signed envelopes (:mod:`~eztong.adapters.authority.envelope`) inside TLS; the answer's name and mark rely on TLS for
secrecy.

Every try is a new message with a ``message_id`` of its own; what makes tries one case is the ``reference``.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from typing_extensions import override

from eztong.adapters.authority.envelope import (
    Context,
    SenderUnknown,
    VerifiedPayload,
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
from eztong.domain.canonical_json import (
    DocumentMalformed,
    parse_document,
    parse_time,
    render_canonical,
    render_time,
)
from eztong.domain.errors import AuthorityAnswerInvalid
from eztong.domain.identity.authority_answer import EID_MARK_BYTES, AuthorityAnswer, AuthoritySignal, AuthorityVerdict
from eztong.gm import sm2_encrypt
from eztong.gm.errors import DecryptionFailed, SignatureInvalid
from eztong.gm.sm2 import PrivateKey, PublicKey
from eztong.ports.keys import KeySignature

VERSION: Final = "1"
WINDOW: Final = timedelta(minutes=5)
"""How far apart the two clocks may be, either way; the bound is within."""

REMEMBERED_MESSAGES: Final = 100_000

_MAX_NAME: Final = 256
_MAX_SUBJECT: Final = 8 * 1024
_QUESTION_FIELDS: Final = {"version", "message_id", "sent_at", "reference", "recipient", "subject"}
_SUBJECT_FIELDS: Final = {"doc_type", "number", "name"}
_ANSWER_FIELDS: Final = {
    *("version", "in_reply_to", "answered_at", "verdict", "detail_code", "reference"),
    *("eid_mark", "name_on_file", "note", "document_valid_until", "signals"),
}

Signer = Callable[[bytes], KeySignature]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityPin:
    """The authority's public keys, as the operator got them by a trustworthy way: one signs, one receives."""

    signing: PublicKey
    encryption: PublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityKeys:
    """The authority's private keys. Two, because a key that signs should not also decrypt (GM/T 0034)."""

    signing: PrivateKey
    encryption: PrivateKey

    def pin(self) -> AuthorityPin:
        """Return the public halves."""
        return AuthorityPin(signing=self.signing.public_key(), encryption=self.encryption.public_key())

    def sign(self, message: bytes) -> KeySignature:
        """Sign an answer; the key goes by the id of ``envelope.key_id_of``."""
        key_id = key_id_of(self.signing.public_key())
        return KeySignature(key_id=key_id, key_hash=b"", signature=self.signing.sign(message))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityQuestion:
    """One message of a client. ``number`` and ``name`` are as sent: the receiver parses them."""

    message_id: str
    sent_at: datetime
    reference: str
    document_type: str
    number: str
    name: str

    @override
    def __repr__(self) -> str:
        """Hide name and number."""
        return f"Question({self.message_id})"


class AuthorityRefusal(StrEnum):
    """Why the authority does not take a question; stable words of the protocol."""

    MALFORMED = "malformed"
    VERSION_UNSUPPORTED = "version_unsupported"
    SENDER_UNKNOWN = "sender_unknown"
    SIGNATURE_INVALID = "signature_invalid"
    OUT_OF_TIME = "out_of_time"
    REPLAYED = "replayed"
    SUBJECT_UNREADABLE = "subject_unreadable"


class QuestionRefused(Exception):
    """A question is not answered, for the reason ``refusal``; holds nothing of the question."""

    def __init__(self, refusal: AuthorityRefusal) -> None:
        """Keep the reason."""
        super().__init__(refusal.value)
        self.refusal = refusal


class ReplayMemory:
    """The latest message ids, at most 100,000: what is in it is not answered twice. Safe to share between threads."""

    def __init__(self, *, capacity: int = REMEMBERED_MESSAGES) -> None:
        """Remember the last ``capacity`` messages."""
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._capacity = capacity
        self._lock = threading.Lock()

    def check_new(self, message_id: str) -> None:
        """Remember the message.

        Raises:
            QuestionRefused: it was seen before (``REPLAYED``).
        """
        with self._lock:
            if message_id in self._seen:
                raise QuestionRefused(AuthorityRefusal.REPLAYED)
            self._seen[message_id] = None
            if len(self._seen) > self._capacity:
                self._seen.popitem(last=False)


def render_question(question: AuthorityQuestion, *, pin: AuthorityPin, sign: Signer) -> bytes:
    """Return the signed message; name and number are encrypted to the authority's encryption key."""
    subject = {"doc_type": question.document_type, "number": question.number, "name": question.name}
    payload = {
        "version": VERSION,
        "message_id": question.message_id,
        "sent_at": render_time(question.sent_at),
        "reference": question.reference,
        "recipient": key_id_of(pin.encryption),
        "subject": encode_base64(sm2_encrypt.encrypt(pin.encryption, render_canonical(subject))),
    }
    return seal_envelope(Context.QUESTION, payload, sign=sign)


def open_question(
    text: bytes,
    *,
    clients: Mapping[str, PublicKey],
    keys: AuthorityKeys,
    memory: ReplayMemory,
    now: datetime | None,
) -> AuthorityQuestion:
    """Return the question in ``text``, verified.

    The checks, in order:

    1. The envelope is well formed, its sender registered, its signature right.
    2. The payload is of this version and complete.
    3. ``sent_at`` is within :data:`WINDOW` of ``now``. A receiver without a clock (the sandbox, whose day is its
       client's movable one) gives ``None`` and takes the signed ``sent_at`` for the time.
    4. The message is new.
    5. The subject opens under our key.

    Raises:
        QuestionRefused: the first check that fails says why.
    """
    try:
        document = parse_document(_verified_question(text, clients=clients))
        if document.get("version") != VERSION:
            raise QuestionRefused(AuthorityRefusal.VERSION_UNSUPPORTED)
        check_fields(document, _QUESTION_FIELDS)
        message_id = read_text(document, "message_id")
        reference = read_text(document, "reference")
        sent_at = parse_time(read_text(document, "sent_at"))
        if now is not None and abs(now - sent_at) > WINDOW:
            raise QuestionRefused(AuthorityRefusal.OUT_OF_TIME)
        memory.check_new(message_id)
        subject = _open_subject(document, keys=keys)
        return AuthorityQuestion(
            message_id=message_id,
            sent_at=sent_at,
            reference=reference,
            document_type=read_text(subject, "doc_type"),
            number=read_text(subject, "number"),
            name=read_text(subject, "name", limit=_MAX_NAME),
        )
    except DocumentMalformed as error:
        raise QuestionRefused(AuthorityRefusal.MALFORMED) from error


def _verified_question(text: bytes, *, clients: Mapping[str, PublicKey]) -> VerifiedPayload:
    try:
        return verify_envelope(parse_envelope(text), Context.QUESTION, senders=clients)
    except SenderUnknown as error:
        raise QuestionRefused(AuthorityRefusal.SENDER_UNKNOWN) from error
    except SignatureInvalid as error:
        raise QuestionRefused(AuthorityRefusal.SIGNATURE_INVALID) from error


def _open_subject(document: dict[str, Any], *, keys: AuthorityKeys) -> dict[str, Any]:
    ciphertext = decode_base64(read_text(document, "subject", limit=_MAX_SUBJECT))
    try:
        if read_text(document, "recipient") != key_id_of(keys.encryption.public_key()):
            raise QuestionRefused(AuthorityRefusal.SUBJECT_UNREADABLE)
        subject = parse_document(sm2_encrypt.decrypt(keys.encryption, ciphertext))
    except DecryptionFailed as error:
        raise QuestionRefused(AuthorityRefusal.SUBJECT_UNREADABLE) from error
    check_fields(subject, _SUBJECT_FIELDS)
    return subject


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
    payload = {
        "version": VERSION,
        "in_reply_to": in_reply_to,
        "answered_at": render_time(answered_at),
        "verdict": answer.verdict.value,
        "detail_code": answer.detail_code,
        "reference": answer.reference,
        "eid_mark": None if answer.eid_mark is None else encode_base64(answer.eid_mark),
        "name_on_file": answer.name_on_file,
        "note": answer.note,
        "document_valid_until": None if valid_until is None else valid_until.isoformat(),
        "signals": sorted(signal.value for signal in answer.signals),
        MEMBER: environment.value,
    }
    return seal_envelope(Context.ANSWER, payload, sign=sign)


def open_answer(
    unverified_text: bytes, *, pin: AuthorityPin, question: AuthorityQuestion, live_only: bool, now: datetime
) -> AuthorityAnswer:
    """Return the authority's answer to ``question``, verified.

    The checks, in order:

    1. The envelope is well formed and signed with the pinned key.
    2. The payload is of this version and complete.
    3. It answers this very message about this very application.
    4. ``answered_at`` is within :data:`WINDOW` of ``now``.
    5. With ``live_only``, its environment is ``live``: identities of a sandbox are invented.
    6. The verdict is known; name and mark come with ``MATCHED`` and with nothing else.

    Raises:
        AuthorityAnswerInvalid: the first check that fails says why, without personal data.
    """
    senders = {key_id_of(pin.signing): pin.signing}
    try:
        document = parse_document(verify_envelope(parse_envelope(unverified_text), Context.ANSWER, senders=senders))
        check_fields(document, _ANSWER_FIELDS | ({MEMBER} & document.keys()))
        if document["version"] != VERSION:
            raise AuthorityAnswerInvalid("The authority answered in another version of the protocol.")
        if (document["in_reply_to"], document["reference"]) != (question.message_id, question.reference):
            raise AuthorityAnswerInvalid("The authority's answer belongs to another question.")
        if abs(now - parse_time(read_text(document, "answered_at"))) > WINDOW:
            raise AuthorityAnswerInvalid("The authority's answer is too old, or the clocks differ.")
        check_environment(read_environment(document), live_only=live_only)
        return _check_consistent(_parse_answer(document, reference=question.reference))
    except SenderUnknown as error:
        raise AuthorityAnswerInvalid("The authority's answer is signed with a key that is not pinned.") from error
    except SignatureInvalid as error:
        raise AuthorityAnswerInvalid("The signature of the authority's answer does not hold.") from error
    except DocumentMalformed as error:
        raise AuthorityAnswerInvalid("The authority's answer is malformed.") from error


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
    return None if document[name] is None else read_text(document, name, limit=_MAX_NAME)


def _check_consistent(answer: AuthorityAnswer) -> AuthorityAnswer:
    matched = answer.verdict is AuthorityVerdict.MATCHED
    if {matched} != {answer.eid_mark is not None, answer.name_on_file is not None}:
        raise AuthorityAnswerInvalid("The authority's answer contradicts itself.")
    if answer.eid_mark is not None and len(answer.eid_mark) != EID_MARK_BYTES:
        raise AuthorityAnswerInvalid("The authority's answer contradicts itself.")
    return answer
