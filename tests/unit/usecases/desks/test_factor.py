"""The authenticator app of desk staff: set up by themselves, judged with the password, and who demands it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.desks.factor_rule import FactorRule
from eztong.domain.desks.staff import SignInWrong, Staff, StaffLocked, StaffSession, StaffSetUpNeeded, StaffState
from eztong.domain.errors import NotFound, SessionMissing, StateConflict
from eztong.domain.operators.operator import OperatorNeeded
from eztong.domain.operators.session import OneTimeCodeWrong
from eztong.domain.partners.life_cycle import PartnerStateConflict
from eztong.domain.partners.partner import PartnerState
from eztong.ports.act import PARTNER, SYSTEM
from eztong.usecases.desks.factor_rules import demand_in_sector, rule_of, want_factor
from eztong.usecases.desks.manage_staff import create_staff, disable_staff, reset_password
from eztong.usecases.desks.prove_staff import TypedAtDesk, prove_staff
from eztong.usecases.desks.set_up_staff import SetUpStaff, offer_to_staff, set_up_staff
from eztong.usecases.desks.sign_in_staff import SignInStaff, find_on_duty, sign_in_staff
from eztong.usecases.refusal import accepted
from eztong.usecases.set_up_offer import SetUpOffer
from tests.unit.usecases.desks.duty import HOTEL, TOKEN
from tests.unit.usecases.fakes import START
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.portal.acts import SALT, code, person
from tests.unit.usecases.stage import Stage

GIVEN = "abcd-efgh-jkmn-pqrs"
"""The password that the account was made with."""

LOGIN = "shift-1"


@pytest.fixture
def staff(stage: Stage) -> Staff:
    """Staff of the hotel, who were given a password."""
    hashed = stage.hasher.make_hash(GIVEN, salt=SALT)
    return stage.act(create_staff, HOTEL, login=LOGIN, label="", password_hash=hashed, by=SYSTEM)


def offered(stage: Stage, password: str = GIVEN, login: str = LOGIN) -> SetUpOffer:
    return offer_to_staff(TypedAtDesk(login=login, password=password), by=PARTNER, services=stage.services)


def finish(
    stage: Stage, offer: SetUpOffer, *, typed: str | None = None, password: str = GIVEN, token: str = TOKEN
) -> StaffSession:
    shown = code(stage, key=bytes.fromhex(offer.key)) if typed is None else typed
    command = SetUpStaff(password=password, offer=offer, code=shown, token=token)
    return set_up_staff(command, by=PARTNER, services=stage.services)


def sign_in(stage: Stage, password: str, typed: str = "", *, token: str = "other cookie") -> StaffSession:
    proven = prove_staff(TypedAtDesk(login=LOGIN, password=password, code=typed), by=PARTNER, services=stage.services)
    command = SignInStaff(staff=proven.staff, password_fits=proven.password_fits, step=proven.step, token=token)
    return accepted(stage.act(sign_in_staff, command))


def now_stored(stage: Stage, staff: Staff) -> Staff:
    found = stage.read(lambda stored: stored.staff.get(staff.partner_id, staff.staff_id))
    assert found is not None
    return found


def app_of(stage: Stage) -> SetUpOffer:
    """Set the account up, and let the code that was shown then be over."""
    offer = offered(stage)
    finish(stage, offer)
    stage.clock.pass_by(seconds=60)
    return offer


# --- setting up ---------------------------------------------------------------------------------------------------


def test_whoever_knows_the_given_password_gets_a_new_one_and_an_app_and_is_signed_in(
    stage: Stage, staff: Staff
) -> None:
    sign_in(stage, GIVEN)
    offer = offered(stage)
    with pytest.raises(OneTimeCodeWrong):
        finish(stage, offer, typed="000000")
    assert now_stored(stage, staff) == staff
    session = finish(stage, offer)
    after = now_stored(stage, staff)
    assert (session.staff_id, session.desk, after.is_set_up) == (staff.staff_id, None, True)
    assert stage.hasher.is_right(offer.secret, after.password_hash)
    assert offer.key not in repr(after)
    assert bytes.fromhex(offer.key) not in (after.second_factor or b"")
    with pytest.raises(SessionMissing):
        stage.act(find_on_duty, "other cookie")
    assert stage.act(find_on_duty, TOKEN).staff == after


def test_an_app_is_set_up_once_and_wrong_tries_count_as_at_sign_in(stage: Stage, staff: Staff) -> None:
    offer = app_of(stage)
    for password in (GIVEN, offer.secret):
        with pytest.raises(SignInWrong):
            offered(stage, password)
    with pytest.raises(SignInWrong):
        finish(stage, offer, password=offer.secret)
    assert now_stored(stage, staff).wrong_tries == 3
    for _ in range(2):
        with pytest.raises(SignInWrong):
            offered(stage, "wrong")
    with pytest.raises(StaffLocked):
        sign_in(stage, offer.secret, code(stage, key=bytes.fromhex(offer.key)))
    with pytest.raises(SignInWrong):
        offered(stage, login="nobody")


def test_an_offer_is_for_its_account_and_for_half_an_hour(stage: Stage, staff: Staff) -> None:
    stage.act(create_staff, HOTEL, login="shift-2", label="", password_hash=staff.password_hash, by=SYSTEM)
    offer = offered(stage)
    for changed in (replace(offer, name="shift-2"), replace(offer, secret="mine"), replace(offer, key="00" * 20)):
        with pytest.raises(SignInWrong):
            finish(stage, changed)
    stage.clock.pass_by(minutes=30)
    with pytest.raises(SignInWrong):
        finish(stage, offer)
    assert not now_stored(stage, staff).is_set_up


def test_nobody_sets_up_for_a_disabled_account_or_a_suspended_partner(stage: Stage, staff: Staff) -> None:
    offer = offered(stage)
    stage.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.SUSPENDED))
    with pytest.raises(SignInWrong):
        finish(stage, offer)
    stage.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.APPROVED))
    stage.act(disable_staff, HOTEL, login=LOGIN, by=SYSTEM)
    with pytest.raises(SignInWrong):
        offered(stage)
    assert now_stored(stage, staff).wrong_tries == 2


# --- signing in ---------------------------------------------------------------------------------------------------


def test_password_and_code_together_begin_a_session_and_either_alone_is_refused_alike(
    stage: Stage, staff: Staff
) -> None:
    offer = app_of(stage)
    shown = code(stage, key=bytes.fromhex(offer.key))
    for password, typed in (("wrong", shown), (offer.secret, "000000"), (offer.secret, ""), (GIVEN, shown)):
        with pytest.raises(SignInWrong):
            sign_in(stage, password, typed)
    assert now_stored(stage, staff).wrong_tries == 4
    assert sign_in(stage, offer.secret, shown).staff_id == staff.staff_id
    assert now_stored(stage, staff).wrong_tries == 0


def test_a_code_is_taken_once_and_none_from_before_it(stage: Stage, staff: Staff) -> None:
    offer = app_of(stage)
    shown = code(stage, key=bytes.fromhex(offer.key))
    sign_in(stage, offer.secret, shown)
    with pytest.raises(SignInWrong):
        sign_in(stage, offer.secret, shown)
    assert now_stored(stage, staff).wrong_tries == 1


def test_an_account_without_an_app_needs_the_password_alone(stage: Stage, staff: Staff) -> None:
    assert sign_in(stage, GIVEN, "123456").staff_id == staff.staff_id


def test_a_new_password_keeps_the_app_unless_it_is_taken_away_as_well(stage: Stage, staff: Staff) -> None:
    offer, by = app_of(stage), person(stage)
    fresh = stage.hasher.make_hash("fresh one", salt=SALT)
    stage.act(reset_password, HOTEL, login=LOGIN, password_hash=fresh, by=by)
    with pytest.raises(SignInWrong):
        sign_in(stage, "fresh one")
    assert sign_in(stage, "fresh one", code(stage, key=bytes.fromhex(offer.key))).staff_id == staff.staff_id
    done = stage.act(reset_password, HOTEL, login=LOGIN, password_hash=fresh, factor_too=True, by=by)
    assert (done.is_set_up, done.state) == (False, StaffState.ACTIVE)
    with pytest.raises(SessionMissing):
        stage.act(find_on_duty, "other cookie")
    assert sign_in(stage, "fresh one", token="third cookie").staff_id == staff.staff_id
    again = offered(stage, "fresh one")
    finish(stage, again, password="fresh one", token="fourth cookie")
    assert now_stored(stage, staff).is_set_up


# --- who demands it -----------------------------------------------------------------------------------------------


def rule(stage: Stage) -> FactorRule:
    return stage.read(lambda stored: rule_of(stage.partner(), stored=stored))


def test_where_a_partner_wants_an_app_staff_without_one_are_sent_to_set_it_up(stage: Stage, staff: Staff) -> None:
    before, by = sign_in(stage, GIVEN), person(stage)
    assert rule(stage) is FactorRule.CHOSEN
    stage.act(want_factor, HOTEL, is_wanted=True, by=by)
    assert rule(stage) is FactorRule.PARTNER
    with pytest.raises(StaffSetUpNeeded):
        sign_in(stage, GIVEN, token="third cookie")
    with pytest.raises(SignInWrong):
        sign_in(stage, "wrong", token="third cookie")
    # Whoever works goes on until their session ends.
    assert stage.act(find_on_duty, "other cookie").session == before
    finish(stage, offered(stage))
    with pytest.raises(StateConflict):
        stage.act(want_factor, HOTEL, is_wanted=True, by=by)
    stage.act(want_factor, HOTEL, is_wanted=False, by=by)
    assert rule(stage) is FactorRule.CHOSEN
    assert now_stored(stage, staff).is_set_up


def test_the_operator_demands_it_in_a_sector_over_the_partners_choice(stage: Stage, staff: Staff) -> None:
    by, sector = operator(stage), stage.partner().sector_id
    with pytest.raises(NotFound):
        stage.act(demand_in_sector, "sector-nowhere", is_demanded=True, by=by)
    stage.act(demand_in_sector, sector, is_demanded=True, by=by)
    assert rule(stage) is FactorRule.SECTOR
    with pytest.raises(StaffSetUpNeeded):
        sign_in(stage, GIVEN)
    with pytest.raises(StateConflict):
        stage.act(demand_in_sector, sector, is_demanded=True, by=by)
    library = stage.partner("library")
    assert stage.read(lambda stored: rule_of(library, stored=stored)) is FactorRule.CHOSEN
    stage.act(demand_in_sector, sector, is_demanded=False, by=by)
    assert sign_in(stage, GIVEN).staff_id == staff.staff_id


def test_no_person_of_a_partner_decides_about_a_sector_and_nobody_about_a_closed_partner(stage: Stage) -> None:
    with pytest.raises(OperatorNeeded):
        stage.act(demand_in_sector, stage.partner().sector_id, is_demanded=True, by=person(stage))
    stage.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.CLOSED))
    with pytest.raises(PartnerStateConflict):
        stage.act(want_factor, HOTEL, is_wanted=True, by=operator(stage))


def test_a_lock_by_wrong_codes_ends_by_itself(stage: Stage, staff: Staff) -> None:
    offer = app_of(stage)
    for _ in range(5):
        with pytest.raises(SignInWrong):
            sign_in(stage, offer.secret, "000000")
    assert now_stored(stage, staff).locked_until == START + timedelta(minutes=16)
    stage.clock.pass_by(minutes=15)
    assert sign_in(stage, offer.secret, code(stage, key=bytes.fromhex(offer.key))).staff_id == staff.staff_id


@pytest.mark.usefixtures("staff")
def test_an_offer_that_is_none_of_ours_is_refused_whatever_letters_it_has(stage: Stage) -> None:
    for tag in ("ab", "字", ""):
        with pytest.raises(SignInWrong):
            finish(stage, replace(offered(stage), tag=tag))
