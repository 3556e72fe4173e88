"""A presented code makes one verification, whatever is decided; a repeat of it is answered as before."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from eztong.domain.canonical_json import parse_document
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Channel, CodeState, Method, make_number
from eztong.domain.codes.verification import Outcome, Verification
from eztong.domain.errors import (
    ClaimNotAllowed,
    CodeClockSkew,
    CodeUnknown,
    DeskUnknown,
    IdempotencyConflict,
    KeyRevoked,
    NotFound,
    SceneNotAllowed,
)
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identifiers import VerificationId
from eztong.domain.partners.partner import Scope
from eztong.ports.act import SYSTEM
from eztong.ports.keys import MacPurpose
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.codes.verify_code import needs_of, read_again, verify_code, verify_seen
from eztong.usecases.idempotency import IdempotencyKey, idempotency_key
from eztong.usecases.partners.authenticate_partner import IssueApiKey, issue_api_key, revoke_api_key, see_partner
from tests.unit.usecases.codes.asking import (
    PERSON_ONLY,
    answered,
    asking,
    at_library,
    qr_of,
    show,
    state_of,
    stored,
)
from tests.unit.usecases.consent import withdraw
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import LI, WANG, Stage


def key_of(stage: Stage, key: str, body: bytes = b"body") -> IdempotencyKey:
    return idempotency_key(key, body=body, operation="verifications", keys=stage.keys)


def kept(stage: Stage, answer: Answered, partner_id: str = "hotel") -> Verification | None:
    partner = stage.partner(partner_id).partner_id
    return stage.read(lambda repositories: repositories.verifications.get(partner, answer.verification.verification_id))


def test_a_fresh_code_passes_and_everything_about_it_is_stored(stage: Stage) -> None:
    shown = show(stage)
    stage.clock.pass_by(seconds=5)
    answer = answered(stage, asking(stage, shown.number))
    made = answer.verification
    assert answer.leaf is not None
    assert made == Verification(
        verification_id=made.verification_id,
        partner_id=stage.partner().partner_id,
        holder_id=stage.holder_id(),
        code_id=shown.code_id,
        request_id=None,
        outcome=Outcome.PASSED,
        reason=None,
        scene="hotel_check_in",
        desk="front-1",
        method=Method.NUMBER,
        claims=(Claim.IS_PERSON,),
        created_at=stage.clock.now(),
        result=answer.result,
        sealed_result=None,
        batch_id=answer.leaf.batch_id,
        leaf_index=0,
        api_key_id="key-1",
    )
    assert kept(stage, answer) == made


def test_the_code_is_used_up_by_its_verification(stage: Stage) -> None:
    shown = show(stage)
    command = asking(stage, qr_of(shown))
    answer = answered(stage, command)
    assert answer.verification.method is Method.QR
    assert stored(stage, shown) == replace(
        stored(stage, shown),
        state=CodeState.CONSUMED,
        verification_id=answer.verification.verification_id,
        asking_hash=command.asking_hash,
    )


def test_the_partner_is_told_that_it_passed_and_no_more_than_was_asked(stage: Stage) -> None:
    answer = answered(stage, asking(stage, show(stage).number))
    told = parse_document(answer.result)
    code = told.pop("partner_code")
    assert len(code) == 48
    assert told == {
        "format": "eztong/result/v1",
        "id": answer.verification.verification_id,
        "partner": "hotel",
        "scene": "hotel_check_in",
        "desk": "front-1",
        "method": "number",
        "outcome": "passed",
        "environment": "sandbox",
        "at": "2026-03-02T01:00:00.000Z",
        "claims": {"is_person": True},
        "withheld": {},
    }


def test_a_spoken_number_passes_after_four_minutes(stage: Stage) -> None:
    shown = show(stage, channel=Channel.SPOKEN)
    stage.clock.pass_by(seconds=240)
    assert answered(stage, asking(stage, shown.number)).verification.outcome is Outcome.PASSED


def test_a_repeat_within_the_life_gets_the_same_bytes_and_makes_nothing(stage: Stage) -> None:
    shown = show(stage)
    first = answered(stage, asking(stage, shown.number))
    before = stage.rows()
    stage.clock.pass_by(seconds=59)
    again = answered(stage, asking(stage, qr_of(shown)))
    assert (again.result, again.verification, again.leaf) == (first.result, first.verification, None)
    assert stage.rows() == before


def test_the_same_idempotency_key_gets_the_same_answer_long_after_the_code(stage: Stage) -> None:
    shown, key = show(stage), key_of(stage, "order-1")
    first = answered(stage, asking(stage, shown.number, key=key))
    before = stage.rows()
    stage.clock.pass_by(days=30)
    again = answered(stage, asking(stage, shown.number, key=key))
    assert (again.result, again.verification) == (first.result, first.verification)
    assert stage.rows() == before


def test_an_idempotency_key_with_another_body_is_a_conflict_and_uses_no_code(stage: Stage) -> None:
    answered(stage, asking(stage, show(stage).number, key=key_of(stage, "order-1")))
    other = show(stage, WANG)
    with pytest.raises(IdempotencyConflict):
        stage.act(verify_code, asking(stage, other.number, key=key_of(stage, "order-1", b"other")))
    assert state_of(stage, other) is CodeState.ISSUED


def test_an_idempotency_key_is_each_partners_own(stage: Stage) -> None:
    answered(stage, asking(stage, show(stage).number, key=key_of(stage, "order-1")))
    other = replace(at_library(stage, show(stage, WANG).number), idempotency=key_of(stage, "order-1", b"other"))
    assert answered(stage, other).verification.partner_id == "library"


def test_a_refused_try_leaves_its_idempotency_key_free(stage: Stage) -> None:
    with pytest.raises(CodeUnknown):
        stage.act(verify_code, asking(stage, make_number(7), key=key_of(stage, "order-1", b"unknown")))
    answer = answered(stage, asking(stage, show(stage).number, key=key_of(stage, "order-1")))
    record = stage.read(
        lambda repositories: repositories.idempotency.get(stage.partner().partner_id, key_of(stage, "order-1").key_hash)
    )
    assert record is not None
    assert (record.resource_id, record.operation) == (answer.verification.verification_id, "verifications")
    assert record.created_at == START


@pytest.mark.parametrize("state", [HolderState.TERMINATED, HolderState.DEREGISTERING])
def test_a_holder_whose_account_was_stopped_does_not_pass(stage: Stage, state: HolderState) -> None:
    shown = show(stage)
    stage.change(state=state)
    answer = answered(stage, asking(stage, shown.number))
    assert answer.verification.outcome is Outcome.NOT_PASSED
    told = parse_document(answer.result)
    assert told["outcome"] == "not_passed"
    assert {"partner_code", "claims", "withheld", "reason"}.isdisjoint(told)
    assert state_of(stage, shown) is CodeState.CONSUMED


@pytest.mark.parametrize("cause", FreezeCause)
def test_whoever_froze_the_account_the_partner_learns_only_that_it_did_not_pass(
    stage: Stage, cause: FreezeCause
) -> None:
    shown = show(stage)
    stage.change(state=HolderState.FROZEN, freeze_cause=cause)
    answer = answered(stage, asking(stage, shown.number))
    assert (answer.verification.outcome, answer.verification.reason) == (Outcome.NOT_PASSED, "holder_frozen")
    assert b"frozen" not in answer.result


def test_a_restricted_holder_passes_where_little_is_asked_and_nowhere_else(stage: Stage) -> None:
    stage.mark()
    assert answered(stage, asking(stage, show(stage).number)).verification.outcome is Outcome.PASSED
    high = replace(asking(stage, show(stage).number, caller=stage.caller("esign"), desk=None), scene="contract_signing")
    answer = answered(stage, high)
    assert (answer.verification.outcome, answer.verification.reason) == (Outcome.NOT_PASSED, "document_expired")


def test_a_partner_that_is_switched_off_is_told_not_passed_and_no_other(stage: Stage) -> None:
    holder_id, hotel = stage.holder_id(), stage.partner().partner_id
    stage.write(lambda uow: uow.grants.set_switch(holder_id, hotel, on=False, now=START))
    answer = answered(stage, asking(stage, show(stage).number))
    assert (answer.verification.outcome, answer.verification.reason) == (Outcome.NOT_PASSED, "partner_switched_off")
    assert answered(stage, at_library(stage, show(stage).number)).verification.outcome is Outcome.PASSED


def test_a_consent_withdrawn_after_the_code_was_shown_counts_at_the_moment_of_use(stage: Stage) -> None:
    shown = show(stage)
    withdraw(stage)
    answer = answered(stage, asking(stage, shown.number))
    assert (answer.verification.outcome, answer.verification.reason) == (Outcome.NOT_PASSED, "agreement_not_accepted")


def test_a_code_that_was_never_issued_is_unknown_and_leaves_nothing(stage: Stage) -> None:
    before = stage.rows()
    with pytest.raises(CodeUnknown):
        stage.act(verify_code, asking(stage, make_number(7)))
    assert stage.rows() == before


def test_a_day_after_its_life_a_code_is_as_unknown_as_one_never_issued(stage: Stage) -> None:
    shown = show(stage)
    stage.clock.pass_by(days=1, seconds=60)
    before = stage.rows()
    with pytest.raises(CodeUnknown):
        stage.act(verify_code, asking(stage, shown.number))
    assert stage.rows() == before


def test_a_code_from_the_future_is_refused_and_stays(stage: Stage) -> None:
    shown = show(stage)
    stage.clock.pass_by(seconds=-6)
    with pytest.raises(CodeClockSkew):
        stage.act(verify_code, asking(stage, shown.number))
    assert state_of(stage, shown) is CodeState.ISSUED
    stage.clock.pass_by(seconds=1)
    assert answered(stage, asking(stage, shown.number)).verification.outcome is Outcome.PASSED


def test_a_partner_asks_only_in_its_own_scenes_at_its_own_desks_for_its_own_claims(stage: Stage) -> None:
    shown = show(stage)
    command = asking(stage, shown.number)
    before = stage.rows()
    for asked, error in (
        (replace(command, scene="library_entry"), SceneNotAllowed),
        (replace(command, desk="gate-1"), DeskUnknown),
        (replace(at_library(stage, shown.number), wants=frozenset({Claim.MASKED_NAME})), ClaimNotAllowed),
    ):
        with pytest.raises(error):
            stage.act(verify_code, asked)
    assert stage.rows() == before
    assert state_of(stage, shown) is CodeState.ISSUED


def test_only_the_asking_partner_reads_an_answer_again(stage: Stage) -> None:
    made = answered(stage, asking(stage, show(stage).number)).verification
    with pytest.raises(NotFound):
        stage.act(read_again, made.verification_id, caller=stage.caller("library"))
    with pytest.raises(NotFound):
        stage.act(read_again, VerificationId("ver_00000000000000000000000000"), caller=stage.caller())
    assert stage.act(read_again, made.verification_id, caller=stage.caller()).verification == made


def test_what_a_round_reads_ahead_is_what_a_try_looks_for(stage: Stage) -> None:
    shown, key = show(stage), key_of(stage, "order-1")
    needs = needs_of(asking(stage, shown.number, key=key))
    assert (needs.partner_id, needs.method, needs.key_hash) == ("hotel", Method.NUMBER, key.key_hash)
    assert needs.handles == (stage.keys.mac(MacPurpose.CODE_HANDLE, shown.number.encode()),)
    assert needs_of(asking(stage, shown.number)).key_hash is None


def test_a_repeat_is_known_by_partner_asker_scene_desk_and_claims(stage: Stage) -> None:
    command = asking(stage, show(stage).number)
    same = [command, replace(command, presented=asking(stage, make_number(7)).presented)]
    others = [
        replace(command, caller=stage.caller("library")),
        replace(command, caller=stage.caller(key_id="key-2")),
        replace(command, asker="staff session"),
        replace(command, scene="other"),
        replace(command, desk="front-2"),
        replace(command, desk=None),
        replace(command, wants=PERSON_ONLY | {Claim.MASKED_NAME}),
    ]
    assert len({one.asking_hash for one in same}) == 1
    assert len({one.asking_hash for one in (command, *others)}) == len(others) + 1


def test_two_people_get_different_partner_codes_and_one_person_the_same_again(stage: Stage) -> None:
    codes = [
        parse_document(answered(stage, asking(stage, show(stage, person).number)).result)["partner_code"]
        for person in (LI, WANG, LI)
    ]
    assert codes[0] == codes[2] != codes[1]


def test_partners_of_different_sectors_get_different_codes_of_one_person(stage: Stage) -> None:
    hotel = answered(stage, asking(stage, show(stage).number))
    library = answered(stage, at_library(stage, show(stage).number))
    assert parse_document(hotel.result)["partner_code"] != parse_document(library.result)["partner_code"]


def test_a_key_that_was_revoked_since_the_call_came_in_gets_no_answer(stage: Stage) -> None:
    issued = IssueApiKey(partner_id=stage.partner().partner_id, label="till", scopes=frozenset(Scope), live=False)
    key, text = stage.act(issue_api_key, issued, by=SYSTEM)
    seen = stage.act(see_partner, text, store=stage.store)
    command = asking(stage, show(stage).number, caller=seen.caller)
    stage.act(revoke_api_key, key.partner_id, key.key_id, by=SYSTEM)
    with pytest.raises(KeyRevoked):
        stage.act(verify_seen, command, seen)
    assert stage.rows()["verifications"] == 0
    _, again = stage.act(issue_api_key, issued, by=SYSTEM)
    seen = stage.act(see_partner, again, store=stage.store)
    answer = stage.act(verify_seen, replace(command, caller=seen.caller), seen)
    assert isinstance(answer, Answered)
    assert answer.verification.api_key_id == seen.caller.key.key_id
