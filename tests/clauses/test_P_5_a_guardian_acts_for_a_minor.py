"""Clause P-5: guardians apply for children, confirm minors and look after both; birthdays change the rule (PIPL 31)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.cast import Person, cast_of
from tests.simulators.citizen import Citizen
from tests.simulators.own_copy import signed_in, take_copy
from tests.simulators.secrets_scan import Secrets, places_of
from tests.simulators.service import Service, running

ALL_TICKS = {"tick_service": "yes", "tick_authorisation": "yes"}
YEAR = 365 * 24 * 3600


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A sandbox for each test: guardians and wards are the same few people in all of them."""
    with running(tmp_path / "data") as started:
        yield started


def parent(service: Service) -> Citizen:
    return signed_in(service, service.holder("P10")["id"])


def stranger(service: Service) -> Citizen:
    return signed_in(service, service.holder("P02")["id"])


def apply_for(citizen: Citizen, child: Person, relation: str = "parent", **changed: str) -> str:
    citizen.open("/me/family/child")
    fields = {"name": child.name, "number": child.number, "relation": relation} | ALL_TICKS | changed
    return citizen.send("/me/family/child", **fields).text


def confirm(citizen: Citizen, digits: str, number: str, relation: str = "parent") -> str:
    citizen.open("/me/family/confirm")
    fields = {"digits": digits, "number": number, "relation": relation, "understood": "yes"}
    return citizen.send("/me/family/confirm", **fields).text


def wards(citizen: Citizen) -> list[str]:
    """Return the addresses of the people that the family page lists."""
    return re.findall(r'href="(/me/family/gdn_\w+)" data-ward', citizen.open("/me/family").text)


CHILD, MINOR = "未满 14 周岁", "14 至 17 周岁"


def active_ward(service: Service, guardian: Citizen, band: str) -> str:
    """Wait for the ward of an age whose account is in use; return the address of the page."""
    found: list[str] = []

    def is_there() -> bool:
        pages = {one: guardian.open(one).text for one in wards(guardian)}
        found[:] = [one for one, page in pages.items() if band in page and 'data-state="active"' in page]
        return bool(found)

    service.wait_for(is_there)
    (ward,) = found
    return ward


def invitation(minor: Citizen) -> str:
    minor.open("/register/guardian")
    found = re.search(r'data-invitation="(\d{6})"', minor.send("/register/guardian", relation="parent").text)
    assert found is not None, minor.page
    return found[1]


def check_nothing_of(service: Service, child: Person) -> None:
    secrets = Secrets()
    secrets.add_people([child])
    assert secrets.found_in(places_of(service.database, service.log)) == []


def minor_of(service: Service, guardian: Citizen) -> str:
    """Let the guardian confirm P08, unless it is done; return the address of the page."""
    found = service.holder("P08")
    if found["state"] != "active":
        confirm(guardian, invitation(signed_in(service, found["id"])), cast_of(service)["P08"].number)
    return active_ward(service, guardian, MINOR)


def test_a_minor_invites_a_guardian_confirms_and_only_then_a_code_is_shown(service: Service) -> None:
    minor_id = service.holder("P08")["id"]
    number = cast_of(service)["P08"].number
    minor = signed_in(service, minor_id)
    assert "需要监护人确认" in minor.open("/register/result").text
    assert minor.open("/code").url.path != "/code"
    digits = invitation(minor)
    assert digits in "".join(minor.open("/register/guardian").text), "it can be shown again while it stands"
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    guardian = parent(service)
    assert "没有这样的邀请" in confirm(guardian, wrong, number)
    assert "没有这样的邀请" in confirm(guardian, digits, cast_of(service)["P09"].number)
    confirm(guardian, digits, number)
    service.wait_for(lambda: service.holder("P08")["state"] == "active")
    service.wait_for(lambda: service.messages("guardian_decided") != [])
    code = service.code(minor_id)["number"]
    assert service.partners["hotel"].verify(code, "hotel_check_in").json()["outcome"] == "passed"
    ward = active_ward(service, guardian, MINOR)
    assert "示例酒店" in guardian.open(ward).text


def test_a_stranger_who_has_digits_and_number_is_not_the_guardian(service: Service) -> None:
    minor = signed_in(service, service.holder("P27")["id"])
    digits = invitation(minor)
    assert service.holder("P02")["state"] == "active"
    confirm(stranger(service), digits, cast_of(service)["P27"].number)
    assert service.holder("P27")["state"] == "supplement_needed"
    assert 'data-over="refused"' in stranger(service).open("/me/family").text


def test_nothing_of_a_child_is_stored_before_the_guardian_pressed_or_for_a_stranger(service: Service) -> None:
    child = cast_of(service)["P09"]
    unticked = apply_for(parent(service), child, tick_service="")
    assert "没有申请" in unticked
    assert "没有确认您是监护人" in apply_for(stranger(service), child)
    check_nothing_of(service, child)


def test_a_guardian_applies_shows_the_code_and_both_are_named(service: Service) -> None:
    child = cast_of(service)["P09"]
    guardian = parent(service)
    apply_for(guardian, child)
    ward = active_ward(service, guardian, CHILD)
    guardian.open(ward)
    page = guardian.send(f"{ward}/code").text
    found = re.search(r'data-number="(\d{18})"', page)
    assert found is not None, page
    answer = service.partners["hotel"].verify(found[1], "hotel_check_in").json()
    assert answer["outcome"] == "passed"
    shown = guardian.open(ward).text
    assert "示例酒店" in shown
    assert "data-by-guardian" in shown
    assert "监护人出示身份码" in shown
    other = stranger(service)
    assert other.open(ward).status_code == 404
    other.open("/me/family/confirm")
    assert other.send(f"{ward}/code").status_code == 404
    told = take_copy(guardian)["guardianships"]
    assert {one["side"] for one in told} == {"guardian"}


