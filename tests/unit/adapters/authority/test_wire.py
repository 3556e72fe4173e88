"""The authority protocol under attack: whatever is changed, old, repeated or of somebody else is refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.adapters.authority.envelope import Context, seal_envelope
from eztong.adapters.authority.environment import AuthorityEnvironment
from eztong.adapters.authority.protocol import WINDOW, AuthorityKeys, AuthorityRefusal, QuestionRefused, ReplayMemory
from eztong.adapters.authority.wire import AuthorityQuestion, open_answer, open_question, render_answer, render_question
from eztong.domain.errors import AuthorityAnswerInvalid
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthoritySignal, AuthorityVerdict
from eztong.gm.sm2 import PrivateKey
from eztong.ports.keys import KeySignature

LIVE = AuthorityEnvironment.LIVE
NOW = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)
KEYS = AuthorityKeys(signing=PrivateKey.generate(), encryption=PrivateKey.generate())
CLIENT = PrivateKey.generate()
CLIENTS = {"client-1": CLIENT.public_key()}
QUESTION = AuthorityQuestion(
    message_id="m-1",
    sent_at=NOW,
    reference="application-1",
    document_type="01",
    number="11000019900307001X",
    name="测一一",
)
MATCHED = AuthorityAnswer(
    verdict=AuthorityVerdict.MATCHED,
    reference="application-1",
    detail_code="name_match",
    eid_mark=bytes(32) + b"1000",
    name_on_file="测一一",
    note="separator",
    document_valid_until=date(2036, 1, 14),
    signals=frozenset(AuthoritySignal),
)
PENDING = AuthorityAnswer(verdict=AuthorityVerdict.PENDING, reference="application-1", detail_code="in_progress")


def sign_as_client(message: bytes) -> KeySignature:
    return KeySignature(key_id="client-1", key_hash=b"", signature=CLIENT.sign(message))


def ask(question: AuthorityQuestion = QUESTION, *, keys: AuthorityKeys = KEYS) -> bytes:
    return render_question(question, pin=keys.pin(), sign=sign_as_client)


def hear(text: bytes, *, now: datetime | None = NOW, memory: ReplayMemory | None = None) -> AuthorityQuestion:
    return open_question(text, clients=CLIENTS, keys=KEYS, memory=memory or ReplayMemory(), now=now)


def answer(given: AuthorityAnswer = MATCHED, *, in_reply_to: str = "m-1", keys: AuthorityKeys = KEYS) -> bytes:
    return render_answer(given, in_reply_to=in_reply_to, answered_at=NOW, environment=LIVE, sign=keys.sign)


ANSWER = answer()


def receive(text: bytes, *, now: datetime = NOW, live_only: bool = True) -> AuthorityAnswer:
    return open_answer(text, pin=KEYS.pin(), question=QUESTION, live_only=live_only, now=now)


def resealed(text: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Let the authority itself sign another payload."""
    payload = json.loads(base64.b64decode(json.loads(text)["payload"]))
    change(payload)
    return seal_envelope(Context.ANSWER, payload, sign=KEYS.sign)


def assert_refused(
    refusal: AuthorityRefusal, text: bytes, *, now: datetime | None = NOW, memory: ReplayMemory | None = None
) -> None:
    with pytest.raises(QuestionRefused) as caught:
        hear(text, now=now, memory=memory)
    assert caught.value.refusal is refusal


def test_questions_arrive() -> None:
    """What was asked is what is heard."""
    assert hear(ask()) == QUESTION


@pytest.mark.parametrize("given", [MATCHED, PENDING])
def test_answers_arrive(given: AuthorityAnswer) -> None:
    """What was answered is what is received."""
    assert receive(answer(given)) == given


def test_name_and_number_are_not_readable_on_the_way() -> None:
    """A proxy that ends TLS sees neither, in no encoding that it travels in."""
    envelope = json.loads(ask())
    payload = base64.b64decode(envelope["payload"])
    subject = base64.b64decode(json.loads(payload)["subject"])
    for text in (payload, subject):
        assert QUESTION.number.encode() not in text
        assert QUESTION.name.encode() not in text


def test_a_question_does_not_print_the_person() -> None:
    """Its repr may be logged."""
    assert repr(QUESTION) == "Question(m-1)"


@pytest.mark.parametrize("apart", [WINDOW, -WINDOW])
def test_the_window_includes_its_bounds(apart: timedelta) -> None:
    """Five minutes either way, on both sides of the conversation."""
    hear(ask(), now=NOW + apart)
    receive(answer(), now=NOW + apart)


@pytest.mark.parametrize("apart", [WINDOW + timedelta(milliseconds=1), -WINDOW - timedelta(milliseconds=1)])
def test_outside_the_window_nothing_is_taken(apart: timedelta) -> None:
    """Old and future messages are refused; without a clock the signed time itself counts."""
    assert_refused(AuthorityRefusal.OUT_OF_TIME, ask(), now=NOW + apart)
    with pytest.raises(AuthorityAnswerInvalid, match="clocks"):
        receive(answer(), now=NOW + apart)
    assert hear(ask(), now=None) == QUESTION


def test_a_message_is_taken_once() -> None:
    """A replay is refused while it is remembered; memory is bounded."""
    memory = ReplayMemory(capacity=1)
    hear(ask(), memory=memory)
    assert_refused(AuthorityRefusal.REPLAYED, ask(), memory=memory)
    hear(ask(replace(QUESTION, message_id="m-2")), memory=memory)
    hear(ask(), memory=memory)


