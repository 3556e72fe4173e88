"""What every message to the authority and every answer of it has in common, and each check on the way in.

A question has ``version, message_id, sent_at, reference, recipient``, an answer ``version, in_reply_to, answered_at,
reference, environment``; what a message is about stands beside them (:mod:`~eztong.adapters.authority.wire`,
:mod:`~eztong.adapters.authority.relation_wire`, :mod:`~eztong.adapters.authority.registration_wire`). Each kind has
signature contexts of its own, so that no message passes for another.

Every try is a new message with a ``message_id`` of its own; what makes tries one case is the ``reference``.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeVar

from eztong.adapters.authority.envelope import (
    Context,
    SenderUnknown,
    check_fields,
    decode_base64,
    encode_base64,
    key_id_of,
    parse_envelope,
    read_text,
    verify_envelope,
)
from eztong.adapters.authority.environment import MEMBER, AuthorityEnvironment, check_environment, read_environment
from eztong.domain.canonical_json import DocumentMalformed, parse_document, parse_time, render_canonical, render_time
from eztong.domain.errors import AuthorityAnswerInvalid
from eztong.gm import sm2_encrypt
from eztong.gm.errors import DecryptionFailed, SignatureInvalid
from eztong.gm.sm2 import PrivateKey, PublicKey
from eztong.ports.keys import KeySignature

VERSION: Final = "1"
WINDOW: Final = timedelta(minutes=5)
"""How far apart the two clocks may be, either way; the bound is within."""

REMEMBERED_MESSAGES: Final = 100_000
MAX_NAME: Final = 256
"""Characters of a name, or of a note about one."""

_MAX_SUBJECT: Final = 8 * 1024
_QUESTION_HEAD: Final = {"version", "message_id", "sent_at", "reference", "recipient"}
_ANSWER_HEAD: Final = {"version", "in_reply_to", "answered_at", "reference", MEMBER}

Signer = Callable[[bytes], KeySignature]
Word = TypeVar("Word", bound=StrEnum)


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
class MessageHead:
    """Which message this is, when it was sent, and the case that it belongs to."""

    message_id: str
    sent_at: datetime
    reference: str


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


def question_payload(head: MessageHead, *, pin: AuthorityPin, about: Mapping[str, object]) -> dict[str, Any]:
    """Return the payload of a question to the authority that has ``pin``."""
    return {
        "version": VERSION,
        "message_id": head.message_id,
        "sent_at": render_time(head.sent_at),
        "reference": head.reference,
        "recipient": key_id_of(pin.encryption),
        **about,
    }


def answer_payload(
    *,
    in_reply_to: str,
    reference: str,
    answered_at: datetime,
    environment: AuthorityEnvironment,
    about: Mapping[str, object],
) -> dict[str, Any]:
    """Return the payload of an answer to the message ``in_reply_to``."""
    return {
        "version": VERSION,
        "in_reply_to": in_reply_to,
        "answered_at": render_time(answered_at),
        "reference": reference,
        MEMBER: environment.value,
        **about,
    }


def seal_subject(subject: Mapping[str, object], *, pin: AuthorityPin) -> str:
    """Return who a question is about, encrypted with SM2 to the authority alone."""
    return encode_base64(sm2_encrypt.encrypt(pin.encryption, render_canonical(dict(subject))))


@contextmanager
def question_errors() -> Iterator[None]:
    """Turn what goes wrong on the way into a question into the protocol's words.

    Raises:
        QuestionRefused: the envelope, its sender, its signature or a field does not hold.
    """
    try:
        yield
    except SenderUnknown as error:
        raise QuestionRefused(AuthorityRefusal.SENDER_UNKNOWN) from error
    except SignatureInvalid as error:
        raise QuestionRefused(AuthorityRefusal.SIGNATURE_INVALID) from error
    except DocumentMalformed as error:
        raise QuestionRefused(AuthorityRefusal.MALFORMED) from error


def verified_question(
    text: bytes, context: Context, *, clients: Mapping[str, PublicKey], about: set[str]
) -> tuple[MessageHead, dict[str, Any]]:
    """Return the head and the document of a question about ``about``: signed, of this version and complete.

    To be called within :func:`question_errors`; :func:`check_taken` comes after what else is read of the document.
    """
    document = parse_document(verify_envelope(parse_envelope(text), context, senders=clients))
    if document.get("version") != VERSION:
        raise QuestionRefused(AuthorityRefusal.VERSION_UNSUPPORTED)
    check_fields(document, _QUESTION_HEAD | about)
    head = MessageHead(
        message_id=read_text(document, "message_id"),
        sent_at=parse_time(read_text(document, "sent_at")),
        reference=read_text(document, "reference"),
    )
    return head, document


def check_taken(head: MessageHead, *, memory: ReplayMemory, now: datetime | None) -> None:
    """Refuse a message that is out of time or not new.

    ``sent_at`` is within :data:`WINDOW` of ``now``. A receiver without a clock (the sandbox, whose day is its client's
    movable one) gives ``None`` and takes the signed ``sent_at`` for the time.

    Raises:
        QuestionRefused: ``OUT_OF_TIME`` or ``REPLAYED``.
    """
    if now is not None and abs(now - head.sent_at) > WINDOW:
        raise QuestionRefused(AuthorityRefusal.OUT_OF_TIME)
    memory.check_new(head.message_id)


def check_recipient(document: dict[str, Any], *, keys: AuthorityKeys) -> None:
    """Refuse a question to another authority.

    Raises:
        QuestionRefused: ``SUBJECT_UNREADABLE``.
    """
    if read_text(document, "recipient") != key_id_of(keys.encryption.public_key()):
        raise QuestionRefused(AuthorityRefusal.SUBJECT_UNREADABLE)


def open_subject(document: dict[str, Any], *, keys: AuthorityKeys, members: set[str]) -> dict[str, Any]:
    """Return who a question is about, opened with our key.

    Raises:
        DocumentMalformed: the subject has other members.
        QuestionRefused: it is for another authority, or does not open (``SUBJECT_UNREADABLE``).
    """
    ciphertext = decode_base64(read_text(document, "subject", limit=_MAX_SUBJECT))
    check_recipient(document, keys=keys)
    try:
        subject = parse_document(sm2_encrypt.decrypt(keys.encryption, ciphertext))
    except DecryptionFailed as error:
        raise QuestionRefused(AuthorityRefusal.SUBJECT_UNREADABLE) from error
    check_fields(subject, members)
    return subject


@contextmanager
def answer_errors() -> Iterator[None]:
    """Turn what goes wrong on the way into an answer into the caller's words, without personal data.

    Raises:
        AuthorityAnswerInvalid: the envelope, its sender, its signature or a field does not hold.
    """
    try:
        yield
    except SenderUnknown as error:
        raise AuthorityAnswerInvalid("The authority's answer is signed with a key that is not pinned.") from error
    except SignatureInvalid as error:
        raise AuthorityAnswerInvalid("The signature of the authority's answer does not hold.") from error
    except DocumentMalformed as error:
        raise AuthorityAnswerInvalid("The authority's answer is malformed.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFits:
    """What an answer must fit: the question's ids, the time now, and whether invented people will do."""

    in_reply_to: str
    reference: str
    now: datetime
    live_only: bool


