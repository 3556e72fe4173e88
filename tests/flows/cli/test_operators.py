"""``eztong operators``: added, listed, renewed, linked and disabled; a secret is proven and is never an argument."""

from __future__ import annotations

from pathlib import Path

import pytest

from eztong.adapters.authority.synthetic import synthetic_citizen
from tests.flows.cli.command import CommandLine

BY = ("--operator", "demo-li")
# Each command of these hashes a secret or two, in a process of its own.
pytestmark = pytest.mark.timeout(240)


def added(filled: CommandLine, name: str, role: str) -> tuple[str, ...]:
    """Add an operator; return the options by which they act."""
    shown = filled.run("operators", "add", name, "--role", role, *BY, "--json").json()
    assert (shown["name"], shown["roles"], shown["added_by"]) == (name.lower(), [role], "demo-li")
    file = filled.folder / f"{name}.txt"
    file.write_text(f"{shown['secret']}\n")
    return ("--operator", name, "--operator-secret-file", str(file))


def known_to(filled: CommandLine, name: str) -> tuple[list[str], bool]:
    """Return through whose hands the operator's secret went, as the list says, and whether that has an end."""
    listed = filled.run("operators", "list", "--json").json()
    (shown,) = [one for one in listed if one["name"] == name]
    return shown["secret_known_to"], shown["given_counts_until"] is not None


def test_an_operator_acts_with_the_own_secret_and_renews_it(filled: CommandLine) -> None:
    own = added(filled, "Zhao", "system")
    assert known_to(filled, "zhao") == (["demo-li"], False)
    renewed = filled.run("operators", "new-secret", "zhao", *own)
    assert renewed.code == 0, renewed.err
    refused = filled.run("operators", "new-secret", "zhao", *own)
    assert (refused.code, "[operator_refused]" in refused.err) == (3, True)
    assert known_to(filled, "zhao") == (["demo-li"], True)
    Path(own[-1]).write_text(renewed.out)
    assert filled.run("operators", "add", "qian", "--role", "audit", *own).code == 0


def test_a_disabled_operator_stays_in_the_list_and_acts_no_more(filled: CommandLine) -> None:
    own = added(filled, "sun", "system")
    assert filled.run("operators", "disable", "sun", *BY).code == 0
    assert "[operator_refused]" in filled.run("operators", "add", "li", "--role", "audit", *own).err
    listed = {one["name"]: one for one in filled.run("operators", "list", "--json").json()}
    assert (listed["sun"]["state"], "li" in listed) == ("disabled", False)


def test_nobody_adds_an_operator_without_a_name_a_secret_or_the_role(filled: CommandLine) -> None:
    add = ("operators", "add", "zhou", "--role", "system")
    assert "[operator_needed]" in filled.run(*add).err
    assert "[operator_role_missing]" in filled.run(*add, *added(filled, "clerk", "cases")).err
    nothing = CommandLine(filled.folder).run(*add, *BY)
    assert (nothing.code, "[operator_secret_missing]" in nothing.err) == (2, True)
    assert filled.run(*add, *BY, "--operator-secret", "x").code == 2


def test_an_operator_is_linked_to_the_person_of_a_number_by_another(filled: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "number.txt"
    file.write_text(synthetic_citizen(1)[1])
    done = filled.run("operators", "link", "demo-wang", *BY, "--number-file", str(file))
    assert (done.code, "is linked to this person" in done.err) == (0, True)
    assert file.read_text() not in done.out + done.err
    again = filled.run("operators", "link", "demo-wang", *BY, stdin=f"{synthetic_citizen(999)[1]}\n".encode())
    assert (again.code, "2 in all" in again.err) == (0, True)
    oneself = filled.run("operators", "link", "demo-li", *BY, "--number-file", str(file))
    assert (oneself.code, "[about_oneself]" in oneself.err) == (3, True)
