"""Clause 2.13: once everybody has left, nothing that is kept leads to anybody: not in clear, and by no index.

Invented people do whatever can be done, leave, and are erased as the clock moves. Then every file of the service, its
log, metrics, exports, and a backup made afterwards are searched: as bytes for numbers, names, phones and addresses in
every spelling, and for every index that the service's own keys can make of them. A backup of before is put back, and
searched as well. That the search finds what is there is tried on the same files, before anybody was erased.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from eztong.domain.identity.citizen_number import DocumentType
from eztong.usecases.vault import number_index, phone_index
from tests.flows.privacy.keyed_indexes import Indexes, indexes_of, keys_of
from tests.flows.privacy.whole_service import Whole, opened
from tests.simulators.cast import Person, cast_of
from tests.simulators.citizen import PIN, Citizen
from tests.simulators.secrets_scan import Secrets, contains, places_of

HOTEL: Final = "hotel_check_in"
HOUR: Final = 3600
WORDS: Final = "请打我的手机"
NEW_NAME: Final = "测新名"
NEW_NAME_FROM: Final = datetime(2026, 2, 1, tzinfo=UTC)
NEW_PHONE: Final = "19900009925"
ADDRESS: Final = "leaver.somebody@example.org"


@dataclass
class Left:
    """What was searched, and what for."""

    before: Mapping[str, bytes] = field(default_factory=dict)
    after: Mapping[str, bytes] = field(default_factory=dict)
    restored: Mapping[str, bytes] = field(default_factory=dict)
    clear: Secrets = field(default_factory=Secrets)
    indexes: Indexes = field(default_factory=Indexes)
    plainly: Indexes = field(default_factory=Indexes)
    """The two indexes of each person by which an account is found: these stand in every database that has them."""


def signed_in(citizen: Citizen, phone: str) -> None:
    """Come back with message code and PIN."""
    service = citizen.service
    citizen.open("/sign-in")
    citizen.send("/sign-in", phone=phone)
    citizen.send("/sign-in/code", otp=service.newest_otp(phone), pin=PIN)


def used(citizen: Citizen, person: Person) -> None:
    """Show codes, have one replayed, approve and decline requests, withdraw, switch."""
    service, hotel = citizen.service, citizen.service.partners["hotel"]
    citizen.unlock()
    code = citizen.show_code()
    hotel.verify(code, HOTEL, desk="front-1").raise_for_status()
    service.partners["library"].verify(code, "library_entry", desk="gate-1")
    for act in ("approve", "decline"):
        body = {"scene": HOTEL, "wants": ["masked_name"], "grant_days": 30, "reference": f"order-{act}"}
        opened = hotel.post("/v1/requests", body).json()
        service.answer(opened["id"], act, person.key).raise_for_status()
    citizen.unlock()
    hotel.verify(citizen.show_code(), HOTEL, "masked_name", "age_over_18").raise_for_status()
    citizen.open("/grants")
    citizen.send("/grants/partners/library", switch="off")


def wrote(citizen: Citizen, person: Person) -> None:
    """Write to the service with everything in the words, ask for help about a record, report another."""
    said = f"{WORDS} {person.phone} {person.name} {person.number}"
    citizen.open("/feedback")
    citizen.send("/feedback", kind="complaint", words=said)
    records = re.findall(r'href="/records/((?:ver|att)_[0-9A-Z]{26})"', citizen.open("/records").text)
    assert len(records) >= 3
    citizen.open("/feedback?kind=talks")
    citizen.send("/feedback", kind="talks", words=said, **{f"record-{records[0]}": "1"})
    citizen.open(f"/records/{records[0]}/assist")
    citizen.send(f"/records/{records[0]}/assist", act="assist", words=said)
    citizen.http.get(f"/records/{records[0]}/bundle").raise_for_status()
    citizen.open(f"/records/{records[1]}/not-me")
    citizen.send(f"/records/{records[1]}/not-me", act="report", note=said).raise_for_status()


def gave_an_address(citizen: Citizen) -> None:
    """Add an e-mail address, prove it, and be told of each use."""
    citizen.unlock()
    citizen.open("/me/notices/choices")
    citizen.send("/me/notices/choices", act="add_email", email=ADDRESS, consent="yes")
    service = citizen.service
    service.wait_for(lambda: ADDRESS in service.inbox())
    links = re.findall(r"https?://[^\s\"\\]+/email/[\w-]+", service.inbox())
    path = urlsplit(links[0]).path
    citizen.open(path)
    citizen.send(path)
    citizen.open("/me/notices/choices")
    citizen.send("/me/notices/choices", act="per_use", switch="on")


def changed_phone(citizen: Citizen, person: Person) -> None:
    """Change the phone with both numbers."""
    service = citizen.service
    citizen.unlock()
    citizen.open("/me/phone")
    citizen.send("/me/phone", phone=NEW_PHONE, way="both", act="ask")
    codes = {"otp_new": service.newest_otp(NEW_PHONE), "otp_old": service.newest_otp(person.phone)}
    assert "手机号刚更换过" in citizen.send("/me/phone/code", **codes).text


def froze_and_recovered(citizen: Citizen, person: Person) -> None:
    """Freeze, and come back with message code and PIN."""
    service = citizen.service
    citizen.open("/freeze")
    citizen.send("/freeze", reason="pause")
    citizen.open("/recover")
    citizen.send("/recover", name=person.name, number=person.number)
    citizen.send("/recover/code", otp=service.newest_otp(person.phone), pin=PIN)
    assert citizen.open("/me").url.path == "/me"


def corrected_name(citizen: Citizen, _person: Person) -> None:
    """Correct the name, which is refused first and done once the authority has it."""
    for advance in (0, 1):
        if advance:
            citizen.service.advance(int((NEW_NAME_FROM - citizen.service.now()).total_seconds()) + HOUR)
        citizen.unlock()
        citizen.open("/me/correct")
        citizen.send("/me/correct", name=NEW_NAME)
    assert "已更正" in citizen.page


def withdrew(citizen: Citizen, _person: Person) -> None:
    """Withdraw the authorisation."""
    citizen.open("/me/agreements/withdraw")
    citizen.send("/me/agreements/withdraw").raise_for_status()


STORIES: Final[Mapping[str, tuple[Callable[[Citizen, Person], None], ...]]] = {
    "P01": (used, wrote, lambda citizen, _person: gave_an_address(citizen)),
    "P02": (used, froze_and_recovered),
    "P11": (used, withdrew),
    "P25": (used, changed_phone),
    "P24": (used, wrote, corrected_name),
}
"""In this order; the last moves the clock by weeks."""


def leave(citizen: Citizen, phone: str) -> tuple[str, str]:
    """Leave; return number and secret."""
    if citizen.open("/me").url.path != "/me":
        signed_in(citizen, phone)
    citizen.unlock()
    citizen.open("/me/deregister")
    page = citizen.send("/me/deregister", understood="yes")
    shown = re.findall(r'<dd class="digits"[^>]*>([0-9A-Z ]+)</dd>', page.text)
    assert len(shown) == 2, page.text
    return shown[0], shown[1]


def is_done(service: Whole, ticket: tuple[str, str]) -> bool:
    """Say whether a deregistration is done."""
    somewhere = service.citizen()
    somewhere.open("/deregistration/status")
    page = somewhere.send("/deregistration/status", number=ticket[0], secret=ticket[1]).text
    return 'data-deregistration="done"' in page


def exports_of(service: Whole) -> dict[str, bytes]:
    """Return whatever partners and operators can have of what was."""
    found = {"metrics": service.http.get("/metrics").content, "inbox": service.inbox().encode()}
    for partner in service.partners.values():
        for path in ("/v1/verifications?limit=100", "/v1/requests?limit=100"):
            found[f"{partner.partner_id} {path}"] = partner.get(path).content
    hotel = service.partners["hotel"]
    for entry in hotel.get("/v1/verifications?limit=100").json()["data"]:
        for kind in ("", "/proof", "/bundle"):
            found[f"{entry['id']}{kind}"] = hotel.get(f"/v1/verifications/{entry['id']}{kind}").content
    return found


def files_of(service: Whole, *others: Path) -> dict[str, bytes]:
    """Return every file of the service's folder, its log, and others."""
    files = [path for path in service.data_dir.rglob("*") if path.is_file() and ".before-restore" not in path.name]
    return places_of(service.database, service.log, *files, *others)


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """Let everybody come, do everything, and go; and search."""
    folder = tmp_path_factory.mktemp("left")
    early, late, again = (folder / f"{name}.tar" for name in ("early", "late", "again"))
    found = Left()
    with opened(folder / "data") as service:
        cast = cast_of(service)
        citizens = {key: service.citizen() for key in STORIES}
        for key, citizen in citizens.items():
            citizen.register(cast[key].name, cast[key].number, cast[key].phone)
        for key, acts in STORIES.items():
            for act in acts:
                act(citizens[key], cast[key])
        _remember(found, service, cast)
        service.advance(74 * HOUR)
        tickets = [leave(citizens[key], NEW_PHONE if key == "P25" else cast[key].phone) for key in STORIES]
        service.back_up(early)
        found.before = files_of(service, early)
        service.advance(73 * HOUR)
        for ticket in tickets:
            service.wait_for(partial(is_done, service, ticket), advance=60)
        service.advance(50 * HOUR)
        service.work()
        service.back_up(late)
        found.after = files_of(service, late) | exports_of(service)
    service.restore(early)
    with opened(folder / "data") as service:
        service.work()
        service.back_up(again)
        found.restored = files_of(service, again) | exports_of(service)
    return found


