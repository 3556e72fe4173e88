"""A desk is ended by its id typed: nothing is taken there, whoever stood there chooses another; and opened again."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from eztong.domain.codes.verification import Outcome
from eztong.domain.desks.desk import DeskNotTyped, DeskStateConflict
from eztong.domain.desks.staff import SignUnknown
from eztong.domain.errors import DeskUnknown, NotFound, RequestFinished, StateConflict
from eztong.domain.partners.life_cycle import PartnerStateConflict
from eztong.domain.partners.partner import PartnerState
from eztong.usecases.codes.verify_code import verify_code
from eztong.usecases.desks.check_at_desk import check_at_desk
from eztong.usecases.desks.end_desk import end_desk, find_desk, open_desk_again
from eztong.usecases.desks.open_desk_request import find_sign, issue_sign
from eztong.usecases.desks.sign_in_staff import find_on_duty, take_place
from eztong.usecases.partners.register_desk import register_desk
from tests.unit.usecases.codes.asking import asking, show
from tests.unit.usecases.desks.duty import HOTEL, TOKEN, at_desk, checked, on_duty
from tests.unit.usecases.fakes import START
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.portal.acts import audit, person
from tests.unit.usecases.requests.acts import answer, approving, ask, declining
from tests.unit.usecases.stage import Stage

DESK = "front-1"


def test_an_ended_desk_takes_nothing_on_any_door_and_keeps_its_record(stage: Stage) -> None:
    by, duty = person(stage), on_duty(stage)
    sign = stage.act(issue_sign, duty.session.session_hash)
    done = checked(stage, duty, at_desk(stage, duty, show(stage).number))
    code = show(stage).number
    ended = stage.act(end_desk, HOTEL, DESK, typed=f" {DESK} ", by=by)
    assert (ended.is_open, ended.ended_at) == (False, START)
    with pytest.raises(DeskUnknown):
        stage.act(check_at_desk, at_desk(stage, duty, code), duty.session.session_hash)
    with pytest.raises(DeskUnknown):
        stage.act(verify_code, replace(asking(stage, code), desk=DESK))
    with pytest.raises(DeskUnknown):
        stage.act(take_place, duty.session.session_hash, desk=DESK, scene="hotel_check_in")
    with pytest.raises(SignUnknown):
        stage.act(find_sign, sign.token)
    assert list(stage.read(lambda stored: stored.staff.entries(HOTEL, DESK, limit=9))) == [done.entry]
    assert DESK in dict(stage.read(lambda stored: stored.partners.desks(HOTEL)))


def test_nothing_is_approved_for_an_ended_desk_not_even_what_was_asked_before(stage: Stage) -> None:
    request = ask(stage)
    stage.act(end_desk, HOTEL, DESK, typed=DESK, by=person(stage))
    with pytest.raises(RequestFinished):
        answer(stage, approving(request))
    # Whoever says no is heard.
    assert answer(stage, declining(request)).verification.outcome is Outcome.DECLINED


def test_whoever_stood_there_loses_the_place_and_takes_another(stage: Stage) -> None:
    duty = on_duty(stage)
    stage.act(end_desk, HOTEL, DESK, typed=DESK, by=person(stage))
    lost = stage.act(find_on_duty, TOKEN).session
    assert (lost.desk, lost.has_lost_place, lost.active_at) == (None, True, duty.session.active_at)
    taken = stage.act(take_place, lost.session_hash, desk="front-2", scene="hotel_check_in").session
    assert (taken.desk, taken.has_lost_place) == ("front-2", False)


def test_the_end_takes_the_id_typed_and_happens_once(stage: Stage) -> None:
    by = person(stage)
    for typed in ("", "front-2", "前台一"):
        with pytest.raises(DeskNotTyped):
            stage.act(end_desk, HOTEL, DESK, typed=typed, by=by)
    with pytest.raises(NotFound):
        stage.act(end_desk, HOTEL, "gate-1", typed="gate-1", by=by)
    stage.act(end_desk, HOTEL, DESK, typed=DESK, by=by)
    with pytest.raises(DeskStateConflict):
        stage.act(end_desk, HOTEL, DESK, typed=DESK, by=by)
    assert [(one.what, one.subject) for one in audit(stage)] == [("portal.desks.end", DESK)]
    with pytest.raises(StateConflict):
        stage.act(register_desk, HOTEL, DESK, "再来", by=by)


def test_opened_again_it_takes_codes_and_its_printed_sign_works(stage: Stage) -> None:
    by, duty = operator(stage), on_duty(stage)
    sign = stage.act(issue_sign, duty.session.session_hash)
    with pytest.raises(DeskStateConflict):
        stage.act(open_desk_again, HOTEL, DESK, by=by)
    stage.act(end_desk, HOTEL, DESK, typed=DESK, by=by)
    assert stage.act(open_desk_again, HOTEL, DESK, by=by).is_open
    assert stage.read(lambda stored: find_desk(HOTEL, DESK, stored=stored)).is_open
    assert stage.act(find_sign, sign.token)[0] == sign
    # The place is not given back by itself: whoever stands there chooses it.
    assert stage.act(find_on_duty, TOKEN).session.has_lost_place
    back = stage.act(take_place, duty.session.session_hash, desk=DESK, scene="hotel_check_in")
    checked(stage, back, at_desk(stage, back, show(stage).number))


def test_no_desk_of_a_closed_partner_is_opened_again(stage: Stage) -> None:
    by = operator(stage)
    stage.act(end_desk, HOTEL, DESK, typed=DESK, by=by)
    stage.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.CLOSED))
    with pytest.raises(PartnerStateConflict):
        stage.act(open_desk_again, HOTEL, DESK, by=by)


def test_the_name_that_citizens_read_is_one_line_without_what_steers(stage: Stage) -> None:
    by = operator(stage)
    for desk, name in (("gate-7", "前台\n【系统】\u202e七"), ("gate-8", "\u3164")):
        stage.act(register_desk, HOTEL, desk, name, by=by)
    names = dict(stage.read(lambda stored: stored.partners.desks(HOTEL)))
    assert (names["gate-7"], names["gate-8"]) == ("前台 【系统】七", "gate-8")
