"""Clause 3.2: nothing is taken before consent, and what is asked for is what the service needs."""

from __future__ import annotations

import re

from tests.simulators.cast import cast_of
from tests.simulators.citizen import Citizen
from tests.simulators.own_copy import kept, take_copy
from tests.simulators.secrets_scan import Secrets, contains, places_of
from tests.simulators.service import Service

PHONE = "19900000321"
NEVER_CONFIRMED = "19900000324"


def asked(page: str) -> set[str]:
    """Return what a page's form asks a person to type, besides the code of a message."""
    boxes = re.findall(r"<(?:input|select|textarea)[^>]*>", page.partition("<main")[2].partition("</main>")[0])
    typed = (box for box in boxes if 'type="hidden"' not in box)
    return {name for box in typed for name in re.findall(r'\bname="([^"]+)"', box)}


def test_before_acceptance_identity_data_is_refused_and_nothing_of_it_is_kept(service: Service) -> None:
    person = cast_of(service)["P01"]
    before = kept(service)
    citizen = Citizen(service)
    citizen.open("/register")
    for path, fields in (
        ("/register/phone", {"phone": NEVER_CONFIRMED}),
        ("/register/otp", {"otp": "000000"}),
        ("/register/identity", {"name": person.name, "number": person.number}),
    ):
        answer = citizen.http.post(path, data={**citizen.hidden(), **fields}, follow_redirects=False)
        assert answer.status_code in {303, 307, 401, 403, 409}, path
    assert kept(service) == before
    assert service.messages("otp", NEVER_CONFIRMED) == []
    places = places_of(service.database, service.log)
    assert contains(places, [b"/register/identity"])
    secrets = Secrets()
    secrets.add("phone", NEVER_CONFIRMED)
    secrets.add_people([person])
    assert secrets.found_in(places) == []


def test_each_step_asks_only_for_what_the_service_needs_and_says_why_before(service: Service) -> None:
    person = cast_of(service)["P02"]
    citizen = Citizen(service)
    assert asked(citizen.open("/register").text) == {"tick_service", "tick_authorisation"}
    citizen.accept()
    assert asked(citizen.open("/register/phone").text) == {"phone"}
    citizen.confirm_phone(PHONE)
    assert asked(citizen.open("/register/identity").text) == {"name", "number"}
    citizen.identify(person.name, person.number)
    assert 'data-state="active"' in citizen.page


def test_neither_face_nor_address_is_taken_and_every_item_that_is_kept_stands_in_the_text(service: Service) -> None:
    person = cast_of(service)["P32"]
    citizen = Citizen(service)
    citizen.register(person.name, person.number, "19900000322")
    (account,) = take_copy(citizen)["account"]
    told = {name for name in account if name in {"name", "document_number", "phone", "face", "address", "birthday"}}
    assert told == {"name", "document_number", "phone"}
    text = citizen.open("/documents/authorisation").text
    for item in ("姓名", "公民身份号码", "手机号码"):
        assert item in text, item


def test_every_item_that_is_kept_hangs_on_a_consent_that_came_before_it(service: Service) -> None:
    person = cast_of(service)["P12"]
    citizen = Citizen(service)
    citizen.register(person.name, person.number, "19900000323")
    copy = take_copy(citizen)
    (account,) = copy["account"]
    accepted = {one["acceptance_id"]: one["accepted_at"] for one in copy["acceptances"]}
    assert account["authorisation_acceptance"] in accepted
    happened = {event["kind"]: event["at"] for event in copy["events"]}
    assert accepted[account["authorisation_acceptance"]] <= happened["registration_approve"]
