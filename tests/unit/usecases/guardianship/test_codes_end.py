"""Whatever stops a guardian ends what it still shows of a child, too."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from eztong.domain.codes.presentation_code import CodeState
from eztong.domain.guardianship.guardianship import Guardianship
from eztong.domain.holder import FreezeCause
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.recovery import Proof
from eztong.domain.restrictions.mark import Ceiling
from eztong.usecases.access.end_access import unbind_device
from eztong.usecases.access.open_session import open_session
from eztong.usecases.access.sign_in import sign_out
from eztong.usecases.agreements.withdraw_authorisation import withdraw_authorisation
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from eztong.usecases.deregistration.execute_deregistration import erase_again
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.guardianship.apply_for_child import apply_for_child
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_ward
from eztong.usecases.guardianship.show_code import ShowWardCode, show_ward_code
from eztong.usecases.recovery.reopen_account import reopen_account
from eztong.usecases.restrictions.pause_use import pause_use
from tests.unit.usecases.access.ways import OPENING
from tests.unit.usecases.deregistration.leaving import ask
from tests.unit.usecases.guardianship.family import MINOR, applying, confirmed_minor, registered_child
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, Stage
from tests.unit.usecases.test_events_of_use_cases import callers, modules


def freeze(stage: Stage, _: Guardianship) -> None:
    stage.act(freeze_holder, FreezeHolder(holder_id=stage.holder_id(LI), cause=FreezeCause.OPERATOR, channel="staff"))


def replaced(stage: Stage, _: Guardianship) -> None:
    claim = apply_for_child(applying(stage, WANG), services=stage.services)
    decided = DecideRelation(guardianship_id=claim.guardianship_id, holds=True, words="seen")
    stage.act(decide_relation, decided, by=operator(stage, "qian", OperatorRole.CASES))


STOPS: dict[str, Callable[[Stage, Guardianship], object]] = {
    "frozen": freeze,
    "restricted": lambda stage, _: stage.mark(ceiling=Ceiling.NONE),
    "paused": lambda stage, _: stage.act(pause_use, LI.session),
    "authorisation withdrawn": lambda stage, _: stage.act(withdraw_authorisation, LI.session),
    "signed out": lambda stage, _: stage.act(sign_out, LI.session),
    "another device": lambda stage, _: stage.act(open_session, stage.holder(), OPENING, device=None, how="pin"),
    "device unbound": lambda stage, _: stage.act(unbind_device, LI.session, stage.device().device_id),
    "recovered": lambda stage, _: stage.act(reopen_account, stage.holder(), OPENING, proof=Proof.PIN),
    "leaving": lambda stage, _: ask(stage),
    "erased": lambda stage, _: stage.act(erase_again, stage.holder_id()),
    "given up": lambda stage, of: stage.act(
        leave_ward, LeaveWard(session_hash=LI.session, ward_id=of.ward_id, understood=True)
    ),
    "replaced": replaced,
}


@pytest.mark.parametrize("stop", STOPS)
def test_a_childs_code_ends_with_whatever_stops_its_guardian(stage: Stage, stop: str) -> None:
    found = registered_child(stage)
    shown = stage.act(show_ward_code, ShowWardCode(session_hash=LI.session, ward_id=found.ward_id))
    STOPS[stop](stage, found)
    code = stage.read(lambda stored: stored.codes.get(shown.code_id))
    assert code is not None
    assert code.state is CodeState.CANCELLED


def test_what_a_minor_shows_alone_goes_on_when_the_guardian_is_frozen(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.unlock(MINOR)
    shown = stage.act(issue_code, IssueCode(session_hash=MINOR.session))
    freeze(stage, found)
    code = stage.read(lambda stored: stored.codes.get(shown.code_id))
    assert code is not None
    assert code.state is CodeState.ISSUED


def test_codes_are_cancelled_in_one_place() -> None:
    superseding = {"usecases/codes/issue_code.py", "usecases/guardianship/show_code.py"}
    # An account that cannot be read is barred by its id alone: nobody knows whose guardian it was.
    unread = {"usecases/deregistration/erase_listed.py"}
    assert callers("end_outstanding") == superseding | unread | {"usecases/end_codes.py"}
    for place in superseding:
        named = {one.attr for one in ast.walk(modules("end_outstanding")[place]) if isinstance(one, ast.Attribute)}
        assert "CANCELLED" not in named
