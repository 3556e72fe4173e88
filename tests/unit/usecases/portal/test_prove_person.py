"""What grave acts at the portal ask for: the digits of the person's app, within the last minutes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.errors import SessionMissing
from eztong.domain.operators.audit import AuditStep
from eztong.domain.operators.operator import WRONG_TRIES, OperatorLocked
from eztong.domain.operators.session import OneTimeCodeWrong, ProofNeeded
from eztong.domain.portal.permission import GRAVE, MAY, PortalPermission
from eztong.domain.portal.person import PortalRefused
from eztong.domain.signed_in import PROOF_LIFE
from eztong.ports.act import Acting
from eztong.usecases.operators.console_tries import CODE_TRIES
from eztong.usecases.portal.check_person import check_person
from eztong.usecases.portal.manage_people import disable_person, end_sessions_of
from eztong.usecases.portal.prove_person import prove_person
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.portal.acts import AUDITOR, HOTEL, LIBRARY, audit, code, person, signed_in, stored
from tests.unit.usecases.portal.test_sign_in import sign_in
from tests.unit.usecases.stage import Stage

NETWORK = "203.0.113.0"
MINUTES = PROOF_LIFE.total_seconds()


def prove(stage: Stage, by: Acting, typed: str, *, network: str = NETWORK) -> None:
    prove_person(typed, network, by=by, services=stage.services)


def make_key(stage: Stage, by: Acting) -> None:
    stage.act(check_person, HOTEL, PortalPermission.KEYS_MAKE, by=by)


def test_a_code_proves_for_five_minutes_and_is_taken_once(stage: Stage) -> None:
    by = person(stage)
    stage.clock.pass_by(seconds=MINUTES)
    with pytest.raises(ProofNeeded):
        make_key(stage, by)
    shown = code(stage)
    prove(stage, by, shown)
    make_key(stage, by)
    with pytest.raises(OneTimeCodeWrong):
        prove(stage, by, shown)
    stage.clock.pass_by(seconds=MINUTES)
    with pytest.raises(ProofNeeded):
        make_key(stage, by)
    told = [(one.what, one.step, one.error, one.operator) for one in audit(stage) if one.what == "prove"]
    assert told == [
        ("prove", AuditStep.DONE, "", "li@hotel"),
        ("prove", AuditStep.REFUSED, "one_time_code_wrong", "li@hotel"),
    ]


@pytest.mark.parametrize("permission", sorted(PortalPermission))
def test_what_is_grave_asks_for_proof_and_nothing_else_does(stage: Stage, permission: PortalPermission) -> None:
    by = person(stage, role=min(MAY[permission]))
    stage.clock.pass_by(seconds=MINUTES)
    if permission not in GRAVE:
        stage.act(check_person, HOTEL, permission, by=by)
        return
    with pytest.raises(ProofNeeded):
        stage.act(check_person, HOTEL, permission, by=by)
    # Nor by nobody's browser, or another one's.
    other = person(stage, "wang")
    elsewhere = person(stage, partner_id=LIBRARY)
    for session in (b"", other.session, elsewhere.session):
        with pytest.raises(ProofNeeded):
            stage.act(check_person, HOTEL, permission, by=replace(by, session=session))


def test_a_sign_in_proves_that_browser_and_no_other(stage: Stage) -> None:
    before = person(stage)
    stage.clock.pass_by(seconds=MINUTES)
    session = sign_in(stage)
    make_key(stage, replace(before, session=session.session_hash))
    with pytest.raises(ProofNeeded):
        make_key(stage, before)


def test_wrong_ones_are_counted_with_those_of_sign_in(stage: Stage) -> None:
    by = person(stage)
    for _ in range(WRONG_TRIES):
        with pytest.raises(OneTimeCodeWrong):
            prove(stage, by, "000000")
    for act in (lambda: prove(stage, by, code(stage)), lambda: sign_in(stage)):
        with pytest.raises(OperatorLocked):
            act()


def test_a_stolen_session_does_not_try_codes_from_many_networks(stage: Stage) -> None:
    by = person(stage)
    for network in range(CODE_TRIES.amount):
        with pytest.raises(OneTimeCodeWrong):
            prove(stage, by, "000000", network=f"198.51.100.{network}")
    with pytest.raises(OperatorLocked):
        prove(stage, by, code(stage))
    with pytest.raises(OperatorLocked):
        sign_in(stage)


def test_a_session_that_ended_or_idled_is_not_proven(stage: Stage) -> None:
    by, keeper = person(stage), operator(stage)
    stage.act(end_sessions_of, HOTEL, "li", by=keeper)
    with pytest.raises(SessionMissing):
        prove(stage, by, code(stage))
    stage.clock.pass_by(seconds=60)
    again = signed_in(stage, stored(stage))
    stage.clock.pass_by(seconds=3 * MINUTES)
    with pytest.raises(SessionMissing):
        prove(stage, again, code(stage))
    stage.act(disable_person, HOTEL, "li", by=keeper)
    with pytest.raises(PortalRefused):
        prove(stage, again, code(stage))


def test_the_code_of_a_colleague_proves_nobody_else(stage: Stage) -> None:
    by = person(stage)
    stage.clock.pass_by(seconds=MINUTES)
    other = person(stage, "wang", AUDITOR)
    with pytest.raises(SessionMissing):
        prove(stage, replace(by, session=other.session), code(stage))
    with pytest.raises(ProofNeeded):
        make_key(stage, by)
