"""What is done to keys on the command line: two stand for it, it is dry at first, and what was before goes on."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.cli.command import CommandLine
from tests.simulators.outside.softhsm import PIN, ROOT_LABEL, SoftHsm, module_path, softhsm_in

LI, WANG = "demo-li", "demo-wang"


@pytest.fixture(scope="module")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftHsm]:
    with softhsm_in(tmp_path_factory.mktemp("softhsm")) as made:
        yield made


@pytest.fixture
def own(filled: CommandLine, tmp_path: Path) -> CommandLine:
    """A copy that a test may turn upside down."""
    backup = tmp_path / "backup.tar"
    assert filled.run("db", "backup", str(backup)).code == 0
    mine = CommandLine(tmp_path, {**filled.settings, "EZTONG_ROOT_KEY_FILE": str(filled.data / "root.key")})
    assert mine.run("db", "restore", str(backup), "--apply").code == 0
    return mine


def by_two(eztong: CommandLine, *, reason: str = "yearly", second: str = WANG) -> tuple[str, ...]:
    secret = eztong.folder / "secret"
    secret.write_text(eztong.settings["EZTONG_OPERATOR_SECRET"])
    return ("--operator", LI, "--second", second, "--second-secret-file", str(secret), "--reason", reason)


def ok(eztong: CommandLine, *arguments: str) -> str:
    done = eztong.run(*arguments)
    assert done.code == 0, done.err
    return done.err + done.out


def status(eztong: CommandLine) -> dict[str, Any]:
    found: dict[str, Any] = eztong.run("keys", "status", "--json").json()
    return found


def test_two_rotate_seal_again_and_retire_and_everything_of_before_still_opens_and_verifies(own: CommandLine) -> None:
    two = by_two(own)
    for purpose in ("kek", "service_seal", "results"):
        ok(own, "keys", "rotate", purpose, "--apply", *two)
    before = status(own)["values"]
    assert set(before) == {"kek-1", "service_seal-1"}
    assert "under kek-1" in ok(own, "keys", "reseal")
    assert status(own)["values"] == before, "a dry run changed something"
    ok(own, "keys", "reseal", "--apply", "--here", *two)
    after = status(own)
    assert after["values"] == {"kek-2": before["kek-1"], "service_seal-2": before["service_seal-1"]}
    assert (after["reseal"]["phase"], after["reseal"]["left"]) == ("done", 0)
    for key in ("kek-1", "service_seal-1"):
        assert "would be destroyed" in ok(own, "keys", "retire", key)
        ok(own, "keys", "retire", key, "--apply", *two)
    # Every signature of before, every sealed field and every tag.
    ok(own, "db", "check", "--full")
    done = [(one["what"], one["operator"], one["second"], one["reason"]) for one in status(own)["ceremonies"]]
    assert done[:2] == [("key_retired", LI, WANG, "yearly")] * 2
    assert ("keys_resealing", LI, WANG, "yearly") in done
    assert done.count(("key_rotated", LI, WANG, "yearly")) == 3


def test_one_alone_without_a_reason_or_twice_does_nothing(own: CommandLine) -> None:
    before = (own.data / "keyring.json").read_bytes()
    for arguments, code, said in (
        (by_two(own, second=LI), 3, "[same_operator]"),
        (by_two(own, reason=""), 2, "[reason_invalid]"),
        (("--operator", LI), 2, "--second"),
        (by_two(own, second="nobody"), 3, "[operator_refused]"),
    ):
        refused = own.run("keys", "rotate", "results", "--apply", *arguments)
        assert (refused.code, said in refused.err) == (code, True), refused.err
    assert (own.data / "keyring.json").read_bytes() == before


def test_a_kill_in_the_middle_loses_nothing_and_the_next_run_goes_on(own: CommandLine) -> None:
    for purpose in ("kek", "service_seal"):
        ok(own, "keys", "rotate", purpose, "--apply")
    before = status(own)["values"]
    ok(own, "keys", "reseal", "--apply")
    killed = subprocess.run([sys.executable, "-c", _KILLED], env=own.environment(), check=False)
    assert killed.returncode == -signal.SIGKILL
    half = status(own)
    assert half["reseal"]["phase"] == "moving"
    assert sum(half["values"].values()) == sum(before.values())
    assert {"kek-1", "kek-2"} <= set(half["values"])
    ok(own, "db", "check", "--full")
    ok(own, "keys", "reseal", "--here")
    assert set(status(own)["values"]) == {"kek-2", "service_seal-2"}
    ok(own, "db", "check", "--full")


_KILLED = """
import os, signal
from eztong.cli.keys import ceremonies
from eztong.cli.main import run
from eztong.usecases.keys import reseal

reseal.BATCH = 1
real, steps = ceremonies.reseal_step, []

