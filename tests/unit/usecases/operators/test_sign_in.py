"""Operators sign in to the console with secret and one-time code together; sessions end by themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.errors import NotFound, SessionMissing
from eztong.domain.events import Actor
from eztong.domain.operators.audit import AuditDoor, AuditEntry, AuditFilter, AuditStep
from eztong.domain.operators.operator import WRONG_TRIES, OperatorLocked, OperatorRefused, OperatorRole, RoleMissing
from eztong.domain.operators.session import OperatorSession, SecondFactorMissing
from eztong.domain.signed_in import IDLE_LIFE, LONGEST_SESSION
from eztong.ports.act import Acting
from eztong.usecases.operators.console_tries import CODE_TRIES
from eztong.usecases.operators.manage_operators import disable_operator
from eztong.usecases.operators.sign_in_operator import (
    SignInOperator,
    end_own_session,
    end_sessions,
    find_duty,
    note_session_used,
    sign_in_operator,
    sign_out_operator,
)
from tests.unit.usecases.operators.acts import KEY, SECRET, operator, stored, with_second_factor
from tests.unit.usecases.stage import Stage

TOKEN = "t" * 43
NETWORK = "203.0.113.0"
HERE = Acting(Actor.OPERATOR, door=AuditDoor.CONSOLE, correlation="request-1")
SECURITY, CASES, SYSTEM = OperatorRole.SECURITY, OperatorRole.CASES, OperatorRole.SYSTEM


def ready(stage: Stage, name: str = "li.na", *roles: OperatorRole) -> Acting:
    """Let there be an operator with a second factor, and return who acts as them."""
    by = operator(stage, name, *roles)
    with_second_factor(stage, name)
    return by


def code(stage: Stage, *, later: int = 0) -> str:
    codes = stage.services.one_time_codes
    return codes.code_of(KEY, codes.step() + later)


def sign_in(
    stage: Stage,
    name: str = "li.na",
    *,
    secret: str = SECRET,
    typed: str | None = None,
    token: str = TOKEN,
    network: str = NETWORK,
) -> OperatorSession:
    shown = code(stage) if typed is None else typed
    command = SignInOperator(name=name, secret=secret, code=shown, token=token, network=network)
    return sign_in_operator(command, by=HERE, services=stage.services)


def audit(stage: Stage) -> list[AuditEntry]:
    """Return the entries, oldest first."""
    return list(stage.read(lambda repositories: repositories.audit.older(AuditFilter(), limit=99)).those)[::-1]


def test_secret_and_code_together_begin_a_session_that_stands_in_the_audit(stage: Stage) -> None:
    ready(stage)
    session = sign_in(stage, " LI.NA ")
    assert stage.read(lambda stored_: find_duty(TOKEN, stored=stored_, keys=stage.keys)) == session
    (entry,) = audit(stage)
    assert (entry.step, entry.what, entry.operator, entry.subject) == ("done", "sign_in", "li.na", session.session_id)
    assert (entry.door, entry.correlation) == (AuditDoor.CONSOLE, "request-1")
    with pytest.raises(SessionMissing):
        stage.read(lambda stored_: find_duty("u" * 43, stored=stored_, keys=stage.keys))


@pytest.mark.parametrize(("secret", "typed"), [("wrong", None), (SECRET, "000000"), (SECRET, ""), ("wrong", "000000")])
def test_either_alone_is_refused_alike_counted_and_on_record(stage: Stage, secret: str, typed: str | None) -> None:
    ready(stage)
    with pytest.raises(OperatorRefused):
        sign_in(stage, secret=secret, typed=typed)
    assert stored(stage).wrong_tries == 0, "the command line counts by itself"
    assert [(one.step, one.error) for one in audit(stage)] == [(AuditStep.REFUSED, "operator_refused")]


def test_a_code_is_taken_once_and_none_from_before_it(stage: Stage) -> None:
    ready(stage)
    earlier = code(stage, later=-1)
    sign_in(stage)
    for typed in (code(stage), earlier):
        with pytest.raises(OperatorRefused):
            sign_in(stage, typed=typed)
    assert sign_in(stage, typed=code(stage, later=1), token="u" * 43).operator == "li.na"


def test_five_wrong_tries_lock_also_for_what_is_right(stage: Stage) -> None:
    ready(stage)
    for _ in range(WRONG_TRIES):
        with pytest.raises(OperatorRefused):
            sign_in(stage, typed="000000")
    with pytest.raises(OperatorLocked):
        sign_in(stage)
    stage.clock.pass_by(minutes=16)
    assert sign_in(stage).operator == "li.na"


def test_wrong_tries_from_elsewhere_lock_nobody_out(stage: Stage) -> None:
    ready(stage)
    for _ in range(WRONG_TRIES):
        with pytest.raises(OperatorRefused):
            sign_in(stage, typed="000000", network="198.51.100.0")
    assert sign_in(stage).operator == "li.na"


def test_whoever_knows_the_secret_tries_ten_codes_an_hour_from_whatever_networks(stage: Stage) -> None:
    ready(stage)
    for network in range(CODE_TRIES.amount):
        with pytest.raises(OperatorRefused):
            sign_in(stage, secret="wrong", network=f"198.51.100.{network}")
        with pytest.raises(OperatorRefused):
            sign_in(stage, typed="000000", network=f"203.0.113.{network + 1}")
    with pytest.raises(OperatorLocked):
        sign_in(stage)
    # Who does not know it is told as much as before, and locks nobody.
    with pytest.raises(OperatorRefused):
        sign_in(stage, secret="wrong")
    stage.clock.pass_by(seconds=(CODE_TRIES.window + CODE_TRIES.width).total_seconds())
    assert sign_in(stage).operator == "li.na"


def test_a_name_that_nobody_has_costs_a_comparison_looks_the_same_and_is_kept_nowhere(stage: Stage) -> None:
    for _ in range(WRONG_TRIES):
        with pytest.raises(OperatorRefused):
            sign_in(stage, "nobody")
    assert stage.hasher.compared == [None] * WRONG_TRIES
    with pytest.raises(OperatorLocked):
        sign_in(stage, "nobody")
    assert audit(stage) == []


def test_the_right_secret_without_a_second_factor_leads_to_setting_it_up(stage: Stage) -> None:
    operator(stage)
    with pytest.raises(SecondFactorMissing):
        sign_in(stage)
    with pytest.raises(OperatorRefused):
        sign_in(stage, secret="wrong")


def test_who_is_disabled_or_renewed_while_the_secret_is_compared_does_not_come_in(stage: Stage) -> None:
    by = ready(stage, "wang", SYSTEM)
    ready(stage)
    stage.hasher.meanwhile.happens = lambda: stage.act(disable_operator, "li.na", by=by)
    with pytest.raises(OperatorRefused):
        sign_in(stage)


def test_a_session_ends_by_idling_and_after_its_longest(stage: Stage) -> None:
    by = ready(stage)
    session = sign_in(stage)
    assert not session.is_live(now=session.active_at + IDLE_LIFE)
    stage.clock.pass_by(minutes=14)
    stage.act(note_session_used, session.session_hash, by=by)
    used = stage.read(lambda stored_: find_duty(TOKEN, stored=stored_, keys=stage.keys))
    assert used.is_live(now=session.active_at + IDLE_LIFE)
    assert not used.is_worth_noting(now=stage.clock.now())
    assert not replace(used, active_at=session.created_at + LONGEST_SESSION).is_live(
        now=session.created_at + LONGEST_SESSION
    )


def test_signing_out_ends_it_and_twice_is_no_fault(stage: Stage) -> None:
    by = ready(stage)
    session = sign_in(stage)
    for _ in range(2):
        stage.act(sign_out_operator, session.session_hash, by=by)
    ended = stage.read(lambda stored_: find_duty(TOKEN, stored=stored_, keys=stage.keys))
    assert not ended.is_live(now=stage.clock.now())


def test_one_ends_ones_own_sessions_and_security_those_of_others(stage: Stage) -> None:
    li, guard = ready(stage, "li.na", CASES), ready(stage, "guard", SECURITY)
    session = sign_in(stage)
    other = sign_in(stage, typed=code(stage, later=1), token="u" * 43)
    with pytest.raises(NotFound):
        stage.act(end_own_session, session.session_id, by=guard)
    stage.act(end_own_session, session.session_id, by=li)
    with pytest.raises(NotFound):
        stage.act(end_own_session, session.session_id, by=li)
    with pytest.raises(RoleMissing):
        stage.act(end_sessions, "li.na", by=li)
    with pytest.raises(NotFound):
        stage.act(end_sessions, "nobody", by=guard)
    assert stage.act(end_sessions, "li.na", by=guard) == 1
    ended = stage.read(lambda repositories: repositories.operator_sessions.get(other.session_hash))
    assert ended is not None
    assert ended.ended_at == stage.clock.now()
