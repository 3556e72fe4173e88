"""Keys are made once, rotated on demand; doctor names what is missing by stable ids."""

import base64
from pathlib import Path

import pytest

from eztong.gm.sm2 import PublicKey
from tests.flows.cli.command import CommandLine


def test_keys_are_made_once_and_never_overwritten(eztong: CommandLine) -> None:
    assert eztong.run("keys", "init").code == 0
    before = (eztong.data / "keyring.json").read_bytes()
    again = eztong.run("keys", "init")
    assert again.code == 3
    assert "[keyring_exists]" in again.err
    assert (eztong.data / "keyring.json").read_bytes() == before
    assert (eztong.data / "root.key").stat().st_mode & 0o077 == 0


def test_a_rotation_is_dry_until_it_is_applied(filled: CommandLine) -> None:
    before = (filled.data / "keyring.json").read_bytes()
    dry = filled.run("keys", "rotate", "qr_tag")
    assert dry.code == 0
    assert "qr_tag-2 would become" in dry.err
    assert (filled.data / "keyring.json").read_bytes() == before
    assert filled.run("keys", "rotate", "qr_tag", "--apply").code == 0
    states = {key["key_id"]: key["state"] for key in filled.run("keys", "list", "--json").json()}
    assert (states["qr_tag-1"], states["qr_tag-2"]) == ("retiring", "active")


def test_a_purpose_that_must_stay_is_refused_even_dry(filled: CommandLine) -> None:
    done = filled.run("keys", "rotate", "lookup")
    assert done.code == 3
    assert "[rotation_refused]" in done.err


def test_an_unknown_purpose_is_a_usage_error(eztong: CommandLine) -> None:
    assert eztong.run("keys", "rotate", "everything").code == 2


def test_public_keys_for_the_authority_and_back(filled: CommandLine) -> None:
    client = filled.run("keys", "client", "--json").json()
    assert client["key_id"] == "authority_client-1"
    pin = filled.run("authority", "keys", "--json").json()
    for spki in (client["spki"], pin["signing"]["spki"], pin["encryption"]["spki"]):
        PublicKey.from_spki(base64.b64decode(spki))


def test_doctor_has_stable_ids_and_no_error_in_the_sandbox(eztong: CommandLine) -> None:
    report = eztong.run("doctor", "--json").json()
    assert (report["mode"], report["errors"]) == ("sandbox", 0)
    assert {f"EZT{number:03d}" for number in range(1, 13)} <= {finding["check"] for finding in report["findings"]}


def test_doctor_exits_with_1_where_live_mode_would_not_start(eztong: CommandLine, tmp_path: Path) -> None:
    eztong.settings |= {"EZTONG_MODE": "live", "EZTONG_ROOT_KEY_FILE": str(tmp_path / "elsewhere" / "root.key")}
    done = eztong.run("doctor", "--json")
    assert done.code == 1
    bad = {finding["check"] for finding in done.json()["findings"] if finding["severity"] == "error"}
    assert {"EZT002", "EZT003", "EZT004", "EZT005"} <= bad


@pytest.mark.parametrize(("host", "severity"), [("10.0.0.5", "warning"), ("[2001:db8::1]", "warning"), ("a.b", "ok")])
def test_doctor_says_that_a_number_is_no_address_for_passkeys(eztong: CommandLine, host: str, severity: str) -> None:
    eztong.settings["EZTONG_PUBLIC_URL"] = f"https://{host}"
    findings = {finding["check"]: finding for finding in eztong.run("doctor", "--json").json()["findings"]}
    assert findings["EZT003"]["severity"] == severity


def test_live_mode_has_no_sandbox(eztong: CommandLine) -> None:
    eztong.settings["EZTONG_MODE"] = "live"
    for command in (("sandbox", "credentials"), ("sandbox", "reset"), ("authority", "keys")):
        done = eztong.run(*command)
        assert done.code == 3
        assert "[not_permitted]" in done.err
