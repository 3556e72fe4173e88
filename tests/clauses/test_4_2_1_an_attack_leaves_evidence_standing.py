"""Clause 4.2.1: after an attack keys are changed; old evidence verifies on, and guessing locks no holder out."""

from __future__ import annotations

import json
from pathlib import Path

from tests.simulators.evidence import check_independently, proof_of, published, unknown_number
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Service, running

SCENE = "hotel_check_in"


def test_a_changed_signing_key_signs_what_is_new_and_what_was_signed_before_still_verifies(tmp_path: Path) -> None:
    with running(tmp_path / "data") as service:
        hotel = service.partners["hotel"]
        before = expect_outcome(hotel.verify(service.code(service.somebody())["qr"], SCENE), "passed")
        known = [key["key_id"] for key in json.loads(published(service))["keys"]]
        done = service.run("keys", "rotate", "results", "--apply")
        assert done.returncode == 0, done.stderr
    with running(tmp_path / "data") as service:
        after = expect_outcome(
            service.partners["hotel"].verify(service.code(service.somebody())["qr"], SCENE), "passed"
        )
        keys = published(service)
        named = [key["key_id"] for key in json.loads(keys)["keys"]]
        assert len(named) == len(known) + 1
        assert set(known) < set(named)
        (new,) = set(named) - set(known)
        assert check_independently(proof_of(before), keys, tmp_path).returncode == 0
        done = check_independently(proof_of(after), keys, tmp_path)
        assert (done.returncode, f"key {new}" in done.stdout) == (0, True), done.stdout
        checked = service.run("db", "check", "--full")
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_who_guesses_codes_locks_a_desk_and_neither_the_partner_nor_any_holder(service: Service) -> None:
    holder, hotel = service.somebody(), service.partners["hotel"]
    for seed in range(10):
        expect_problem(hotel.verify(unknown_number(seed), SCENE, desk="front-1"), 404, "code_unknown")
    expect_problem(hotel.verify(service.code(holder)["number"], SCENE, desk="front-1"), 429, "desk_locked")
    expect_outcome(hotel.verify(service.code(holder)["number"], SCENE, desk="front-2"), "passed")
    expect_outcome(service.partners["library"].verify(service.code(holder)["number"], "library_entry"), "passed")


def test_who_is_attacked_is_led_to_unlock_again_and_can_freeze(service: Service) -> None:
    holder = service.somebody()
    code = service.code(holder)["qr"]
    assert service.freeze(holder)["state"] == "frozen"
    expect_outcome(service.partners["hotel"].verify(code, SCENE, desk="front-2"), "not_passed")
