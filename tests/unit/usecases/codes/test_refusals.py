"""A known code that cannot be used is refused, and the holder can read of it: once for each try, warned of once."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from msgspec.structs import replace

from eztong.domain.agreements import commitment
from eztong.domain.canonical_json import parse_document, render_canonical
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import CodeState, ShownCode, make_qr, parse_presented
from eztong.domain.codes.refused_try import CodeAttempt, refused_try_document
from eztong.domain.codes.verification import Outcome
from eztong.domain.errors import (
    CodeAlreadyUsed,
    CodeCancelled,
    CodeClockSkew,
    CodeExpired,
    CodeForged,
    CodeUnknown,
    EztongError,
    NotFound,
    StateConflict,
)
from eztong.domain.evidence.proof import verify_proof
from eztong.domain.holder import FreezeCause
from eztong.domain.identifiers import VerificationId
from eztong.ports.act import Act
from eztong.ports.keys import MacPurpose
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.sign_in import sign_out
from eztong.usecases.codes.read_proof import proof_file, proof_part
from eztong.usecases.codes.verify_code import VerifyCode, check_genuine, verify_code
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.idempotency import idempotency_key
from tests.unit.usecases.codes.asking import (
    PERSON_ONLY,
    answered,
    asking,
    at_library,
    attempts,
    qr_of,
    refused,
    show,
    state_of,
    stored,
)
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import LI, WANG, Stage


def freeze(stage: Stage) -> None:
    command = FreezeHolder(holder_id=stage.holder_id(), cause=FreezeCause.SELF, channel="test")
    stage.act(freeze_holder, command)


# --- why ----------------------------------------------------------------------------------------------------------


def test_a_code_whose_life_is_over_is_expired_and_the_try_is_kept(stage: Stage) -> None:
    shown = show(stage)
    now = stage.clock.pass_by(seconds=60)
    refusal = refused(stage, asking(stage, shown.number))
    assert isinstance(refusal.error, CodeExpired)
    assert refusal.is_new
    kept = attempts(stage)
    assert kept == [
        CodeAttempt(
            holder_id=stage.holder_id(),
            attempt_id=kept[0].attempt_id,
            code_id=shown.code_id,
            partner_id=stage.partner().partner_id,
            scene="hotel_check_in",
            desk="front-1",
            reason="code_expired",
            at=now,
        )
    ]
    assert stage.rows()["verifications"] == 0
    assert stage.topics() == []


def test_a_code_that_a_newer_one_replaced_is_cancelled(stage: Stage) -> None:
    first, second = show(stage), show(stage)
    assert isinstance(refused(stage, asking(stage, first.number)).error, CodeCancelled)
    assert [one.reason for one in attempts(stage)] == ["code_cancelled"]
    assert answered(stage, asking(stage, second.number)).verification.outcome is Outcome.PASSED


def test_a_code_of_a_device_that_signed_out_is_cancelled_and_stays_so(stage: Stage) -> None:
    shown = show(stage)
    stage.act(sign_out, LI.session)
    assert isinstance(refused(stage, asking(stage, shown.number)).error, CodeCancelled)
    assert (state_of(stage, shown), stored(stage, shown).verification_id) == (CodeState.CANCELLED, None)


def test_a_code_that_died_with_a_freeze_makes_its_one_verification_which_does_not_pass(stage: Stage) -> None:
    shown = show(stage)
    freeze(stage)
    answer = answered(stage, asking(stage, shown.number))
    assert (answer.verification.outcome, answer.verification.reason) == (Outcome.NOT_PASSED, "holder_frozen")
    after = stored(stage, shown)
    assert (after.state, after.verification_id) == (CodeState.CANCELLED, answer.verification.verification_id)
    again = answered(stage, asking(stage, shown.number))
    assert again.result == answer.result
    assert isinstance(refused(stage, at_library(stage, shown.number)).error, CodeAlreadyUsed)


def test_every_refused_try_is_attested_once_and_names_nobody(stage: Stage) -> None:
    shown = show(stage)
    answered(stage, asking(stage, shown.number))
    for _ in range(2):
        refused(stage, at_library(stage, shown.number))
    (attempt,) = attempts(stage)
    attested = stage.read(lambda stored: stored.codes.attested_attempt(stage.holder_id(), attempt.attempt_id))
    assert attested is not None
    document = parse_document(attested.document)
    assert document == refused_try_document(attempt, environment="sandbox", salt=attested.salt)
    assert stage.holder_id() not in attested.document.decode()
    assert document["holder"] == commitment(salt=attested.salt, holder_id=stage.holder_id())
    proof = proof_file(attested.document, stage.act(proof_part, attested.batch_id, attested.leaf_index))
    keys = {key.key_id: key for key in stage.keys.published()}
    assert verify_proof(render_canonical(proof), keys=keys).document == document
    leaves = stage.select("SELECT sum(length(leaves)) / 32 FROM batches")[0][0]
    claims = [stage.rows()[table] for table in ("acceptances", "verifications", "code_attempts")]
    assert leaves == sum(claims), "a try that is not new leaves no leaf"


def test_a_code_that_died_with_a_freeze_expires_like_any_other(stage: Stage) -> None:
    shown = show(stage)
    freeze(stage)
    stage.clock.pass_by(seconds=60)
    assert isinstance(refused(stage, asking(stage, shown.number)).error, CodeExpired)


def another_partner(stage: Stage, shown: ShownCode) -> VerifyCode:
    return at_library(stage, shown.number)


def another_key(stage: Stage, shown: ShownCode) -> VerifyCode:
    return asking(stage, shown.number, caller=stage.caller(key_id="key-2"))


def another_desk(stage: Stage, shown: ShownCode) -> VerifyCode:
    return asking(stage, shown.number, desk="front-2")


def more_claims(stage: Stage, shown: ShownCode) -> VerifyCode:
    return asking(stage, shown.number, wants=PERSON_ONLY | {Claim.AGE_OVER_18})


def another_person_at_the_desk(stage: Stage, shown: ShownCode) -> VerifyCode:
    return replace(asking(stage, shown.number), asker="staff session")


@pytest.mark.parametrize("other", [another_partner, another_key, another_desk, more_claims, another_person_at_the_desk])
def test_a_used_code_is_a_replay_for_whoever_asks_something_else(
    stage: Stage, other: Callable[[Stage, ShownCode], VerifyCode]
) -> None:
    shown = show(stage)
    answered(stage, asking(stage, shown.number))
    refusal = refused(stage, other(stage, shown))
    assert isinstance(refusal.error, CodeAlreadyUsed)
    assert [one.reason for one in attempts(stage)] == ["code_already_used"]
    assert stage.rows()["verifications"] == 1


def test_the_first_asker_too_is_a_replay_once_the_life_is_over(stage: Stage) -> None:
    shown = show(stage)
    answered(stage, asking(stage, shown.number))
    stage.clock.pass_by(seconds=60)
    assert isinstance(refused(stage, asking(stage, shown.number)).error, CodeAlreadyUsed)
    assert stage.topics() == []


# --- what the holder learns ---------------------------------------------------------------------------------------


def test_a_replay_warns_the_holder_and_names_the_partner(stage: Stage) -> None:
    shown = show(stage)
    answered(stage, asking(stage, shown.number))
    refused(stage, at_library(stage, shown.number))
    (message,) = stage.messages()
    assert (message.topic.value, message.phone, message.language) == ("code_replayed", LI.phone, "zh-CN")
    assert message.params == {"partner": "示例图书馆"}


def test_the_same_refused_try_again_leaves_no_row_and_warns_nobody(stage: Stage) -> None:
    shown = show(stage)
    answered(stage, asking(stage, shown.number))
    assert refused(stage, at_library(stage, shown.number)).is_new
    before = stage.rows()
    assert not refused(stage, at_library(stage, shown.number)).is_new
    assert stage.rows() == before


def test_replays_of_one_code_at_several_places_are_all_kept_and_warned_of_once(stage: Stage) -> None:
    shown = show(stage)
    answered(stage, asking(stage, shown.number))
    for command in (
        at_library(stage, shown.number),
        another_desk(stage, shown),
        asking(stage, shown.number, desk=None),
    ):
        assert refused(stage, command).is_new
    assert {(one.partner_id, one.desk) for one in attempts(stage)} == {
        ("library", None),
        ("hotel", "front-2"),
        ("hotel", None),
    }
    assert stage.topics() == ["code_replayed"]


def test_an_hour_brings_three_warnings_and_the_next_hour_more(stage: Stage) -> None:
    def replay() -> None:
        stage.unlock()
        shown = show(stage)
        answered(stage, asking(stage, shown.number))
        assert refused(stage, at_library(stage, shown.number)).is_new

    for _ in range(5):
        stage.clock.pass_by(seconds=1)
        replay()
    assert stage.topics() == ["code_replayed"] * 3
    assert len(attempts(stage)) == 5
    stage.clock.pass_by(hours=1)
    replay()
    assert stage.topics() == ["code_replayed"] * 4


def test_a_refused_idempotent_try_remembers_no_answer(stage: Stage) -> None:
    shown = show(stage)
    answered(stage, asking(stage, shown.number))
    key = idempotency_key("order-1", body=b"body", operation="verifications", keys=stage.keys)
    refused(stage, replace(at_library(stage, shown.number), idempotency=key))
    assert stage.rows()["idempotency_keys"] == 0


# --- races --------------------------------------------------------------------------------------------------------


def overtaken(stage: Stage, command: VerifyCode, *, readings: int = 1) -> object:
    """Verify while another writer uses the code: so many times it is read as it was before."""

    def verify(act: Act) -> object:
        stale = cast("UnitOfWork", _Overtaken(act.uow, readings))
        return verify_code(replace(act, uow=stale), command)

    return stage.act(verify)


class _Overtaken:
    """A unit of work in which codes are found as they were before another writer used them."""

    def __init__(self, uow: UnitOfWork, readings: int) -> None:
        self._uow = uow
        self.codes = _StaleCodes(uow, readings)

    def __getattr__(self, name: str) -> object:
        return getattr(self._uow, name)


class _StaleCodes:
    def __init__(self, uow: UnitOfWork, readings: int) -> None:
        self._codes = uow.codes
        self._readings = readings

    def by_hash(self, digits_hash: bytes) -> object:
        found = self._codes.by_hash(digits_hash)
        if self._readings == 0 or found is None:
            return found
        self._readings -= 1
        return replace(found, state=CodeState.ISSUED, verification_id=None, asking_hash=None)

    def __getattr__(self, name: str) -> object:
        return getattr(self._codes, name)


def test_whoever_loses_the_race_for_a_code_is_judged_anew_as_a_replay(stage: Stage) -> None:
    shown = show(stage)
    answered(stage, asking(stage, shown.number))
    lost = overtaken(stage, at_library(stage, shown.number))
    assert isinstance(getattr(lost, "error", None), CodeAlreadyUsed)
    assert stage.rows()["verifications"] == 1


def test_the_same_question_that_loses_the_race_gets_the_winners_answer(stage: Stage) -> None:
    shown = show(stage)
    first = answered(stage, asking(stage, shown.number))
    lost = overtaken(stage, asking(stage, shown.number))
    assert getattr(lost, "result", None) == first.result
    assert stage.rows()["verifications"] == 1


def test_a_code_that_is_taken_away_more_often_than_it_has_states_is_a_conflict(stage: Stage) -> None:
    command = asking(stage, show(stage).number)
    answered(stage, command)
    with pytest.raises(StateConflict):
        overtaken(stage, command, readings=3)
    assert stage.rows()["verifications"] == 1


def test_of_two_tries_in_a_row_one_alone_wins_the_code(stage: Stage) -> None:
    shown = show(stage)

    def use(number: int) -> bool:
        made = VerificationId(f"ver_{number:026d}")
        return stage.write(lambda uow: uow.codes.consume(shown.code_id, made, asking_hash=b"asked", now=START))

    assert [use(1), use(2)] == [True, False]
    assert stored(stage, shown).verification_id == VerificationId(f"ver_{1:026d}")


def test_a_code_whose_verification_is_gone_is_not_found(stage: Stage) -> None:
    shown = show(stage)
    command = asking(stage, shown.number)
    gone = VerificationId(f"ver_{1:026d}")
    stage.write(
        lambda uow: uow.codes.consume(shown.code_id, gone, asking_hash=command.asking_hash, now=stage.clock.now())
    )
    with pytest.raises(NotFound):
        stage.act(verify_code, command)


# --- junk ---------------------------------------------------------------------------------------------------------


def junk(key_number: int, *, seconds: int = 0, tag: bytes = bytes(32)) -> str:
    issued = START.fromtimestamp(START.timestamp() + seconds, START.tzinfo)
    return make_qr(handle=1, issued_at=issued, key_number=key_number, tag=lambda _head: tag)


@pytest.mark.parametrize("key_number", [1, 999])
def test_a_payload_with_a_tag_of_somebody_else_or_of_no_key_is_forged(stage: Stage, key_number: int) -> None:
    with pytest.raises(CodeForged):
        stage.act(check_genuine, parse_presented(junk(key_number)))


@pytest.mark.parametrize(("seconds", "error"), [(5, None), (6, CodeClockSkew)])
def test_a_payload_may_be_five_seconds_ahead_and_no_more(
    stage: Stage, seconds: int, error: type[EztongError] | None
) -> None:
    number = stage.keys.active_number(MacPurpose.QR_TAG)
    issued = START.fromtimestamp(START.timestamp() + seconds, START.tzinfo)
    ahead = make_qr(
        handle=1, issued_at=issued, key_number=number, tag=lambda head: stage.keys.mac(MacPurpose.QR_TAG, head)
    )
    if error is None:
        stage.act(check_genuine, parse_presented(ahead))
    else:
        with pytest.raises(error):
            stage.act(check_genuine, parse_presented(ahead))


def test_what_this_service_showed_is_genuine_in_either_spelling(stage: Stage) -> None:
    shown = show(stage, WANG)
    stage.act(check_genuine, parse_presented(qr_of(shown)))
    stage.act(check_genuine, parse_presented(shown.number))


def test_a_genuine_payload_that_was_never_stored_is_unknown(stage: Stage) -> None:
    number = stage.keys.active_number(MacPurpose.QR_TAG)
    made = make_qr(
        handle=1, issued_at=START, key_number=number, tag=lambda head: stage.keys.mac(MacPurpose.QR_TAG, head)
    )
    stage.act(check_genuine, parse_presented(made))
    with pytest.raises(CodeUnknown):
        stage.act(verify_code, asking(stage, made))