def verified_answer(
    unverified_text: bytes,
    context: Context,
    *,
    pin: AuthorityPin,
    expected: AnswerFits,
    about: set[str],
    may_lack: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Return the document of the authority's answer, verified. To be called within :func:`answer_errors`.

    The checks, in order:

    1. The envelope is well formed and signed with the pinned key.
    2. The payload is complete and of this version; members in ``may_lack`` may be missing.
    3. It answers this very message about this very case.
    4. ``answered_at`` is within :data:`WINDOW` of now.
    5. Its environment is ``live`` unless invented people will do: identities of a sandbox are invented.

    Raises:
        AuthorityAnswerInvalid: a check of 2 to 5 fails; it says which, without personal data.
    """
    senders = {key_id_of(pin.signing): pin.signing}
    document = parse_document(verify_envelope(parse_envelope(unverified_text), context, senders=senders))
    check_fields(document, (_ANSWER_HEAD | about) - (may_lack - document.keys()))
    if document["version"] != VERSION:
        raise AuthorityAnswerInvalid("The authority answered in another version of the protocol.")
    if (document["in_reply_to"], document["reference"]) != (expected.in_reply_to, expected.reference):
        raise AuthorityAnswerInvalid("The authority's answer belongs to another question.")
    if abs(expected.now - parse_time(read_text(document, "answered_at"))) > WINDOW:
        raise AuthorityAnswerInvalid("The authority's answer is too old, or the clocks differ.")
    check_environment(read_environment(document), live_only=expected.live_only)
    return document


def read_word(document: dict[str, Any], name: str, words: type[Word]) -> Word:
    """Return the field's value as one of ``words``.

    Raises:
        DocumentMalformed: it is none of them.
    """
    value = document[name]
    if not isinstance(value, str) or value not in set(words):
        raise DocumentMalformed(f"The field {name} holds no known word.")
    return words(value)
