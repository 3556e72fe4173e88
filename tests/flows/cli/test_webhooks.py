"""``eztong partners webhooks``: endpoints from the command line, in tables and in JSON, and what is refused."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.commands import Ran, run_one

URL = "https://hotel.example/hooks"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("webhooks") / "data"
    assert run(folder, "list", "hotel").code == 0
    return folder


READING = {"list", "show", "deliveries"}


def run(folder: Path, *arguments: str) -> Ran:
    """Run a command; whatever changes something is given by a demo operator."""
    named = () if arguments[0] in READING else ("--operator", "demo-li")
    return run_one(("partners", "webhooks", *arguments, *named), folder, EZTONG_OPERATOR_SECRET=secret(folder))


def secret(folder: Path) -> str:
    if not (folder / "eztong.db").exists():
        return "none yet"
    with closing(sqlite3.connect(folder / "eztong.db")) as connection:
        asked = "SELECT value FROM service_settings WHERE name = 'sandbox_operator_secret'"
        return str(connection.execute(asked).fetchone()[0])


def told(folder: Path, *arguments: str) -> Any:  # noqa: ANN401 - any JSON
    done = run(folder, *arguments, "--json")
    assert done.code == 0, done
    return json.loads(done.out)


def test_an_endpoint_from_added_to_removed(data: Path) -> None:
    made = told(data, "add", "hotel", "--url", URL, "--event", "request.finished")
    whose = ("hotel", made["id"])
    assert made["secret"].startswith("whsec_")
    assert made["event_types"] == ["request.finished"]
    shown = told(data, "show", *whose)
    assert shown == {name: value for name, value in made.items() if name != "secret"}
    assert made["secret"] not in run(data, "show", *whose).out
    assert told(data, "list", "hotel") == [shown]
    listed = run(data, "list", "hotel")
    assert (URL in listed.out, "1 listed." in listed.err) == (True, True)
    rotated = told(data, "rotate-secret", *whose)
    assert (rotated["previous_public_key"], rotated["secret"] != made["secret"]) == (made["public_key"], True)
    assert told(data, "rotate-secret", *whose, "--at-once")["previous_public_key"] is None
    queued = told(data, "test", *whose)
    assert told(data, "deliveries", *whose) == [queued]
    one = told(data, "deliveries", *whose, "--message", queued["id"])
    assert (one["log"], json.loads(one["body"])["type"]) == ([], "webhook.test")
    assert "webhook.test" in run(data, "deliveries", *whose, "--message", queued["id"]).out
    pending = run(data, "resend", *whose, queued["id"])
    assert (pending.code, "tried again by itself" in pending.err) == (3, True)
    assert run(data, "disable", *whose).code == 0
    assert "Switched off by the operator." in run(data, "list", "hotel").out.replace("\n", " ")
    assert run(data, "test", *whose).code == 3
    assert run(data, "enable", *whose).code == 0
    assert told(data, "resend", *whose, queued["id"])["state"] == "pending"
    dry = run(data, "remove", *whose)
    assert (dry.code, "--apply" in dry.err, len(told(data, "list", "hotel"))) == (0, True, 1)
    assert run(data, "remove", *whose, "--apply").code == 0
    assert told(data, "list", "hotel") == []
    assert "0 listed." in run(data, "list", "hotel").err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "hotel", "--url", "ftp://hotel.example/"), 2, "https"),
        (("add", "hotel", "--url", URL, "--event", "webhook.test"), 2, "webhook.test"),
        (("add", "nobody", "--url", URL), 3, "no such partner"),
        (("list", "nobody"), 3, "no such partner"),
        (("show", "hotel", "wep_nobody"), 3, "List the endpoints"),
        (("remove", "hotel", "wep_nobody", "--apply"), 3, "List the endpoints"),
        (("deliveries", "hotel", "wep_nobody"), 3, "List the endpoints"),
    ],
)
def test_what_is_refused_is_said_in_words(data: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = run(data, *arguments)
    assert (done.code, done.out) == (code, "")
    assert said in done.err.replace("\n", " ")
