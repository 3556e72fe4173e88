"""Clause 3.1: identity data is protected: nothing of it lies in clear in database, log, metrics or backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulators.cast import cast_of, everybody
from tests.simulators.citizen import Citizen
from tests.simulators.secrets_scan import Secrets, contains, places_of
from tests.simulators.service import Service

HOTEL = "hotel_check_in"


@pytest.fixture(scope="module")
def left_behind(service: Service) -> dict[str, bytes]:
    """Everything that lies around after a registration on the pages and its uses."""
    person = cast_of(service)["P01"]
    citizen = Citizen(service)
    citizen.register(person.name, person.number, person.phone)
    hotel = service.partners["hotel"]
    hotel.verify(citizen.show_code(), HOTEL).raise_for_status()
    opened = hotel.post("/v1/requests", {"scene": HOTEL, "wants": ["masked_name"], "grant_days": 30}).json()
    service.answer(opened["id"], "approve", "P01").raise_for_status()
    hotel.verify(citizen.show_code(), HOTEL, "masked_name", "age_over_18").raise_for_status()
    backup = service.data_dir.parent / "backup.tar"
    assert service.run("db", "backup", str(backup)).returncode == 0
    places = places_of(service.database, service.log, backup)
    return places | {"metrics": service.http.get("/metrics").content}


def test_neither_number_nor_name_nor_phone_of_anybody_lies_in_clear_anywhere(
    service: Service, left_behind: dict[str, bytes]
) -> None:
    assert contains(left_behind, [b"hotel_check_in", b"eztong/result/v1", b"POST", b"SQLite format 3"])
    secrets = Secrets()
    secrets.add_people(everybody(service))
    assert secrets.found_in(left_behind) == []


def test_a_name_that_was_told_to_a_partner_is_sealed_in_the_store_even_in_its_masked_form(
    service: Service, left_behind: dict[str, bytes]
) -> None:
    hotel = service.partners["hotel"]
    listed = hotel.get("/v1/verifications").json()["data"]
    results = [hotel.get(f"/v1/verifications/{entry['id']}").json()["result"] for entry in listed]
    masked = next(result["claims"]["masked_name"] for result in results if "masked_name" in result["claims"])
    assert masked == "测*一"
    secrets = Secrets()
    secrets.add("masked name", masked)
    assert secrets.found_in(left_behind) == []


def test_an_api_key_lies_nowhere_and_a_backup_holds_no_root_key(
    service: Service, left_behind: dict[str, bytes]
) -> None:
    secrets = Secrets()
    for partner in service.partners.values():
        secrets.add(f"API key of {partner.partner_id}", partner.api_key.rpartition("_test_")[2])
    root_key = (service.data_dir / "root.key").read_bytes().strip()
    assert len(root_key) >= 16
    secrets.known["root key"] = root_key
    assert secrets.found_in(left_behind) == []


def test_only_the_owner_of_the_data_folder_can_read_it(service: Service) -> None:
    assert service.data_dir.stat().st_mode & 0o077 == 0
    for name in ("root.key", "keyring.json"):
        assert (service.data_dir / name).stat().st_mode & 0o077 == 0, name


def test_no_answer_to_a_partner_names_the_holder(service: Service) -> None:
    holder = service.somebody()
    answer = service.partners["hotel"].verify(service.code(holder)["qr"], HOTEL)
    proof = service.partners["hotel"].get(f"/v1/verifications/{answer.json()['id']}/proof")
    assert holder not in answer.text
    assert holder not in proof.text


def test_the_scanner_of_these_tests_finds_what_is_planted(service: Service, tmp_path: Path) -> None:
    person = cast_of(service)["P01"]
    secrets = Secrets()
    secrets.add_people(everybody(service))
    for planted in (
        person.number.encode(),
        person.name.encode(),
        b'{"name":"\\u6d4b\\u4e00\\u4e00"}',
        b"1100 0019 9003 0700 1X",
        b"110000-19900307-001X",
        b"phone=" + person.phone.encode(),
    ):
        file = tmp_path / "planted"
        file.write_bytes(b"\x00before " + planted + b" after\xff")
        assert secrets.found_in(places_of(file)), planted
