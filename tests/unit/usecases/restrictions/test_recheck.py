"""Checks: a correct answer lifts what a check lifts and nothing else; no answer decides nothing (2.5, 2.8)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from eztong.domain.errors import (
    AgreementNotAccepted,
    AuthorityUnavailable,
    HolderNotActive,
    SessionMissing,
    StateConflict,
    TooMany,
)
from eztong.domain.events import Actor
from eztong.domain.holder import FreezeCause, HolderState, WrappedKey
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.jobs.job import JobKind
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.domain.restrictions.recheck import RECHECKS, NothingToCheck, RecheckResult
from eztong.domain.standing import NothingPasses
from eztong.ports.act import OPERATOR
from eztong.usecases.registration.accept_agreements import accept_agreements
from eztong.usecases.restrictions.pause_use import pause_use
from eztong.usecases.restrictions.recheck_identity import plan_recheck, recheck_account, recheck_identity
from tests.unit.usecases.consent import withdraw
from tests.unit.usecases.restrictions.acts import answers, check, confirms, days_from_now, run_checks, run_days
from tests.unit.usecases.stage import FILE, LI, WANG, ZHAO, Stage, accepting

MONTH = 30


def open_causes(stage: Stage) -> set[Cause]:
    return {mark.cause for mark in stage.marks() if mark.is_open}


def waiting(stage: Stage) -> int:
    """Return for how many days the check by itself waits."""
    job = stage.read(lambda stored: stored.jobs.waiting(JobKind.RECHECK, stage.holder_id()))
    assert job is not None
    return (job.next_attempt_at - stage.clock.now()).days


# --- by the holder --------------------------------------------------------------------------------------------------


def test_a_new_document_lifts_the_mark_by_itself_and_both_are_in_the_history(stage: Stage) -> None:
    stage.mark(cause=Cause.DOCUMENT_EXPIRED)
    confirms(stage, days_from_now(stage, 3650))
    assert check(stage) is RecheckResult.CONFIRMED
    assert stage.holder().standing == "active"
    (mark,) = stage.marks()
    assert (mark.is_open, mark.lifted_by) == (False, Actor.SYSTEM)
    assert [event.kind for event in stage.events()] == ["restricted", "identity_checked", "restriction_lifted"]
    assert [event.actor for event in stage.events()] == [Actor.SYSTEM, Actor.HOLDER, Actor.SYSTEM]
    assert stage.topics() == ["restriction_lifted"]


def test_the_authority_is_asked_about_what_is_stored_by_a_name_of_its_own(stage: Stage) -> None:
    confirms(stage)
    check(stage)
    check(stage)
    (first, second) = stage.authority.asked[-2:]
    assert first[:2] == second[:2] == (LI.name, LI.number)
    assert first[2] != second[2] != stage.holder_id()


def test_a_document_that_has_run_out_sets_the_mark_and_lifts_a_doubt(stage: Stage) -> None:
    stage.mark(cause=Cause.DATA_DOUBT, ceiling=Ceiling.NONE)
    confirms(stage, days_from_now(stage, -1))
    assert check(stage) is RecheckResult.EXPIRED
    assert open_causes(stage) == {Cause.DOCUMENT_EXPIRED}
    assert stage.holder().ceiling is Ceiling.LOW


@pytest.mark.parametrize("verdict", [AuthorityVerdict.MISMATCH, AuthorityVerdict.NO_RECORD])
def test_what_does_not_match_is_in_doubt_until_it_matches_again(stage: Stage, verdict: AuthorityVerdict) -> None:
    answers(stage, verdict)
    assert check(stage) is RecheckResult.DIFFERS
    assert (stage.holder().ceiling, open_causes(stage)) == (Ceiling.LOW, {Cause.DATA_DOUBT})
    confirms(stage)
    assert check(stage) is RecheckResult.CONFIRMED
    assert stage.holder().standing == "active"


def test_a_number_whose_owner_died_stops_the_account(stage: Stage) -> None:
    answers(stage, AuthorityVerdict.DECEASED)
    check(stage)
    assert (stage.holder().state, stage.holder().freeze_cause) == (HolderState.FROZEN, FreezeCause.DEATH)
    assert stage.marks() == []


def test_another_eid_mark_is_another_person(stage: Stage) -> None:
    before = stage.holder().sealed_eid_mark
    stage.authority.answer = None  # a match, whose mark follows from the new reference
    assert check(stage) is RecheckResult.DIFFERS
    assert open_causes(stage) == {Cause.DATA_DOUBT}
    assert stage.holder().sealed_eid_mark == before


def test_an_answer_that_says_nothing_of_the_holder_changes_nothing(stage: Stage) -> None:
    stage.mark()
    answers(stage, AuthorityVerdict.NEEDS_HUMAN)
    assert check(stage) is RecheckResult.UNCLEAR
    assert open_causes(stage) == {Cause.DOCUMENT_EXPIRED}


def test_what_staff_or_the_holder_set_no_check_lifts(stage: Stage) -> None:
    for cause in (Cause.RISK, Cause.OPERATOR, Cause.MINOR_LIMITS):
        stage.mark(cause=cause)
    confirms(stage)
    check(stage)
    assert open_causes(stage) == {Cause.RISK, Cause.OPERATOR, Cause.MINOR_LIMITS}


def test_no_answer_decides_nothing_but_is_counted(stage: Stage) -> None:
    stage.mark()
    stage.authority.answer = AuthorityUnavailable()
    for _ in range(2):
        with pytest.raises(AuthorityUnavailable):
            check(stage)
    answers(stage, AuthorityVerdict.PENDING)
    with pytest.raises(AuthorityUnavailable):
        check(stage)
    assert open_causes(stage) == {Cause.DOCUMENT_EXPIRED}
    assert [event.kind for event in stage.events()] == ["restricted"]


def test_only_so_many_checks_a_day(stage: Stage) -> None:
    confirms(stage)
    for _ in range(RECHECKS.amount):
        check(stage)
    with pytest.raises(TooMany):
        check(stage)
    stage.clock.pass_by(days=2)
    check(stage)


def test_a_paused_account_is_not_asked_about(stage: Stage) -> None:
    confirms(stage)
    asked = len(stage.authority.asked)
    stage.act(pause_use, LI.session)
    with pytest.raises(NothingPasses):
        check(stage)
    assert len(stage.authority.asked) == asked


def test_without_consent_nobody_is_asked(stage: Stage) -> None:
    withdraw(stage)
    with pytest.raises(AgreementNotAccepted):
        check(stage)


def test_an_account_that_ended_has_nothing_to_check(stage: Stage) -> None:
    stage.change(state=HolderState.TERMINATED)
    with pytest.raises(NothingToCheck):
        check(stage)
    with pytest.raises(SessionMissing):
        recheck_identity(b"nobody", services=stage.services)
    stage.act(accept_agreements, accepting(stage, ZHAO.session))
    with pytest.raises(HolderNotActive):
        recheck_identity(ZHAO.session, services=stage.services)


def test_what_changed_while_the_authority_was_asked_is_not_judged_by_its_answer(stage: Stage) -> None:
    stage.mark()
    confirms(stage)
    stage.authority.meanwhile.happens = lambda: stage.change(sealed_name=stage.holder().sealed_phone)
    with pytest.raises(StateConflict):
        check(stage)
    assert open_causes(stage) == {Cause.DOCUMENT_EXPIRED}


def test_an_account_that_is_frozen_meanwhile_is_checked_all_the_same(stage: Stage) -> None:
    stage.mark()
    confirms(stage)
    before = stage.holder()
    frozen = before.frozen(FreezeCause.RISK)
    stage.authority.meanwhile.happens = lambda: stage.write(lambda uow: uow.holders.move(before, frozen))
    assert check(stage) is RecheckResult.CONFIRMED
    assert (stage.holder().state, stage.holder().ceiling) == (HolderState.FROZEN, None)


# --- by itself ------------------------------------------------------------------------------------------------------


def due(stage: Stage) -> None:
    """Let so much time pass that the account is to be checked."""
    for days in (MONTH + 1, 12 * MONTH):
        stage.clock.pass_by(days=days)
        if days == MONTH + 1:
            run_checks(stage)


def test_an_account_is_checked_after_a_year_and_not_before(stage: Stage) -> None:
    confirms(stage)
    stage.clock.pass_by(days=MONTH + 1)
    run_checks(stage)
    assert stage.authority.asked == []
    assert waiting(stage) == 12 * MONTH - MONTH - 1
    stage.clock.pass_by(days=12 * MONTH)
    run_checks(stage)
    assert sorted(number for _, number, _ in stage.authority.asked) == sorted([LI.number, WANG.number])
    assert [(event.kind, event.actor) for event in stage.events()] == [("identity_checked", Actor.SYSTEM)]


def test_a_mismatch_marks_the_account_and_is_asked_again_soon(stage: Stage) -> None:
    answers(stage, AuthorityVerdict.MISMATCH)
    due(stage)
    run_checks(stage)
    assert open_causes(stage) == {Cause.DATA_DOUBT}
    assert waiting(stage) == MONTH
    confirms(stage)
    stage.clock.pass_by(days=MONTH)
    run_checks(stage)
    assert open_causes(stage) == set()


@pytest.mark.parametrize("pending", [False, True])
def test_an_authority_that_is_away_is_asked_again_and_nothing_is_marked(stage: Stage, *, pending: bool) -> None:
    due(stage)
    if pending:
        answers(stage, AuthorityVerdict.PENDING)
    else:
        stage.authority.answer = AuthorityUnavailable()
    run_checks(stage)
    assert open_causes(stage) == set()
    confirms(stage)
    stage.clock.pass_by(minutes=6)
    assert run_checks(stage).done
    names = [reference for *_, reference in stage.authority.asked[-2:]]
    assert stage.events()[-1].kind == "identity_checked"
    assert len(set(names)) >= 1


@pytest.mark.parametrize("why", ["paused", "withdrawn", "terminated", "switched off"])
def test_whoever_must_not_be_asked_about_is_looked_at_later(stage: Stage, why: str) -> None:
    confirms(stage)
    match why:
        case "paused":
            stage.act(pause_use, LI.session)
        case "withdrawn":
            withdraw(stage)
        case "terminated":
            stage.change(state=HolderState.TERMINATED)
        case _:
            stage.deploy(recheck_months=0)
    asked = [one for one in stage.authority.asked if one[1] == LI.number]
    due(stage)
    run_checks(stage)
    assert [one for one in stage.authority.asked if one[1] == LI.number] == asked
    assert waiting(stage) == MONTH


@pytest.mark.parametrize(
    "ended", [{"state": HolderState.DEREGISTERED}, {"data_key": WrappedKey(kek_id="kek-1", wrapped=b"")}]
)
def test_an_account_that_ended_or_was_erased_is_not_checked_any_more(stage: Stage, ended: dict[str, object]) -> None:
    stage.change(LI, **ended)
    due(stage)
    run_checks(stage)
    assert stage.read(lambda stored: stored.jobs.waiting(JobKind.RECHECK, stage.holder_id())) is None


def test_an_account_of_before_whose_document_nobody_knows_is_checked_at_once(stage: Stage) -> None:
    stage.write(lambda uow: uow.jobs.withdraw(stage.holder_id(), now=stage.clock.now()))
    other = stage.holder_id()
    with closing(sqlite3.connect(stage.folder / FILE)) as database, database:
        database.execute("DELETE FROM identity_documents WHERE holder_id = ?", (other,))
    stage.act(plan_recheck, other, at=stage.clock.now())
    confirms(stage, days_from_now(stage, 20))
    run_checks(stage)
    run_days(stage)
    assert [event.kind for event in stage.events()] == ["identity_checked", "document_reminded"]


def test_a_worker_whose_lease_lapsed_writes_nothing(stage: Stage) -> None:
    due(stage)
    answers(stage, AuthorityVerdict.MISMATCH)
    stage.authority.meanwhile.happens = lambda: stage.write(lambda uow: uow.jobs.free(JobKind.RECHECK))
    run = run_checks(stage)
    assert dict(run.failures).get("LeaseLost")
    assert len([mark for mark in stage.marks() if mark.is_open]) <= 1


def test_the_name_on_file_does_not_replace_the_stored_one(stage: Stage) -> None:
    confirms(stage)
    assert stage.authority.answer is not None
    stage.authority.answer = replace(stage.authority.answer, name_on_file="别人")  # type: ignore[type-var]
    before = stage.holder().sealed_name
    check(stage)
    assert stage.holder().sealed_name == before


def test_an_authority_that_says_later_decides_nothing_for_staff_either(stage: Stage) -> None:
    answers(stage, AuthorityVerdict.PENDING)
    before = stage.holder()
    with pytest.raises(AuthorityUnavailable):
        recheck_account(before.holder_id, by=OPERATOR, services=stage.services)
    assert stage.holder() == before


def test_of_an_account_that_is_ending_nothing_is_asked(stage: Stage) -> None:
    stage.change(state=HolderState.DEREGISTERING)
    with pytest.raises(NothingToCheck):
        recheck_account(stage.holder_id(), by=OPERATOR, services=stage.services)
