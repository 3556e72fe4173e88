"""``eztong disputes``: evidence for an authority, on a basis and by two; and a check that finds what was changed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.flows.citizen.browser import Town
from tests.flows.cli.command import CommandLine

BASIS = ("京公调证 2026-12", "刑事诉讼法 54")
TWO = ("--operator", "demo-li", "--second", "demo-wang", "--second-secret-file", "second")


@pytest.fixture
def record(eztong: CommandLine) -> str:
    """A refused try, whose evidence its holder has made, and the use before it; return the use's id."""
    town = Town(eztong.data)
    browser = town.browser()
    browser.register()
    digits = browser.show_code()["qr"]
    assert town.verify(digits) == "passed"
    town.pass_time(1)
    town.verify(digits, desk="front-1")
    with town.services.store.read() as stored:
        use = stored.verifications.list(town.caller().partner.partner_id, before=None, limit=1)[0].verification_id
    browser.get(f"/records/{use}/assist")
    browser.send(f"/records/{use}/assist", act="file")
    town.built.close()
    eztong.as_operator()
    (eztong.folder / "second").write_text(eztong.settings["EZTONG_OPERATOR_SECRET"])
    return use


def asked(eztong: CommandLine, record: str, *more: str, of: str = "hotel", name: str = "evidence.json") -> Path | str:
    """Ask for an authority; return the file, or what was said instead."""
    output = eztong.folder / name
    done = eztong.run("disputes", "bundle", record, "--of", of, "--output", str(output), *more)
    assert "Traceback" not in done.err
    return output if done.code == 0 else done.err


def test_two_operators_and_a_basis_bring_a_file_that_holds_and_is_the_owners_only(
    eztong: CommandLine, record: str
) -> None:
    file = asked(eztong, record, "--basis", *BASIS, *TWO)
    assert isinstance(file, Path), file
    assert file.stat().st_mode & 0o077 == 0
    said = json.loads(file.read_bytes())
    assert said["manifest"]["document"]["for"] == "authority"
    assert BASIS[0] not in file.read_text("utf-8")
    assert "is there already" in str(asked(eztong, record, "--basis", *BASIS, *TWO))
    report = eztong.run("db", "check", "--full", "--json").json()
    assert report["problems"] == []


def test_one_operator_or_no_basis_or_no_record_brings_nothing(eztong: CommandLine, record: str) -> None:
    for more, said in (
        (("--basis", *BASIS, *TWO[:2]), "--second"),
        (("--basis", *BASIS, *TWO[:4]), "secret"),
        (("--basis", *BASIS, *TWO[:2], "--second", "demo-li", *TWO[4:]), "Another operator"),
        (("--basis", " ", " ", *TWO), "number of the authority's document"),
    ):
        assert said in str(asked(eztong, record, *more))
    assert isinstance(asked(eztong, record, "--basis", *BASIS, *TWO, of="library"), str)
    assert isinstance(asked(eztong, record, "--basis", *BASIS, *TWO, of="hld_01KF0000000000000000000000"), str)
    assert not (eztong.folder / "evidence.json").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE code_attempts SET document = x'00'", "refused try"),
        ("UPDATE code_attempts SET reason = 'code_expired'", "refused try"),
        ("UPDATE code_attempts SET salt = x'00'", "refused try"),
        ("DELETE FROM code_attempts", "no row claims leaf"),
        ("DELETE FROM bundles", "no row claims leaf"),
        ("UPDATE bundles SET party = 'partner'", "bundle"),
        ("UPDATE bundles SET document = x'00'", "bundle"),
    ],
)
def test_a_changed_row_is_found(eztong: CommandLine, record: str, change: str, said: str) -> None:
    assert record
    assert eztong.run("db", "check", "--json").json()["problems"] == []
    with closing(sqlite3.connect(eztong.data / "eztong.db")) as connection, connection:
        connection.execute(change)
    done = eztong.run("db", "check", "--json")
    assert any(said in problem for problem in done.json()["problems"]), done.out