def test_a_child_signs_in_nowhere(service: Service) -> None:
    child = cast_of(service)["P09"]
    citizen = Citizen(service)
    citizen.open("/sign-in")
    before = service.messages("otp", child.phone)
    citizen.send("/sign-in", phone=child.phone)
    service.advance(1)
    assert service.messages("otp", child.phone) == before


def test_the_guardian_freezes_a_ward_at_once_and_lets_it_go_on(service: Service) -> None:
    guardian = parent(service)
    ward = minor_of(service, guardian)
    minor_id = service.holder("P08")["id"]
    code = service.code(minor_id)["number"]
    guardian.open(ward)
    guardian.send(ward, act="freeze")
    assert service.partners["hotel"].verify(code, "hotel_check_in").json().get("outcome") != "passed"
    assert "data-error=" not in guardian.page
    guardian.send(ward, act="release")
    again = service.code(minor_id)["number"]
    assert service.partners["hotel"].verify(again, "hotel_check_in").json()["outcome"] == "passed"


def test_a_guardian_limits_a_minor_to_everyday_occasions_until_it_is_lifted(service: Service) -> None:
    guardian = parent(service)
    ward = minor_of(service, guardian)
    minor = service.holder("P08")["id"]
    asked = (("hotel", "hotel_check_in"), ("government", "government_counter"))
    outcomes = []
    for chosen in ("low", "anything"):
        guardian.open(f"{ward}/limits")
        guardian.send(f"{ward}/limits", act="limit", ceiling=chosen)
        for partner, scene in asked:
            answer = service.partners[partner].verify(service.code(minor)["number"], scene).json()
            outcomes.append((chosen, scene, answer["outcome"] == "passed"))
    assert [found for *_, found in outcomes] == [True, False, True, True], outcomes
    assert "data-partner=" not in guardian.page, "whom the minor lets verify is its own choice"


def test_a_guardian_moves_the_switches_of_a_child_and_withdraws_what_it_gave(service: Service) -> None:
    child, guardian = cast_of(service)["P09"], parent(service)
    apply_for(guardian, child)
    ward = active_ward(service, guardian, CHILD)

    def passes() -> bool:
        guardian.open(ward)
        found = re.search(r'data-number="(\d{18})"', guardian.send(f"{ward}/code").text)
        assert found is not None, guardian.page
        return bool(service.partners["hotel"].verify(found[1], "hotel_check_in").json()["outcome"] == "passed")

    for moved in ("off", "on"):
        guardian.open(f"{ward}/limits")
        guardian.send(f"{ward}/limits", act=moved, partner="hotel")
        assert passes() is (moved == "on")
    guardian.open(f"{ward}/limits")
    guardian.send(f"{ward}/limits", act="withdraw")
    assert passes(), "nothing is withdrawn without the tick"
    guardian.open(f"{ward}/limits")
    page = guardian.send(f"{ward}/limits", act="withdraw", understood="yes").text
    assert f'action="{ward}/code"' not in page
    assert 'href="/me/family/child"' in page
    apply_for(guardian, child)
    assert passes()


@pytest.mark.parametrize("verb", ["refuse", "approve"])
def test_two_guardians_are_decided_by_staff_and_meanwhile_nothing_changes(
    service: Service, tmp_path: Path, verb: str
) -> None:
    child = cast_of(service)["P09"]
    apply_for(parent(service), child)
    active_ward(service, parent(service), CHILD)
    other = signed_in(service, service.holder("P24")["id"])
    apply_for(other, child, "grandparent")
    assert "data-waiting" in other.open("/me/family").text
    assert wards(other) == []
    (waiting,) = json.loads(service.run("guardians", "list", "--operator", "demo-li", "--json").stdout)
    assert waiting["is_conflict"] is True
    assert child.name not in json.dumps(waiting, ensure_ascii=False)
    reason = tmp_path / "reason.txt"
    reason.write_text("已核对户口登记", encoding="utf-8")
    refused = service.run("guardians", verb, waiting["guardianship_id"], "--words-file", str(reason))
    assert refused.returncode == 2, "nobody decides without saying who acts"
    done = service.run(
        *("guardians", verb, waiting["guardianship_id"]), *("--operator", "demo-li", "--words-file", str(reason))
    )
    assert done.returncode == 0, done.stderr
    service.wait_for(lambda: service.messages("guardian_decided") != [])
    assert bool(wards(other)) is (verb == "approve")
    if verb == "refuse":
        assert "已核对户口登记" in other.open("/me/family").text


def test_on_the_18th_birthday_guardianship_ends_by_itself(service: Service) -> None:
    minor_of(service, parent(service))
    minor = service.holder("P08")["id"]
    service.advance(2 * YEAR)
    service.wait_for(lambda: service.messages("came_of_age") != [])
    guardian = parent(service)
    service.wait_for(lambda: 'data-over="ended"' in guardian.open("/me/family").text)
    assert all(MINOR not in guardian.open(one).text for one in wards(guardian))
    assert signed_in(service, minor).open("/code").url.path == "/code"
