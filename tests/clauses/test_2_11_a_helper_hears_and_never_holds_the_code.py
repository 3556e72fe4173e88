"""Clause 2.11: who helps an elder hears that something happened; the code stays the elder's own (P29, P30)."""

from __future__ import annotations

import json
import re

from tests.simulators.cast import Person, cast_of
from tests.simulators.citizen import Citizen
from tests.simulators.own_copy import signed_in, take_copy
from tests.simulators.service import Service

DAY = 24 * 3600
OWN = "/me/family/helper"
NAME_OF_ELDER, NAME_OF_HELPER = "测*辈", "测*助"


def elder_of(service: Service) -> Citizen:
    return signed_in(service, service.holder("P29")["id"])


def helper_of(service: Service) -> Citizen:
    return signed_in(service, service.holder("P30")["id"])


def invite(elder: Citizen, days: int) -> str:
    elder.open(OWN)
    found = re.search(r'data-invitation="(\d{6})"', elder.send(OWN, act="invite", days=str(days)).text)
    assert found is not None, elder.page
    return found[1]


def accept(helper: Citizen, digits: str) -> str:
    """Type the digits; return the address of the page that follows."""
    helper.open("/me/family/helping")
    return helper.send("/me/family/helping", digits=digits, understood="yes").url.path


def confirm(elder: Citizen) -> None:
    assert NAME_OF_HELPER in elder.open(OWN).text
    assert "data-helper" in elder.send(OWN, act="confirm").text


def check_nothing_of(person: Person, text: str) -> None:
    for secret in (person.name, person.number, person.phone):
        assert secret not in text


def news(service: Service) -> list[str]:
    return service.messages("helper_news", cast_of(service)["P30"].phone)


def test_a_helper_hears_of_a_freeze_sees_no_data_and_it_ends_by_itself(service: Service) -> None:
    elder_id = service.holder("P29")["id"]
    cast = cast_of(service)
    elder, helper = elder_of(service), helper_of(service)
    here = accept(helper, invite(elder, days=7))
    assert NAME_OF_ELDER not in helper.open(here).text, "no name before the elder confirmed"
    service.wait_for(lambda: service.messages("helper_accepted", cast["P29"].phone) != [])
    confirm(elder)
    assert NAME_OF_ELDER in helper.open(here).text
    service.wait_for(lambda: service.messages("helping_began", cast["P30"].phone) != [])

    elsewhere = Citizen(service)
    elsewhere.open("/sign-in")
    elsewhere.send("/sign-in", phone=cast["P29"].phone)
    otp = service.newest_otp(cast["P29"].phone)
    items = json.loads(service.inbox())
    assert not any(otp in item["text"] for item in items if item["phone"] == cast["P30"].phone)

    service.freeze(elder_id)
    service.wait_for(lambda: any("冻结" in text and NAME_OF_ELDER in text for text in news(service)))
    for item in json.loads(service.inbox()):
        if item["phone"] == cast["P30"].phone:
            check_nothing_of(cast["P29"], item["text"])
    for path in ("/me", "/me/family", here, "/me/notices", "/records", "/grants", "/me/devices", "/code"):
        check_nothing_of(cast["P29"], helper.open(path).text)
    check_nothing_of(cast["P29"], json.dumps(take_copy(helper), ensure_ascii=False))
    assert service.holder("P29")["state"] == "frozen", "and a helper lifts nothing"

    service.advance(7 * DAY)
    assert helper_of(service).open(here).status_code == 404
    service.wait_for(lambda: service.messages("helping_ended", cast["P30"].phone) != [])
    service.wait_for(lambda: service.messages("helper_ended", cast["P29"].phone) != [])


def test_either_ends_it_at_once_and_nothing_is_told_after(service: Service) -> None:
    elder_id = service.somebody()
    elder, helper = signed_in(service, elder_id), helper_of(service)
    here = accept(helper, invite(elder, days=30))
    confirm(elder)
    helper.open(here)
    assert helper.send(here).url.path == "/me/family"
    assert "data-helper" not in elder.open(OWN).text
    told = len(news(service))
    service.freeze(elder_id)
    service.wait_for(lambda: service.messages("account_frozen") != [])
    assert len(news(service)) == told


def test_five_wrong_digits_are_the_last_of_the_day_and_a_stranger_is_refused(service: Service) -> None:
    elder = signed_in(service, service.somebody())
    digits = invite(elder, days=1)
    stranger = signed_in(service, service.somebody())
    for step in range(1, 6):
        assert accept(stranger, f"{(int(digits) + step) % 10**6:06}") == "/me/family/helping"
    assert accept(stranger, digits) == "/me/family/helping", "the right ones come too late"
    assert "data-asks" not in elder.open(OWN).text
    other = signed_in(service, service.somebody())
    assert accept(other, digits).startswith("/me/family/helping/")
    elder.open(OWN)
    elder.send(OWN, act="end")
    assert "data-asks" not in elder.page
