"""Partners, merchants, key pairs and certificates on the command line, as an operator uses them."""

import base64
import subprocess
from pathlib import Path

import pytest

from eztong.gm.csr import build_csr
from eztong.gm.sm2 import PrivateKey
from tests.flows.cli.command import CommandLine

LI = ("--operator", "demo-li")
HOTEL = "0EZTSANDBOXHOTEL"
SCENE = ("--title", "入住", "--title-en", "Check-in", "--purpose", "办理入住", "--purpose-en", "to check you in")


def test_a_partner_is_registered_once_and_gets_a_scene(filled: CommandLine) -> None:
    names = ("--name", "二店", "--name-en", "Second")
    assert "[operator_needed]" in filled.run("partners", "create", "hotel-2", *names).err
    assert filled.run("partners", "create", "hotel-2", *names, *LI).code == 0
    assert "[state_conflict]" in filled.run("partners", "create", "hotel-2", *names, *LI).err
    added = filled.run("partners", "scenes", "add", "hotel-2", "check_in", *SCENE, "--claim", "masked_name", *LI)
    assert added.code == 0, added.err
    shown = filled.run("partners", "show", "hotel-2", "--json").json()
    assert (shown["state"], shown["stage"], shown["sector"]) == ("approved", "sandbox", "sector-hotel-2")
    assert shown["scenes"][0]["claims"] == "masked_name"


def test_a_merchant_belongs_to_a_scene_and_keeps_options_that_are_not_named(filled: CommandLine) -> None:
    refused = filled.run("partners", "merchants", "create", "hotel", "game_age_check", "--name", "店", *LI)
    assert "[scene_not_allowed]" in refused.err
    made = filled.run(
        "partners", "merchants", "create", "hotel", "hotel_check_in", "--name", "店", *LI, "--json"
    ).json()
    assert made["options"]["companions"] is True
    raw = filled.run(
        "partners", "merchants", "options", made["merchant_id"], "--point-prefix", "raw", *LI, "--json"
    ).json()
    assert raw == made["options"] | {"point_prefix": "raw"}
    off = filled.run("partners", "merchants", "options", made["merchant_id"], "--no-companions", *LI, "--json").json()
    assert off == raw | {"companions": False}
    guarded = filled.run(
        "partners", "merchants", "options", made["merchant_id"], "--guarded-release", *LI, "--json"
    ).json()
    assert guarded == off | {"guarded_release": True}
    assert filled.run("partners", "merchants", "suspend", made["merchant_id"], *LI).code == 0
    listed = filled.run("partners", "merchants", "list", "hotel", "--json").json()
    assert {found["merchant_id"]: found["state"] for found in listed} == {
        HOTEL: "active",
        made["merchant_id"]: "suspended",
    }


def test_a_key_pair_is_shown_once_replaced_and_revoked(filled: CommandLine) -> None:
    keys = ("partners", "account-keys")
    issued = filled.run(*keys, "create", "game", "--label", "server", *LI, "--json").json()
    assert (len(issued["secret_id"]), len(issued["secret_key"])) == (36, 32)
    new = filled.run(*keys, "rotate", "game", issued["secret_id"], *LI, "--json").json()
    listed = filled.run(*keys, "list", "game", "--json")
    assert issued["secret_key"] not in listed.out
    assert new["secret_key"] not in listed.out
    state = {key["secret_id"]: key["revoked_at"] for key in listed.json()}
    assert (state[issued["secret_id"]], state[new["secret_id"]]) == (None, None)
    assert filled.run(*keys, "revoke", "hotel", issued["secret_id"], *LI).code == 3
    assert filled.run(*keys, "revoke", "game", issued["secret_id"], *LI).code == 0
    assert "[state_conflict]" in filled.run(*keys, "revoke", "game", issued["secret_id"], *LI).err
    assert "[state_conflict]" in filled.run(*keys, "rotate", "game", issued["secret_id"], *LI).err
    temporary = filled.run(*keys, "create", "game", "--label", "ci", "--minutes", "30", *LI, "--json").json()
    assert temporary["token"]
    assert temporary["expires_at"]


ASK = ("partners", "certificate", "request", HOTEL)
BY = ("--operator", "demo-li", "--reason", "by letter")


@pytest.fixture
def csr(filled: CommandLine) -> Path:
    der = build_csr(PrivateKey.generate(), "Demo Hotel")
    body = base64.encodebytes(der).decode()
    path = filled.folder / "hotel.csr"
    path.write_text(f"-----BEGIN CERTIFICATE REQUEST-----\n{body}-----END CERTIFICATE REQUEST-----\n")
    return path


