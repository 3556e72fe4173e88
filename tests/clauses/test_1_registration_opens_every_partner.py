"""Section 一: whoever is registered, with the authority behind it, uses the code at every partner; nobody else does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Service, run_cli

SCENES = {
    "hotel": "hotel_check_in",
    "library": "library_entry",
    "netcafe": "internet_cafe",
    "parcel": "parcel_posting",
    "esign": "contract_signing",
}


@pytest.mark.parametrize(("partner", "scene"), SCENES.items())
def test_who_is_registered_is_verified_at_every_partner(service: Service, partner: str, scene: str) -> None:
    holder = service.somebody()
    expect_outcome(service.partners[partner].verify(service.code(holder)["qr"], scene), "passed")


def test_registration_comes_first(service: Service) -> None:
    service.fault("down")
    waiting = service.somebody()
    service.fault("none")
    expect_problem(service.ask_code(waiting), 409, "holder_not_active")
    citizen = Citizen(service)
    citizen.accept()
    assert "data-number" not in citizen.send("/code").text


def test_both_texts_name_the_authority_that_matches_identities(service: Service) -> None:
    for kind in ("service", "authorisation"):
        assert "沙盒身份机构" in Citizen(service).open(f"/documents/{kind}").text


def test_the_invented_authority_cannot_serve_live(tmp_path: Path) -> None:
    done = run_cli("doctor", "--json", data_dir=tmp_path / "data", mode="live")
    assert done.returncode == 1
    (check,) = [one for one in json.loads(done.stdout)["findings"] if one["check"] == "EZT004"]
    assert check["severity"] == "error", check
    served = run_cli("serve", data_dir=tmp_path / "data", mode="live")
    assert served.returncode != 0