def killed_at_the_third(act):
    done = real(act)
    steps.append(1)
    if len(steps) == 3:
        # Before its commit.
        os.kill(os.getpid(), signal.SIGKILL)
    return done

ceremonies.reseal_step = killed_at_the_third
run(("keys", "reseal", "--here"))
"""


def test_the_root_key_goes_into_a_token_and_back(own: CommandLine, softhsm: SoftHsm) -> None:
    softhsm.token("deployment", root=None)
    own.settings |= softhsm.settings("deployment")
    assert "[token_missing]" in own.run("keys", "change-root", "--to-token").err
    assert "wraps and opens" in ok(own, "keys", "token", "--make")
    before = (own.data / "keyring.json").read_bytes()
    assert "Nothing was changed" in ok(own, "keys", "change-root", "--to-token")
    assert (own.data / "keyring.json").read_bytes() == before
    two = by_two(own, reason="into the token")
    ok(own, "keys", "change-root", "--to-token", "--apply", *two)
    assert [one["kind"] for one in status(own)["roots"]] == ["file", "token"]
    in_file = dict(own.settings)
    own.settings["EZTONG_ROOT_KEY_PLACE"] = "token"
    ok(own, "keys", "change-root", "--finish", "--apply", *two)
    assert status(own)["roots"] == [{"kind": "token", "name": ROOT_LABEL, "used": True}]
    refused = CommandLine(own.folder, in_file).run("keys", "list")
    assert (refused.code, "[root_key_wrong]" in refused.err) == (3, True), refused.err
    ok(own, "db", "check", "--full")
    ok(own, "db", "backup", str(own.folder / "after.tar"))
    root = own.run("keys", "inventory", "--json").json()["keys"][0]
    assert (root["algorithm"], root["place"], root["certified"]) == ("AES-KW", "token", "unknown")
    own.settings["EZTONG_TOKEN_CERTIFICATE"] = "GM0000"
    assert own.run("keys", "inventory", "--json").json()["keys"][0]["certified"] == "yes"
    back = own.folder / "back" / "root.key"
    ok(own, "keys", "change-root", "--to-file", str(back), "--apply", *two)
    own.settings |= {"EZTONG_ROOT_KEY_PLACE": "file", "EZTONG_ROOT_KEY_FILE": str(back)}
    ok(own, "keys", "change-root", "--finish", "--apply", *two)
    for name in [name for name in own.settings if name.startswith("EZTONG_TOKEN")]:
        del own.settings[name]
    ok(own, "db", "check", "--full")
    done = [one["what"] for one in status(own)["ceremonies"]]
    assert done[:4] == ["root_key_changed", "root_key_added"] * 2


def test_a_new_installation_lives_under_a_token_from_the_start(
    eztong: CommandLine, softhsm: SoftHsm, tmp_path: Path
) -> None:
    softhsm.token("fresh")
    eztong.settings |= softhsm.settings("fresh") | {"EZTONG_ROOT_KEY_PLACE": "token"}
    assert f"key {ROOT_LABEL}" in ok(eztong, "keys", "init")
    assert not (eztong.data / "root.key").exists()
    with eztong.serving("serve"):
        pass
    for settings, said in (
        ({"EZTONG_TOKEN_LABEL": "taken out"}, "[token_missing]"),
        ({"EZTONG_TOKEN_MODULE": "/none.so"}, "[token_missing]"),
        ({"EZTONG_TOKEN_PIN": "000000"}, "[token_pin_wrong]"),
        ({}, "[token_pin_wrong]"),
    ):
        refused = CommandLine(tmp_path, eztong.settings | settings).run("serve", "--port", "0")
        assert (refused.code, said in refused.err) == (3, True), refused.err
        assert PIN not in refused.err
    doctor = eztong.run("doctor", "--json")
    assert doctor.code == 1
    assert any("left alone" in finding["advice"] for finding in doctor.json()["findings"])
    pin = tmp_path / "pin"
    pin.write_text(PIN)
    pin.chmod(0o600)
    del eztong.settings["EZTONG_TOKEN_PIN"]
    eztong.settings["EZTONG_TOKEN_PIN_FILE"] = str(pin)
    assert "It takes the PIN." in ok(eztong, "keys", "token", "--try-pin")
    ok(eztong, "keys", "list")


def test_a_token_that_nobody_named_is_asked_for(eztong: CommandLine) -> None:
    for arguments in (("keys", "token"), ("keys", "rotate", "results", "--in-token", "results")):
        refused = eztong.run(*arguments)
        assert (refused.code, "EZTONG_TOKEN_MODULE" in refused.err) == (3, True), refused.err
    assert eztong.run("keys", "change-root").code == 2
    assert module_path().exists()
