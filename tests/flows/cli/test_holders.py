"""``eztong holders freeze``: for a holder who called, also while the service runs."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from eztong.adapters.authority.synthetic import synthetic_citizen
from tests.flows.cli.command import CommandLine

NUMBER = "11000019900307001X"
FREEZE = ("holders", "freeze", "--reason", "account_stolen", "--operator", "demo-li")


def test_the_account_of_a_caller_is_frozen_while_the_service_runs_and_the_holder_is_told(eztong: CommandLine) -> None:
    with eztong.serving("serve") as (address, _child):
        made = httpx.post(f"{address}/v1/test_helpers/holders", json={"persona": "P01"}, timeout=30)
        assert made.is_success, made.text
        holder = made.json()["id"]
        eztong.as_operator()
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
            "operator": "demo-li",
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
    pause = ("holders", "freeze", "--reason", "pause", "--operator", "demo-li")
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
    assert detail.endswith(" reason=account_stolen operator=demo-li")


@pytest.mark.parametrize(
    ("number", "operator", "code"),
    [
        ("110000199003070011", "demo-li", 2),
        ("", "demo-li", 2),
        (NUMBER, "demo-li", 3),
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


def topics_soon(address: str, awaited: str = "account_frozen") -> set[str]:
    """The topics of the messages in the inbox, once what is awaited is told."""
    deadline = time.monotonic() + 60
    while True:
        found = {one["topic"] for one in httpx.get(f"{address}/sandbox/inbox?format=json", timeout=30).json()}
        if awaited in found or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


def test_a_number_appeal_waits_by_the_tickets_number_and_says_no_number(eztong: CommandLine, tmp_path: Path) -> None:
    with eztong.serving("serve") as (address, _child):
        eztong.as_operator()
        made = httpx.post(f"{address}/v1/test_helpers/holders", json={"persona": "P01"}, timeout=30)
        holder, ticket = made.json()["id"], written(address)
        file = tmp_path / "person.txt"
        file.write_text(f"测一一\n{NUMBER}\n19900000777\n", encoding="utf-8")
        appeal = ("holders", "change-phone", "--operator", "demo-li", "--person-file", str(file))
        done = eztong.run(*appeal, "--ticket", ticket, "--json")
        assert done.json()["holder_id"] == holder
        assert done.json()["takes_effect_at"] > "2026-01-2"
        again = eztong.run(*appeal, "--ticket", ticket)
        unknown = eztong.run(*appeal, "--ticket", "9999999999")
        assert (again.code, unknown.code) == (3, 3)
        assert {"phone_waiting", "phone_coming"} <= set(topics_soon(address, "phone_coming"))
        keep = ("holders", "keep-phone", "--operator", "demo-li")
        kept = eztong.run(*keep, "--json", stdin=f"{NUMBER}\n".encode())
        assert kept.json()["holder_id"] == holder
        nothing = eztong.run(*keep, stdin=f"{NUMBER}\n".encode())
        assert (nothing.code, "phone_change_over" in nothing.err) == (3, True)
    for one in (done, again, unknown, kept, nothing):
        assert NUMBER not in one.out + one.err
        assert "19900000777" not in one.out + one.err


def written(address: str) -> str:
    """Write a number appeal as somebody who is not signed in; return the ticket's number."""
    with httpx.Client(base_url=address, timeout=30) as browser:
        page = browser.get("/feedback").text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        shown = browser.post("/feedback", data=hidden | {"kind": "number_appeal", "words": "..."}).text
    found = re.search(r'<dd class="digits">([0-9 ]{11,})</dd>', shown)
    assert found is not None
    return found[1].replace(" ", "")


RESTRICT = ("holders", "restrict", "--reason", "misuse", "--ceiling", "none", "--operator", "demo-li")
LIFT = ("holders", "lift", "--reason", "misuse", "--operator", "demo-li")


def test_staff_limit_an_account_and_lift_it_again_under_their_name(filled: CommandLine) -> None:
    typed = f"{number_of(2)}\n".encode()
    first = filled.run(*RESTRICT, "--json", stdin=typed).json()
    (mark,) = first["set"]
    assert (first["ceiling"], mark["cause"], mark["ceiling"], mark["rule"]) == ("none", "risk", "none", "misuse")
    again = filled.run(*RESTRICT, stdin=typed)
    assert (again.code, "Nothing was changed." in again.err) == (0, True)
    assert number_of(2) not in again.out + again.err
    lifted = filled.run(*LIFT, stdin=typed)
    assert (lifted.code, "1 lifted; no mark limits it now" in lifted.err) == (0, True)
    with closing(sqlite3.connect(filled.data / "eztong.db")) as database:
        rows = database.execute(
            "SELECT kind, actor, detail FROM holder_events WHERE holder_id = ? AND kind LIKE 'restric%' ORDER BY at",
            (first["holder_id"],),
        ).fetchall()
    told = "cause=risk ceiling=none rule=misuse operator=demo-li"
    assert rows == [("restricted", "operator", told), ("restriction_lifted", "operator", told)]


@pytest.mark.parametrize("command", [RESTRICT, LIFT])
def test_nobody_with_this_number_is_limited(filled: CommandLine, command: tuple[str, ...]) -> None:
    done = filled.run(*command, stdin=f"{NUMBER}\n".encode())
    assert (done.code, "Nothing was changed." in done.err) == (3, True)


def test_staff_have_the_authority_asked_about_somebody_who_is_said_to_have_died(eztong: CommandLine) -> None:
    typed = f"{NUMBER}\n".encode()
    with eztong.serving("serve") as (address, _child):
        eztong.as_operator()
        httpx.post(f"{address}/v1/test_helpers/holders", json={"persona": "P01"}, timeout=30)
        ticket = written(address)
        by = ("--operator", "demo-li")
        told = eztong.run("deceased", "check", ticket, *by, "--json", stdin=typed)
        assert (told.code, told.json().keys()) == (0, {"holder_id", "deceased", "arranged"})
        assert (told.json()["deceased"], told.json()["arranged"]) == (False, None)
        unasked = eztong.run("deceased", "check", "1234567890", *by, stdin=typed)
        assert (unasked.code != 0, "nothing_asked" in unasked.err) == (True, True)
        unknown = eztong.run("deceased", "check", ticket, *by, stdin=f"{number_of(2)}\n".encode())
        assert (unknown.code != 0, "Traceback" in unknown.err) == (True, False)
        propose = ("deceased", "propose", ticket, "--reason", "x", *by, "--do")
        refused = eztong.run(*propose, "copy", stdin=typed)
        assert (refused.code != 0, "not_of_relatives" in refused.err) == (True, True)
        nameless = eztong.run(*propose, "correct", stdin=typed)
        assert (nameless.code, "--name-file" in nameless.err) == (2, True)
        names = eztong.run("deceased", "names", "prp_01ARZ3NDEKTSV4RRFFQ69G5FAV", *by)
        assert (names.code, "no such proposal" in names.err) == (3, True)
