"""``eztong holders freeze``: for a holder who called, also while the service runs."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from eztong.adapters.authority.synthetic import synthetic_citizen
from tests.flows.cli.command import CommandLine

NUMBER = "11000019900307001X"
FREEZE = ("holders", "freeze", "--reason", "account_stolen", "--operator", "li.na")


def test_the_account_of_a_caller_is_frozen_while_the_service_runs_and_the_holder_is_told(eztong: CommandLine) -> None:
    with eztong.serving("serve") as (address, _child):
        made = httpx.post(f"{address}/v1/test_helpers/holders", json={"persona": "P01"}, timeout=30)
        assert made.is_success, made.text
        holder = made.json()["id"]
        done = eztong.run(*FREEZE, "--json", stdin=f"{NUMBER}\n".encode())
        assert done.json() == {
            "holder_id": holder,
            "state": "frozen",
            "was_frozen": False,
            "written_down": True,
            "recovery_stopped": False,
            "phone_lost": False,
            "sessions_ended": 1,
            "codes_ended": 0,
            "operator": "li.na",
        }
        refused = httpx.post(f"{address}/v1/test_helpers/holders/{holder}/codes", timeout=30)
        assert refused.json()["code"] == "holder_frozen"
        topics = topics_soon(address)
    assert "account_frozen" in topics


def test_what_it_did_is_said_and_twice_is_the_same_as_once(filled: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "number.txt"
    file.write_text(f"{number_of(1)}\n")
    first = filled.run(*FREEZE, "--number-file", str(file))
    assert (first.code, "is frozen" in first.err) == (0, True)
    assert number_of(1) not in first.out + first.err
    assert "frozen already" not in first.err
    again = filled.run(*FREEZE, stdin=f"{number_of(1)}\n".encode())
    assert (again.code, "frozen already. Nothing was changed." in again.err) == (0, True)


def test_a_theft_that_is_told_of_a_paused_account_is_not_called_nothing(filled: CommandLine) -> None:
    pause = ("holders", "freeze", "--reason", "pause", "--operator", "li.na")
    filled.run(*pause, stdin=f"{number_of(3)}\n".encode())
    told = filled.run(*FREEZE, stdin=f"{number_of(3)}\n".encode())
    assert "Nothing was changed" not in told.err
    assert "was frozen already. The reason account_stolen is written down" in told.err


def test_the_history_of_the_account_names_the_operator(filled: CommandLine) -> None:
    done = filled.run(*FREEZE, "--json", stdin=f"{number_of(2)}\n".encode()).json()
    with closing(sqlite3.connect(filled.data / "eztong.db")) as database:
        rows = database.execute(
            "SELECT actor, detail FROM holder_events WHERE holder_id = ? AND kind = 'frozen'", (done["holder_id"],)
        ).fetchall()
    ((actor, detail),) = rows
    assert actor == "operator"
    assert detail.startswith("channel=hotline ")
    assert detail.endswith(" reason=account_stolen operator=li.na")


@pytest.mark.parametrize(
    ("number", "operator", "code"),
    [
        ("110000199003070011", "li.na", 2),
        ("", "li.na", 2),
        (NUMBER, "li.na", 3),
        (NUMBER, "李娜 <li@example.cn>", 2),
    ],
    ids=["no number", "nothing", "nobody's", "no login"],
)
def test_what_cannot_be_done_ends_with_its_code_and_says_no_number(
    filled: CommandLine, number: str, operator: str, code: int
) -> None:
    done = filled.run("holders", "freeze", "--reason", "pause", "--operator", operator, stdin=f"{number}\n".encode())
    assert done.code == code, done.err
    assert not number or number not in done.out + done.err


def test_the_number_is_no_option_and_the_command_stands_in_the_help(filled: CommandLine) -> None:
    assert "holders" in filled.run("--help").out
    help_text = filled.run("holders", "freeze", "--help").out
    assert "--number-file" in help_text
    assert filled.run(*FREEZE, "--number", NUMBER).code == 2


def number_of(index: int) -> str:
    """The number of a citizen that ``sandbox populate`` made."""
    return synthetic_citizen(index)[1]


def topics_soon(address: str) -> set[str]:
    """The topics of the messages in the inbox, once the freeze is told."""
    deadline = time.monotonic() + 60
    while True:
        found = {one["topic"] for one in httpx.get(f"{address}/sandbox/inbox?format=json", timeout=30).json()}
        if "account_frozen" in found or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


RESTRICT = ("holders", "restrict", "--reason", "misuse", "--ceiling", "none", "--operator", "li.na")
LIFT = ("holders", "lift", "--reason", "misuse", "--operator", "li.na")


def test_staff_limit_an_account_and_lift_it_again_under_their_name(filled: CommandLine) -> None:
    typed = f"{number_of(2)}\n".encode()
    first = filled.run(*RESTRICT, "--json", stdin=typed).json()
    (mark,) = first["set"]
    assert (first["ceiling"], mark["cause"], mark["ceiling"], mark["rule"]) == ("none", "risk", "none", "misuse")
    again = filled.run(*RESTRICT, stdin=typed)
    assert (again.code, "Nothing was changed." in again.err) == (0, True)
    assert number_of(4) not in again.out + again.err
    lifted = filled.run(*LIFT, stdin=typed)
    assert (lifted.code, "1 lifted; no mark limits it now" in lifted.err) == (0, True)
    with closing(sqlite3.connect(filled.data / "eztong.db")) as database:
        rows = database.execute(
            "SELECT kind, actor, detail FROM holder_events WHERE holder_id = ? AND kind LIKE 'restric%' ORDER BY at",
            (first["holder_id"],),
        ).fetchall()
    told = "cause=risk ceiling=none rule=misuse operator=li.na"
    assert rows == [("restricted", "operator", told), ("restriction_lifted", "operator", told)]


@pytest.mark.parametrize("command", [RESTRICT, LIFT])
def test_nobody_with_this_number_is_limited(filled: CommandLine, command: tuple[str, ...]) -> None:
    done = filled.run(*command, stdin=f"{NUMBER}\n".encode())
    assert (done.code, "Nothing was changed." in done.err) == (3, True)
