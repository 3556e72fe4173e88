"""Staff sign in: nothing tells which names exist, five wrong passwords lock, a session ends when it should."""

from pathlib import Path

import pytest

from eztong.domain.errors import SessionMissing
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import PartnerState
from eztong.ports.act import PARTNER, SYSTEM
from eztong.usecases.desks.manage_staff import disable_staff
from eztong.usecases.desks.sign_in_staff import find_on_duty, take_place
from tests.flows.citizen.browser import Town
from tests.flows.desk.clerk import Clerk


@pytest.fixture
def stranger(town: Town) -> Clerk:
    return Clerk(town)


def test_the_desk_asks_who_you_are_and_then_where_you_stand(stranger: Clerk) -> None:
    assert stranger.get("/desk").url.path == "/desk/sign-in"
    assert stranger.sign_in().url.path == "/desk/place"
    assert stranger.send("/desk/place", desk="front-2", scene="hotel_check_in").url.path == "/desk"
    assert "前台二" in stranger.page.text


def test_a_session_begins_under_a_new_token(stranger: Clerk) -> None:
    stranger.get("/desk/sign-in")
    before = stranger.client.cookies["ezt_desk"]
    stranger.sign_in()
    assert stranger.client.cookies["ezt_desk"] != before


def test_a_wrong_password_and_a_name_that_does_not_exist_are_answered_alike(town: Town) -> None:
    def answers(login: str) -> list[tuple[int, str, str | None]]:
        clerk, found = Clerk(town), []
        for _ in range(7):
            page = clerk.sign_in(login, "wrong password")
            text = page.text.replace(login, "-").replace(clerk.csrf(), "-")
            found.append((page.status_code, text.partition("<footer")[0], page.headers.get("retry-after")))
        return found

    known, unknown = answers("hotel"), answers("nobody-here")
    assert [status for status, _, _ in known] == [401] * 5 + [429] * 2
    assert [entry[0] for entry in known] == [entry[0] for entry in unknown]
    assert [entry[2] for entry in known] == [entry[2] for entry in unknown]
    sentences = ["对不上" in text for _, text, _ in known]
    assert sentences == ["对不上" in text for _, text, _ in unknown] == [True] * 5 + [False] * 2


def test_a_locked_account_takes_not_even_the_right_password_until_the_lock_ends(stranger: Clerk, town: Town) -> None:
    for _ in range(5):
        stranger.sign_in(password="wrong password")
    assert stranger.sign_in().status_code == 429
    town.pass_time(15 * 60)
    assert stranger.sign_in().url.path == "/desk/place"


def test_signing_out_ends_the_session_on_the_server(clerk: Clerk, town: Town) -> None:
    stolen = clerk.client.cookies["ezt_desk"]
    clerk.get("/desk")
    clerk.send("/desk/sign-out")
    thief = Clerk(town)
    thief.client.cookies.set("ezt_desk", stolen, domain="testserver.local", path="/")
    assert thief.get("/desk").url.path == "/desk/sign-in"


def test_eight_hours_without_an_act_end_the_session_and_looking_is_no_act(clerk: Clerk, town: Town) -> None:
    town.pass_time(8 * 3600 - 60)
    assert clerk.get("/desk").url.path == "/desk"
    assert clerk.get("/desk/live").status_code == 200
    town.pass_time(61)
    assert clerk.get("/desk").url.path == "/desk/sign-in"
    assert clerk.get("/desk/live").status_code == 401


def test_disabling_an_account_signs_it_out_at_once(clerk: Clerk, town: Town) -> None:
    services = town.services
    services.perform(SYSTEM, disable_staff, PartnerId("hotel"), login="hotel")
    assert clerk.get("/desk").url.path == "/desk/sign-in"
    assert clerk.sign_in().status_code == 401


def test_a_disabled_account_counts_and_locks_like_any_other(stranger: Clerk, town: Town) -> None:
    services = town.services
    services.perform(SYSTEM, disable_staff, PartnerId("hotel"), login="hotel")
    assert [stranger.sign_in().status_code for _ in range(6)] == [401] * 5 + [429]


def test_tries_with_a_name_that_does_not_exist_are_kept_like_those_with_one_that_does(tmp_path: Path) -> None:
    for tries in (4, 1):
        town = Town(tmp_path)
        clerk = Clerk(town)
        assert [clerk.sign_in("nobody-here", "x" * 12).status_code for _ in range(tries)] == [401] * tries
        town.built.close()
    town = Town(tmp_path)
    assert Clerk(town).sign_in("nobody-here", "x" * 12).status_code == 429
    town.built.close()


def test_a_name_as_long_as_a_page_is_cut_before_it_is_counted(stranger: Clerk) -> None:
    assert stranger.sign_in("hotel" + "x" * 60_000).status_code == 401
    assert [stranger.sign_in("n" * 1000 + str(number)).status_code for number in range(6)] == [401] * 5 + [429]


def test_staff_of_a_suspended_partner_are_signed_out(clerk: Clerk, town: Town) -> None:
    town.services.store.write(lambda uow: uow.partners.set_state(PartnerId("hotel"), PartnerState.SUSPENDED))
    assert clerk.get("/desk").url.path == "/desk/sign-in"


def test_another_partners_desk_or_scene_cannot_be_taken(clerk: Clerk) -> None:
    clerk.get("/desk/place")
    assert clerk.send("/desk/place", desk="gate-1", scene="hotel_check_in").status_code == 422
    clerk.get("/desk/place")
    assert clerk.send("/desk/place", desk="front-1", scene="library_entry").status_code == 403


@pytest.mark.parametrize("path", ["/desk", "/desk/place", "/desk/sign-out", "/desk/sign", "/desk/checklist"])
def test_a_form_from_elsewhere_does_nothing(clerk: Clerk, path: str) -> None:
    assert clerk.client.post(path, data={"csrf": "0" * 64}).status_code == 403


def test_what_was_under_way_at_a_desk_revives_no_session_that_ended(town: Town, clerk: Clerk) -> None:
    services = town.services
    token = clerk.client.cookies["ezt_desk"]
    with services.store.read() as stored:
        on_duty = find_on_duty(token, stored=stored, keys=services.keys, now=services.clock.now())
    services.store.write(
        lambda uow: uow.staff.end_sessions(on_duty.partner.partner_id, on_duty.staff.staff_id, now=services.clock.now())
    )
    with pytest.raises(SessionMissing):
        services.perform(PARTNER, take_place, on_duty.session.session_hash, desk="front-1", scene="hotel_check_in")
    with services.store.read() as stored, pytest.raises(SessionMissing):
        find_on_duty(token, stored=stored, keys=services.keys, now=services.clock.now())
