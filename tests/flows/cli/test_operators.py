"""``eztong operators``: added, listed, renewed, linked and disabled; a secret is proven and is never an argument."""

from __future__ import annotations

from pathlib import Path

import pytest

from eztong.adapters.authority.synthetic import synthetic_citizen
from tests.flows.cli.command import CommandLine

BY = ("--operator", "demo-li")


def test_an_operator_is_added_by_another_and_acts_with_the_secret_that_was_shown(filled: CommandLine) -> None:
    added = filled.run("operators", "add", "Zhao", "--role", "system", *BY, "--json").json()
    assert (added["name"], added["roles"], added["added_by"]) == ("zhao", ["system"], "demo-li")
    file = filled.folder / "secret.txt"
    file.write_text(f"{added['secret']}\n")
    own = ("--operator", "zhao", "--operator-secret-file", str(file))
    renewed = filled.run("operators", "new-secret", "zhao", *own)
    assert renewed.code == 0, renewed.err
    assert added["secret"] not in renewed.out
    refused = filled.run("operators", "new-secret", "zhao", *own)
    assert (refused.code, "[operator_refused]" in refused.err) == (3, True)
    file.write_text(renewed.out)
    assert filled.run("operators", "add", "qian", "--role", "audit", *own).code == 0
    assert filled.run("operators", "disable", "zhao", *BY).code == 0
    assert "[operator_refused]" in filled.run("operators", "add", "sun", "--role", "audit", *own).err
    listed = {one["name"]: one for one in filled.run("operators", "list", "--json").json()}
    assert (listed["zhao"]["state"], listed["qian"]["added_by"]) == ("disabled", "zhao")
    assert added["secret"] not in filled.run("operators", "list").out


def test_nobody_adds_an_operator_without_a_name_a_secret_or_the_role(filled: CommandLine) -> None:
    assert "[operator_needed]" in filled.run("operators", "add", "sun", "--role", "system").err
    added = filled.run("operators", "add", "clerk", "--role", "cases", *BY, "--json").json()
    file = filled.folder / "clerk.txt"
    file.write_text(added["secret"])
    clerk = ("--operator", "clerk", "--operator-secret-file", str(file))
    assert "[operator_role_missing]" in filled.run("operators", "add", "sun", "--role", "system", *clerk).err
    silent = CommandLine(filled.folder)
    nothing = silent.run("operators", "add", "sun", "--role", "system", *BY)
    assert (nothing.code, "[operator_secret_missing]" in nothing.err) == (2, True)
    assert filled.run("operators", "add", "sun", "--role", "king", *BY).code == 2
    assert silent.run("operators", "add", "sun", "--role", "system", *BY, "--operator-secret", "x").code == 2


def test_an_operator_is_linked_to_the_account_of_a_number(filled: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "number.txt"
    file.write_text(synthetic_citizen(1)[1])
    done = filled.run("operators", "link", "demo-wang", *BY, "--number-file", str(file))
    assert (done.code, "is linked to hld_" in done.err) == (0, True)
    assert file.read_text() not in done.out + done.err
    [wang] = [one for one in filled.run("operators", "list", "--json").json() if one["name"] == "demo-wang"]
    assert wang["linked"]
    nobody = filled.run("operators", "link", "demo-wang", *BY, stdin=f"{synthetic_citizen(999)[1]}\n".encode())
    assert nobody.code == 3


@pytest.fixture
def fresh(tmp_path: Path) -> CommandLine:
    """A new installation of its own."""
    eztong = CommandLine(tmp_path)
    assert eztong.run("sandbox", "credentials").code == 0
    return eztong


def test_five_wrong_secrets_lock_an_operator_for_every_command(fresh: CommandLine) -> None:
    fresh.settings["EZTONG_OPERATOR_SECRET"] = "wrong"
    said = [fresh.run("operators", "disable", "demo-wang", *BY).err for _ in range(6)]
    assert ["[operator_refused]" in one for one in said] == [True] * 5 + [False]
    assert "[operator_locked]" in said[5]
    fresh.as_operator()
    assert "[operator_locked]" in fresh.run("operators", "disable", "demo-wang", *BY).err
