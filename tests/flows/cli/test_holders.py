"""``eztong holders freeze``: for a holder who called, also while the service runs."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from tests.flows.cli.command import CommandLine

NUMBER = "11000019900307001X"
FREEZE = ("holders", "freeze", "--reason", "phone_lost", "--operator", "li.na")


@pytest.fixture
def eztong(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def test_the_account_of_a_caller_is_frozen_while_the_service_runs_and_the_holder_is_told(eztong: CommandLine) -> None:
    with eztong.serving("serve") as (address, _child):
        keys = eztong.run("sandbox", "credentials", "--json").json()
        assert keys
        made = httpx.post(f"{address}/v1/test_helpers/holders", json={"persona": "P01"}, timeout=30)
        assert made.is_success, made.text
        holder = made.json()["id"]
        done = eztong.run(*FREEZE, "--json", stdin=f"{NUMBER}\n".encode())
        assert done.json() == {"holder_id": holder, "state": "frozen", "was_frozen": False, "operator": "li.na"}
        refused = httpx.post(f"{address}/v1/test_helpers/holders/{holder}/codes", timeout=30)
        assert refused.json()["code"] == "holder_frozen"
        topics = _topics_soon(address)
    assert "account_frozen" in topics


def test_what_it_did_is_said_and_twice_is_the_same_as_once(eztong: CommandLine) -> None:
    assert eztong.run("sandbox", "populate", "1").code == 0
    number = _somebody(eztong)
    first = eztong.run(*FREEZE, stdin=f"{number}\n".encode())
    assert (first.code, "is frozen" in first.err) == (0, True)
    assert number not in first.out + first.err
    again = eztong.run(*FREEZE, stdin=f"{number}\n".encode())
    assert (again.code, "frozen already" in again.err) == (0, True)