@pytest.mark.timeout(240)
def test_a_certificate_needs_a_second_operator_and_a_reason(filled: CommandLine, csr: Path) -> None:
    taken = filled.run(*ASK, str(csr), *BY, "--json").json()
    assert (taken["state"], taken["common_name"], taken["requested_by"]) == ("pending", "Demo Hotel", "demo-li")
    proposal = taken["proposal_id"]
    approve = ("proposals", "approve", proposal)
    same = filled.run(*approve, "--operator", " DEMO-LI ", "--reason", "mine")
    assert "[same_operator]" in same.err
    blank = filled.run(*approve, "--operator", "demo-wang", "--reason", " ")
    assert "[reason_invalid]" in blank.err
    assert proposal in [one["proposal_id"] for one in filled.run("proposals", "list", "--json").json()]
    approved = filled.run(*approve, "--operator", "demo-wang", "--reason", "ok", "--json")
    assert (approved.json()["state"], approved.json()["ended_by"]) == ("approved", "demo-wang")
    again = filled.run("proposals", "reject", proposal, "--operator", "demo-wang", "--reason", "no")
    assert "[proposal_ended]" in again.err
    assert proposal not in [one["proposal_id"] for one in filled.run("proposals", "list", "--json").json()]
    assert proposal in [one["proposal_id"] for one in filled.run("proposals", "list", "--all", "--json").json()]
    shown = filled.run("proposals", "show", proposal)
    assert ("by letter" in shown.out, "demo-wang" in shown.out) == (True, True)
    [hotel] = [m for m in filled.run("partners", "merchants", "list", "hotel", "--json").json() if m["certified"]]
    assert hotel["merchant_id"] == HOTEL
    certificates = filled.run("partners", "certificate", "list", HOTEL, "--json").json()
    [listed] = [one for one in certificates if one["request_id"] == taken["request_id"]]
    assert (listed["state"], listed["decided_by"], listed["reason"]) == ("approved", "demo-wang", "ok")


def test_what_is_withdrawn_is_not_approved(filled: CommandLine, csr: Path) -> None:
    proposal = filled.run(*ASK, str(csr), *BY).out.strip()
    withdraw = ("proposals", "withdraw", proposal, "--operator", "demo-li", "--reason", "sent twice")
    assert (filled.run(*withdraw).code, filled.run(*withdraw).code) == (0, 3)


def test_a_request_that_its_key_did_not_sign_is_refused(filled: CommandLine, tmp_path: Path) -> None:
    der = bytearray(build_csr(PrivateKey.generate(), "Demo Hotel"))
    der[der.index(b"Demo Hotel")] ^= 1
    for content in (bytes(der), b"nothing", b"-----BEGIN CERTIFICATE REQUEST-----\n!\n"):
        path = tmp_path / "bad.csr"
        path.write_bytes(content)
        refused = filled.run(*ASK, str(path), *BY)
        assert (refused.code, "[certificate_request_invalid]" in refused.err) == (2, True)


def test_a_request_signed_without_the_user_id_is_told_how_to_sign(filled: CommandLine, tmp_path: Path) -> None:
    key, request = tmp_path / "key.pem", tmp_path / "request.csr"
    subprocess.run(["openssl", "genpkey", "-algorithm", "SM2", "-out", str(key)], check=True, capture_output=True)
    ask = ["openssl", "req", "-new", "-sm3", "-key", str(key), "-subj", "/CN=hotel", "-out", str(request)]
    subprocess.run(ask, check=True, capture_output=True)
    done = filled.run(*ASK, str(request), *BY)
    assert done.code == 2
    assert "-sigopt distid:1234567812345678" in done.err


def test_every_option_of_a_merchant_can_be_changed_and_no_other(filled: CommandLine) -> None:
    options = ("partners", "merchants", "options", HOTEL)
    for flag in ("--point-prefix raw", "--unfinished empty", "--companions", "--no-companions"):
        assert filled.run(*options, *flag.split(), *LI).code == 0
    assert filled.run(*options, "--spoken-intention").code == 2


def test_an_api_key_may_end_by_itself(filled: CommandLine) -> None:
    made = filled.run("partners", "keys", "create", "hotel", "--label", "trial", "--days", "30", *LI, "--json").json()
    listed = filled.run("partners", "keys", "list", "hotel", "--json").json()
    ends = {key["key_id"]: key["expires_at"] for key in listed}
    assert ends[made["key_id"]] == made["expires_at"] is not None
    assert filled.run("partners", "keys", "create", "hotel", "--label", "trial", "--days", "-1", *LI).code == 2


def test_a_key_ends_after_a_year_is_said_before_and_works_for_a_while_beside_its_successor(
    filled: CommandLine,
) -> None:
    create = ("partners", "keys", "create", "library", *LI, "--json")
    assert filled.run(*create, "--label", "lasting", "--days", "0").json()["expires_at"] is None
    made = filled.run(*create, "--label", "year").json()
    soon = filled.run(*create, "--label", "week", "--days", "6", "--scope", "verifications:read").json()
    found = {one["name"]: one for one in filled.run("partners", "expiring", "--json").json()}
    assert (made["key_id"] in found, found[soon["key_id"]]["within_days"]) == (False, 7)
    [doctor] = [one for one in filled.run("doctor", "--json").json()["findings"] if one["check"] == "EZT022"]
    assert doctor["severity"] == "warning"
    rotate = ("partners", "keys", "rotate", "library", *LI, "--json")
    new = filled.run(*rotate, soon["key_id"], "--overlap-days", "3").json()
    assert (new["label"], new["scopes"]) == ("week", ["verifications:read"])
    keys = {one["key_id"]: one for one in filled.run("partners", "keys", "list", "library", "--json").json()}
    assert keys[soon["key_id"]]["expires_at"] < soon["expires_at"]
    last = filled.run(*rotate, new["key_id"], "--overlap-days", "0").json()
    assert "[not_found]" in filled.run(*rotate, new["key_id"]).err
    keys = {one["key_id"]: one for one in filled.run("partners", "keys", "list", "library", "--json").json()}
    assert (keys[new["key_id"]]["revoked_at"] is None, keys[last["key_id"]]["revoked_at"]) == (False, None)
    pair = filled.run("partners", "account-keys", "create", "library", "--label", "s", *LI, "--days", "20", "--json")
    assert pair.json()["token"] is None
    assert pair.json()["secret_id"] in filled.run("partners", "expiring").out