def test_an_answer_is_no_question_and_a_question_no_answer() -> None:
    """Signatures are bound to their direction, even under one and the same key."""
    payload = json.loads(base64.b64decode(json.loads(answer())["payload"]))
    with pytest.raises(AuthorityAnswerInvalid, match="signature"):
        receive(seal_envelope(Context.QUESTION, payload, sign=KEYS.sign))
    assert_refused(
        AuthorityRefusal.SIGNATURE_INVALID, seal_envelope(Context.ANSWER, {"version": "1"}, sign=sign_as_client)
    )


def test_a_question_to_another_authority_stays_closed() -> None:
    """Forwarding it to us opens nothing."""
    other = AuthorityKeys(signing=PrivateKey.generate(), encryption=PrivateKey.generate())
    assert_refused(AuthorityRefusal.SUBJECT_UNREADABLE, ask(keys=other))


def test_an_answer_of_another_authority_is_refused() -> None:
    """Only the pinned key speaks for the authority, whatever key id is claimed."""
    impostor = AuthorityKeys(signing=PrivateKey.generate(), encryption=KEYS.encryption)
    with pytest.raises(AuthorityAnswerInvalid, match="pinned"):
        receive(answer(keys=impostor))
    claimed = json.loads(answer(keys=impostor)) | {"key_id": json.loads(answer())["key_id"]}
    with pytest.raises(AuthorityAnswerInvalid, match="signature"):
        receive(json.dumps(claimed).encode())


def test_an_answer_to_another_question_is_refused() -> None:
    """Neither another message's nor another application's answer is taken for ours."""
    with pytest.raises(AuthorityAnswerInvalid, match="another question"):
        receive(answer(in_reply_to="m-2"))
    with pytest.raises(AuthorityAnswerInvalid, match="another question"):
        receive(answer(replace(MATCHED, reference="application-2")))


@pytest.mark.parametrize(
    "given",
    [
        replace(MATCHED, eid_mark=None),
        replace(MATCHED, name_on_file=None),
        replace(MATCHED, eid_mark=bytes(35)),
        replace(PENDING, eid_mark=bytes(36)),
        replace(PENDING, name_on_file="测一一"),
    ],
)
def test_an_answer_that_contradicts_itself_is_refused(given: AuthorityAnswer) -> None:
    """Name and mark come with a match, whole, and with nothing else."""
    with pytest.raises(AuthorityAnswerInvalid, match="contradicts"):
        receive(answer(given))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", "2"),
        ("verdict", "fine"),
        ("verdict", None),
        ("signals", "device_risk"),
        ("signals", ["unheard_of"]),
        ("signals", [[]]),
        ("document_valid_until", "20360114"),
        ("document_valid_until", "soon"),
        ("eid_mark", "****"),
        ("note", ""),
        ("name_on_file", "测" * 300),
        ("answered_at", "2026-01-15T01:00:00Z"),
        ("extra", "1"),
    ],
)
def test_a_signed_answer_must_still_make_sense(field: str, value: object) -> None:
    """A right signature does not excuse a wrong form."""
    with pytest.raises(AuthorityAnswerInvalid):
        receive(resealed(answer(), lambda payload: payload.update({field: value})))


def test_a_field_left_out_is_noticed() -> None:
    """Absent is not the same as null."""
    with pytest.raises(AuthorityAnswerInvalid):
        receive(resealed(answer(), lambda payload: payload.pop("note")))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"version": "2"}, AuthorityRefusal.VERSION_UNSUPPORTED),
        ({"extra": "1"}, AuthorityRefusal.MALFORMED),
        ({"reference": "x" * 129}, AuthorityRefusal.MALFORMED),
        ({"sent_at": "now"}, AuthorityRefusal.MALFORMED),
        ({"subject": "AAAA"}, AuthorityRefusal.SUBJECT_UNREADABLE),
    ],
)
def test_a_signed_question_must_still_make_sense(change: dict[str, str], refusal: AuthorityRefusal) -> None:
    """The sender is known, and yet nothing is guessed."""
    payload = json.loads(base64.b64decode(json.loads(ask())["payload"])) | change
    assert_refused(refusal, seal_envelope(Context.QUESTION, payload, sign=sign_as_client))


@given(st.data())
def test_no_changed_byte_gets_through(data: st.DataObject) -> None:
    """Whatever byte of an answer is changed, it is refused or means exactly the same."""
    text = bytearray(ANSWER)
    position = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    text[position] ^= data.draw(st.integers(min_value=1, max_value=255))
    try:
        received = receive(bytes(text))
    except AuthorityAnswerInvalid:
        return
    assert received == MATCHED


@given(st.binary(max_size=300))
def test_noise_is_refused_in_order(noise: bytes) -> None:
    """No input, however odd, raises anything but the two documented errors."""
    with pytest.raises(AuthorityAnswerInvalid):
        receive(noise)
    assert_refused(AuthorityRefusal.MALFORMED, noise)


@pytest.mark.parametrize(
    ("change", "in_live_mode", "in_sandbox"),
    [
        (lambda payload: payload.update(environment="live"), None, None),
        (lambda payload: payload.update(environment="sandbox"), "sandbox", None),
        (lambda payload: payload.pop("environment"), "does not name", None),
        (lambda payload: payload.update(environment="test"), "malformed", "malformed"),
        (lambda payload: payload.update(environment=None), "malformed", "malformed"),
    ],
    ids=["live", "sandbox", "missing", "unknown", "null"],
)
def test_live_mode_believes_authorities_of_real_people_only(
    change: Callable[[dict[str, Any]], None], in_live_mode: str | None, in_sandbox: str | None
) -> None:
    """The authority signs for whom it speaks; silence about it is not enough for live mode."""
    text = resealed(ANSWER, change)
    for live_only, why in ((True, in_live_mode), (False, in_sandbox)):
        if why is None:
            assert receive(text, live_only=live_only) == MATCHED
        else:
            with pytest.raises(AuthorityAnswerInvalid, match=why):
                receive(text, live_only=live_only)