def _remember(found: Left, service: Whole, cast: Mapping[str, Person]) -> None:
    keys = keys_of(service.data_dir)
    people = [cast[key] for key in STORIES]
    people += [Person("P24", NEW_NAME, cast["P24"].number, cast["P24"].phone)]
    people += [Person("P25", cast["P25"].name, cast["P25"].number, NEW_PHONE)]
    found.clear.add_people(people)
    found.clear.add("the address", ADDRESS)
    found.clear.add("the words", WORDS)
    for person in people:
        found.indexes.add(indexes_of(person, keys=keys))
        number = number_index(DocumentType.RESIDENT_ID.value, person.number, keys=keys)
        phone = phone_index(person.phone, keys=keys)
        found.plainly.add({f"{person.key} number": number, f"{person.key} phone": phone})


def test_before_anybody_is_erased_the_search_finds_everybody_by_index(left: Left) -> None:
    hits = left.plainly.found_in(left.before)
    for person in STORIES:
        for what in ("number", "phone"):
            assert any(hit.startswith(f"{person} {what}") for hit in hits), (person, what)


def test_the_search_looks_at_everything_and_finds_what_is_planted_in_whatever_spelling(left: Left) -> None:
    assert contains(left.after, [b"SQLite format 3", b"eztong/result/v1", b"eztong/deregistration/v1", b"POST"])
    for what, secret in left.clear.known.items():
        planted = Secrets(known={what: secret})
        assert planted.found_in({"file": b"\x00" + secret + b"\x00"}) != [], what
    for index, what in left.plainly.known.items():
        assert left.indexes.found_in({"file": b" " + index + b"."}) != [], what


@pytest.mark.parametrize("when", ["after", "restored"])
def test_nothing_stands_in_clear(left: Left, when: str) -> None:
    assert left.clear.found_in(getattr(left, when)) == []


@pytest.mark.parametrize("when", ["after", "restored"])
def test_no_index_leads_to_anybody(left: Left, when: str) -> None:
    assert left.indexes.found_in(getattr(left, when)) == []
