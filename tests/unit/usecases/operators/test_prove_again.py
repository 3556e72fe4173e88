"""What grave acts ask for: the app's digits, a backup code or a passkey, within the last minutes."""

from __future__ import annotations

import pytest

from eztong.domain.errors import EztongError, SessionMissing
from eztong.domain.operators.audit import AuditStep
from eztong.domain.operators.backup_code import CODES, spelt_code
from eztong.domain.operators.operator import WRONG_TRIES, OperatorLocked, OperatorRefused, OperatorRole
from eztong.domain.operators.permission import GRAVE, MAY, Permission
from eztong.domain.operators.session import OneTimeCodeWrong, ProofNeeded
from eztong.domain.signed_in import PROOF_LIFE
from eztong.ports.act import Acting
from eztong.usecases.operators.backup_codes import draw_codes, set_backup_codes
from eztong.usecases.operators.check_operator import check_operator
from eztong.usecases.operators.console_tries import CODE_TRIES
from eztong.usecases.operators.prove_again import prove_by_code
from eztong.usecases.operators.sign_in_operator import SignInOperator, end_sessions, sign_in_operator
from tests.unit.usecases.operators.acts import SECRET, operator
from tests.unit.usecases.operators.proofs import NETWORK, at_console
from tests.unit.usecases.operators.test_sign_in import HERE, audit, code
from tests.unit.usecases.stage import Stage

MINUTES = PROOF_LIFE.total_seconds()


def prove(stage: Stage, by: Acting, typed: str) -> None:
    prove_by_code(typed, NETWORK, by=by, services=stage.services)


def backup(stage: Stage, by: Acting) -> list[str]:
    codes = draw_codes(entropy=stage.services.entropy)
    stage.act(set_backup_codes, codes, by=by)
    return codes


def test_a_code_proves_for_five_minutes_and_is_taken_once(stage: Stage) -> None:
    by = at_console(stage)
    stage.clock.pass_by(seconds=MINUTES)
    with pytest.raises(ProofNeeded):
        stage.act(check_operator, Permission.OPERATORS_ADD, by=by)
    shown = code(stage)
    prove(stage, by, shown)
    stage.act(check_operator, Permission.OPERATORS_ADD, by=by)
    with pytest.raises(OneTimeCodeWrong):
        prove(stage, by, shown)
    stage.clock.pass_by(seconds=MINUTES)
    with pytest.raises(ProofNeeded):
        stage.act(check_operator, Permission.OPERATORS_ADD, by=by)
    told = [(one.what, one.step, one.error) for one in audit(stage) if one.what == "prove"]
    assert told == [("prove", AuditStep.DONE, ""), ("prove", AuditStep.REFUSED, "one_time_code_wrong")]


@pytest.mark.parametrize("permission", sorted(Permission))
def test_what_is_grave_asks_a_browser_for_proof_and_no_command(stage: Stage, permission: Permission) -> None:
    role = min(MAY[permission])
    by, command = at_console(stage, "li", role), operator(stage, "zhao", role)
    stage.clock.pass_by(seconds=MINUTES)
    stage.act(check_operator, permission, by=command)
    if permission not in GRAVE:
        stage.act(check_operator, permission, by=by)
        return
    with pytest.raises(ProofNeeded):
        stage.act(check_operator, permission, by=by)


def test_wrong_ones_lock_as_at_sign_in(stage: Stage) -> None:
    by = at_console(stage)
    for _ in range(WRONG_TRIES):
        with pytest.raises(OneTimeCodeWrong):
            prove(stage, by, "000000")
    with pytest.raises(OperatorLocked):
        prove(stage, by, code(stage))


def test_a_stolen_session_does_not_try_codes_from_many_networks(stage: Stage) -> None:
    by = at_console(stage)
    for network in range(CODE_TRIES.amount):
        with pytest.raises(OneTimeCodeWrong):
            prove_by_code("000000", f"2001:db8:0:{network}::/64", by=by, services=stage.services)
    with pytest.raises(OperatorLocked):
        prove_by_code(code(stage), "2001:db8:0:ffff::/64", by=by, services=stage.services)
    stage.clock.pass_by(seconds=(CODE_TRIES.window + CODE_TRIES.width).total_seconds())
    with pytest.raises(SessionMissing):
        prove(stage, by, code(stage))


def test_a_session_that_ended_is_not_proven(stage: Stage) -> None:
    by, guard = at_console(stage), operator(stage, "guard", OperatorRole.SECURITY)
    stage.act(end_sessions, "li.na", by=guard)
    with pytest.raises(SessionMissing):
        prove(stage, by, code(stage))


# --- backup codes --------------------------------------------------------------------------------------------------


def test_backup_codes_serve_once_at_both_places_however_they_are_typed(stage: Stage) -> None:
    by = at_console(stage)
    codes = backup(stage, by)
    assert len(set(codes)) == CODES
    prove(stage, by, spelt_code(codes[0]).upper())
    with pytest.raises(OneTimeCodeWrong):
        prove(stage, by, codes[0])
    token = iter("abcdefgh")

    def sign_in(typed: str) -> str:
        command = SignInOperator(name="li.na", secret=SECRET, code=typed, token=next(token) * 43, network=NETWORK)
        return sign_in_operator(command, by=HERE, services=stage.services).operator

    assert sign_in(codes[1]) == "li.na"
    for used in codes[:2]:
        with pytest.raises(OperatorRefused):
            sign_in(used)


def test_new_ones_end_those_of_before_and_are_nobody_elses(stage: Stage) -> None:
    by, other = at_console(stage), at_console(stage, "wang")
    first = backup(stage, by)
    second = backup(stage, by)
    for who, typed in ((by, first[0]), (other, second[0])):
        with pytest.raises(OneTimeCodeWrong):
            prove(stage, who, typed)
    left = stage.read(lambda kept: kept.operator_passkeys.codes("li.na"))
    assert (len(left), {one.used_at for one in left}) == (CODES, {None})


def test_an_old_session_makes_none(stage: Stage) -> None:
    by = at_console(stage)
    stage.clock.pass_by(seconds=MINUTES)
    with pytest.raises(EztongError) as refused:
        backup(stage, by)
    assert isinstance(refused.value, ProofNeeded)
