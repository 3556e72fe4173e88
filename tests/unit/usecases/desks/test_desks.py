"""Desks: staff accounts, their sessions, checks that leave a line, signs that open a request."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import make_number
from eztong.domain.desks.staff import (
    SCANS_OF_HOLDER,
    LoginTaken,
    SignInWrong,
    SignUnknown,
    Staff,
    StaffLocked,
    StaffState,
)
from eztong.domain.errors import CodeUnknown, DeskUnknown, NotFound, SceneNotAllowed, SessionMissing, TooMany
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import PartnerState
from eztong.ports.act import SYSTEM
from eztong.usecases.desks.check_at_desk import check_at_desk
from eztong.usecases.desks.manage_staff import (
    create_staff,
    disable_staff,
    find_staff,
    reset_password,
)
from eztong.usecases.desks.open_desk_request import desk_name, find_sign, issue_sign, open_desk_request
from eztong.usecases.desks.sign_in_staff import (
    check_unknown_name,
    find_on_duty,
    refuse_unknown_name,
    sign_out_staff,
    take_place,
)
from eztong.usecases.desks.standing import Standing
from eztong.usecases.draw_password import make_password
from eztong.usecases.refusal import Refused
from tests.unit.usecases.codes.asking import show
from tests.unit.usecases.desks.duty import HOTEL, TOKEN, at_desk, checked, hire, on_duty, sign_in
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import LI, Stage


def stored(stage: Stage, staff: Staff) -> Staff:
    found = stage.read(lambda repositories: repositories.staff.get(staff.partner_id, staff.staff_id))
    assert found is not None
    return found


def suspend(stage: Stage) -> None:
    stage.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.SUSPENDED))


# --- accounts -----------------------------------------------------------------------------------------------------


def test_an_account_is_made_once_under_a_name_of_its_own(stage: Stage) -> None:
    staff = hire(stage, " Shift-1 ")
    assert staff == stored(stage, staff)
    assert (staff.login, staff.state, staff.created_at) == ("shift-1", StaffState.ACTIVE, START)
    assert stage.act(find_staff, HOTEL, login="SHIFT-1") == staff
    with pytest.raises(LoginTaken):
        hire(stage)
    with pytest.raises(NotFound):
        stage.act(find_staff, PartnerId("library"), login="shift-1")
    with pytest.raises(NotFound):
        stage.act(create_staff, PartnerId("nobody"), login="x-1", label="", password_hash="h", by=SYSTEM)


def test_a_password_is_four_groups_without_look_alikes(stage: Stage) -> None:
    password = make_password(entropy=stage.services.entropy)
    assert [len(group) for group in password.split("-")] == [4, 4, 4, 4]
    assert set(password).isdisjoint("01ilo")
    assert password != make_password(entropy=stage.services.entropy)


def test_a_new_password_unlocks_enables_and_ends_sessions_from_before(stage: Stage) -> None:
    staff = hire(stage)
    sign_in(stage, staff)
    stage.act(disable_staff, HOTEL, login="shift-1", by=SYSTEM)
    assert stored(stage, staff).state is StaffState.DISABLED
    with pytest.raises(SessionMissing):
        stage.act(find_on_duty, TOKEN)
    stage.act(reset_password, HOTEL, login="shift-1", password_hash="new", by=SYSTEM)
    after = stored(stage, staff)
    assert (after.state, after.password_hash, after.wrong_tries) == (StaffState.ACTIVE, "new", 0)
    with pytest.raises(SessionMissing):
        stage.act(find_on_duty, TOKEN)


# --- signing in ---------------------------------------------------------------------------------------------------


def test_the_right_password_begins_a_session_without_a_place(stage: Stage) -> None:
    staff = hire(stage)
    sign_in(stage, staff)
    found = stage.act(find_on_duty, TOKEN)
    assert (found.staff, found.partner) == (staff, stage.partner())
    assert (found.session.desk, found.session.scene, found.session.active_at) == (None, None, START)
    assert found.caller(now=START).partner == stage.partner()
    with pytest.raises(SessionMissing):
        stage.act(find_on_duty, "another")


def test_the_fifth_wrong_password_locks_for_fifteen_minutes_also_the_right_one(stage: Stage) -> None:
    staff = hire(stage)
    for _ in range(5):
        refusal = sign_in(stage, staff, fits=False)
        assert isinstance(refusal, Refused)
        assert isinstance(refusal.error, SignInWrong)
    assert stored(stage, staff).locked_until == START + timedelta(minutes=15)
    with pytest.raises(StaffLocked):
        sign_in(stage, staff)
    stage.clock.pass_by(minutes=15)
    assert not isinstance(sign_in(stage, staff), Refused)
    assert (stored(stage, staff).wrong_tries, stored(stage, staff).locked_until) == (0, None)


def test_a_password_that_was_reset_since_a_disabled_account_and_a_suspended_partner_are_wrong(stage: Stage) -> None:
    staff = hire(stage)
    stage.act(reset_password, HOTEL, login="shift-1", password_hash="new", by=SYSTEM)
    assert isinstance(sign_in(stage, staff), Refused)
    assert stored(stage, staff).wrong_tries == 1
    stage.act(disable_staff, HOTEL, login="shift-1", by=SYSTEM)
    assert isinstance(sign_in(stage, stored(stage, staff)), Refused)
    other = hire(stage, "shift-2")
    suspend(stage)
    assert isinstance(sign_in(stage, other), Refused)
    with pytest.raises(SignInWrong):
        sign_in(stage, replace(staff, staff_id="stf_gone"))
    assert stage.rows()["staff_sessions"] == 0


def test_a_name_that_does_not_exist_locks_like_one_that_does(stage: Stage) -> None:
    for _ in range(5):
        stage.act(check_unknown_name, "nobody")
        assert isinstance(stage.act(refuse_unknown_name, "nobody").error, SignInWrong)
    with pytest.raises(StaffLocked):
        stage.act(check_unknown_name, "nobody")
    stage.act(check_unknown_name, "other")


def test_whoever_may_no_longer_act_is_not_on_duty(stage: Stage) -> None:
    duty = on_duty(stage)
    session = duty.session.session_hash
    stage.act(sign_out_staff, session)
    with pytest.raises(SessionMissing):
        stage.act(find_on_duty, TOKEN)
    for act in (
        lambda: stage.act(sign_out_staff, session),
        lambda: stage.act(take_place, session, desk="front-1", scene="hotel_check_in"),
    ):
        with pytest.raises(SessionMissing):
            act()


def test_a_suspended_partner_has_nobody_on_duty(stage: Stage) -> None:
    on_duty(stage)
    suspend(stage)
    with pytest.raises(SessionMissing):
        stage.act(find_on_duty, TOKEN)


def test_a_place_is_a_desk_and_a_scene_of_the_partner(stage: Stage) -> None:
    duty = on_duty(stage)
    assert (duty.session.desk, duty.session.scene) == ("front-1", "hotel_check_in")
    with pytest.raises(DeskUnknown):
        stage.act(take_place, duty.session.session_hash, desk="gate-1", scene="hotel_check_in")
    with pytest.raises(SceneNotAllowed):
        stage.act(take_place, duty.session.session_hash, desk="front-1", scene="library_entry")


# --- checks -------------------------------------------------------------------------------------------------------


def entries(stage: Stage) -> int:
    return stage.rows()["desk_entries"]


def test_a_check_leaves_a_line_and_the_same_check_finds_it_again(stage: Stage) -> None:
    duty, shown = on_duty(stage), show(stage)
    command = at_desk(stage, duty, shown.number)
    done = checked(stage, duty, command)
    assert (done.entry.staff_id, done.entry.desk, done.entry.verification_id, done.standing) == (
        duty.staff.staff_id,
        "front-1",
        done.answered.verification.verification_id,
        Standing.NEW,
    )
    again = checked(stage, duty, command)
    assert (again.entry, again.standing, again.answered.result) == (
        done.entry,
        Standing.EARLIER,
        done.answered.result,
    )
    assert entries(stage) == 1


def test_a_refused_check_leaves_a_line_once_and_an_unknown_code_none(stage: Stage) -> None:
    duty, shown = on_duty(stage), show(stage)
    stage.clock.pass_by(seconds=60)
    for is_new in (True, False):
        refusal = stage.act(check_at_desk, at_desk(stage, duty, shown.number), duty.session.session_hash)
        assert isinstance(refusal, Refused)
        assert refusal.is_new is is_new
    assert entries(stage) == 1
    with pytest.raises(CodeUnknown):
        stage.act(check_at_desk, at_desk(stage, duty, make_number(7)), duty.session.session_hash)
    assert entries(stage) == 1


# --- signs --------------------------------------------------------------------------------------------------------


def test_a_sign_stands_for_its_desk_until_it_is_renewed(stage: Stage) -> None:
    session = on_duty(stage).session.session_hash
    sign = stage.act(issue_sign, session)
    assert stage.act(issue_sign, session) == sign
    found, partner, scene = stage.act(find_sign, sign.token)
    assert (found, partner, scene.scene) == (sign, stage.partner(), "hotel_check_in")
    assert stage.act(desk_name, sign) == "前台一"
    assert stage.act(desk_name, replace(sign, desk="gone")) == "gone"
    fresh = stage.act(issue_sign, session, renew=True)
    assert fresh.token != sign.token
    with pytest.raises(SignUnknown):
        stage.act(find_sign, sign.token)


def test_without_a_place_there_is_no_sign(stage: Stage) -> None:
    sign_in(stage, hire(stage))
    with pytest.raises(NotFound):
        stage.act(issue_sign, stage.act(find_on_duty, TOKEN).session.session_hash)


def test_a_sign_of_a_suspended_partner_or_of_what_is_gone_is_unknown(stage: Stage) -> None:
    sign = stage.act(issue_sign, on_duty(stage).session.session_hash)
    gone = replace(sign, sign_id="sgn_gone", token="gone", desk="gone")
    stage.write(lambda uow: uow.staff.add_sign(gone))
    for token in ("gone", "never printed"):
        with pytest.raises(SignUnknown):
            stage.act(open_desk_request, token, LI.session)
    suspend(stage)
    with pytest.raises(SignUnknown):
        stage.act(open_desk_request, sign.token, LI.session)
    assert stage.rows()["requests"] == 0


def test_scanning_a_sign_opens_a_request_for_this_time_only_and_a_line_at_the_desk(stage: Stage) -> None:
    sign = stage.act(issue_sign, on_duty(stage).session.session_hash)
    request = stage.act(open_desk_request, sign.token, LI.session)
    assert (request.partner_id, request.desk, request.grant_days) == (HOTEL, "front-1", 0)
    assert request.claims >= {Claim.MASKED_NAME, Claim.AGE_OVER_18}
    assert entries(stage) == 1


def test_a_picture_of_a_sign_does_not_use_up_what_the_partner_has(stage: Stage) -> None:
    """Each request that its opener declines is a verification of the partner's month."""
    sign = stage.act(issue_sign, on_duty(stage).session.session_hash)
    for _ in range(SCANS_OF_HOLDER.amount):
        stage.act(open_desk_request, sign.token, LI.session)
    with pytest.raises(TooMany):
        stage.act(open_desk_request, sign.token, LI.session)
    assert stage.rows()["requests"] == entries(stage) == SCANS_OF_HOLDER.amount
    stage.clock.pass_by(seconds=timedelta(days=2).total_seconds())
    stage.unlock()
    assert stage.act(open_desk_request, sign.token, LI.session).desk == "front-1"
