"""The database: upgrade, check, backup and restore, and what each refuses."""

import io
import json
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from eztong.adapters.storage.beside.marks import read_marks
from tests.flows.cli.command import CommandLine


def test_upgrade_makes_the_schema_and_is_calm_about_it(eztong: CommandLine) -> None:
    assert eztong.run("db", "upgrade").code == 0
    assert "already" in eztong.run("db", "upgrade").err


def test_check_verifies_every_batch_and_leaf(filled: CommandLine) -> None:
    report = filled.run("db", "check", "--json").json()
    assert report["ok"]
    assert report["batches"] >= 1
    assert report["leaves"] >= 6


def test_what_is_made_step_by_step_as_for_going_live_has_no_problem(eztong: CommandLine) -> None:
    assert eztong.run("keys", "init").code == 0
    assert eztong.run("db", "upgrade").code == 0
    assert eztong.run("db", "check", "--json").json()["problems"] == []
    assert eztong.run("sandbox", "populate", "1").code == 0
    assert eztong.run("db", "check", "--full", "--json").json()["problems"] == []


def test_check_needs_a_database(eztong: CommandLine) -> None:
    assert eztong.run("db", "check").code == 3


def test_a_changed_document_is_found(eztong: CommandLine) -> None:
    assert eztong.run("sandbox", "populate", "1").code == 0
    with closing(sqlite3.connect(eztong.data / "eztong.db")) as connection, connection:
        connection.execute("UPDATE acceptances SET document = CAST(replace(document, '2026', '2025') AS BLOB)")
    done = eztong.run("db", "check", "--json")
    assert done.code == 1
    assert any("not the one that was signed" in problem for problem in done.json()["problems"])


def test_a_changed_signature_and_schema_are_found(eztong: CommandLine) -> None:
    assert eztong.run("sandbox", "populate", "1").code == 0
    with closing(sqlite3.connect(eztong.data / "eztong.db")) as connection, connection:
        connection.execute("UPDATE batches SET note = replace(note, 'localhost', 'elsewhere')")
        connection.execute("CREATE TABLE stranger (a INTEGER)")
    done = eztong.run("db", "check", "--json")
    assert done.code == 1
    found = " ".join(done.json()["problems"])
    assert "batch bat_" in found
    assert "stranger" in found


def test_backup_and_restore_round_trip(filled: CommandLine, tmp_path: Path) -> None:
    backup = tmp_path / "backup.tar"
    assert filled.run("db", "backup", str(backup)).code == 0
    assert backup.stat().st_mode & 0o077 == 0
    with tarfile.open(backup) as tar:
        assert sorted(tar.getnames()) == ["authority.json", "eztong.db", "keyring.json", "manifest.json"]
    other = CommandLine(tmp_path, {"EZTONG_ROOT_KEY_FILE": str(filled.data / "root.key")})
    dry = other.run("db", "restore", str(backup))
    assert dry.code == 0
    assert not (other.data / "eztong.db").exists()
    assert other.run("db", "restore", str(backup), "--apply").code == 0
    assert other.run("db", "check", "--json").json()["ok"]
    assert (other.data / "keyring.json").read_bytes() == (filled.data / "keyring.json").read_bytes()


def test_a_backup_never_overwrites(filled: CommandLine, tmp_path: Path) -> None:
    taken = tmp_path / "taken.tar"
    taken.write_text("precious")
    assert filled.run("db", "backup", str(taken)).code == 3
    assert taken.read_text() == "precious"


def test_restore_refuses_over_data_and_keeps_it_when_told_to_replace(eztong: CommandLine, tmp_path: Path) -> None:
    assert eztong.run("sandbox", "populate", "1").code == 0
    backup = tmp_path / "b.tar"
    assert eztong.run("db", "backup", str(backup)).code == 0
    assert eztong.run("db", "restore", str(backup), "--apply").code == 3
    assert eztong.run("db", "restore", str(backup), "--apply", "--replace").code == 0
    assert (eztong.data / "eztong.db.before-restore").exists()
    assert eztong.run("db", "check", "--json").json()["ok"]


def test_restore_refuses_a_backup_that_was_changed(filled: CommandLine, tmp_path: Path) -> None:
    backup = tmp_path / "b.tar"
    assert filled.run("db", "backup", str(backup)).code == 0
    content = bytearray(backup.read_bytes())
    content[content.index(b"SQLite format 3") + 60] ^= 1
    backup.write_bytes(content)
    done = CommandLine(tmp_path).run("db", "restore", str(backup), "--apply")
    assert done.code == 3
    assert "eztong.db in the backup" in done.err
    assert not (tmp_path / "data" / "eztong.db").exists()


def test_restore_refuses_what_is_no_backup(eztong: CommandLine, tmp_path: Path) -> None:
    stranger = tmp_path / "x.tar"
    stranger.write_text(json.dumps({"format": "eztong/backup/v1"}))
    done = eztong.run("db", "restore", str(stranger))
    assert done.code == 3
    assert "[backup_invalid]" in done.err


def test_a_removed_verification_is_found_though_its_batch_is_there(eztong: CommandLine) -> None:
    assert eztong.run("sandbox", "populate", "1").code == 0
    with closing(sqlite3.connect(eztong.data / "eztong.db")) as connection, connection:
        connection.execute("DELETE FROM acceptances WHERE kind = 'service'")
    done = eztong.run("db", "check", "--json")
    assert done.code == 1
    assert any("no row claims leaf" in problem for problem in done.json()["problems"])


def test_a_missing_end_is_found_by_the_mark_beside_the_database(eztong: CommandLine, tmp_path: Path) -> None:
    assert eztong.run("sandbox", "populate", "1").code == 0
    older = tmp_path / "older.db"
    shutil.copyfile(eztong.data / "eztong.db", older)
    assert eztong.run("sandbox", "populate", "1").code == 0
    assert "A missing end would have been seen up to 20" in eztong.run("db", "check").err
    shutil.copyfile(older, eztong.data / "eztong.db")
    done = eztong.run("db", "check", "--json")
    assert done.code == 1
    assert any("Its end is missing" in problem for problem in done.json()["problems"])


def test_without_a_mark_the_check_says_what_it_cannot_see(eztong: CommandLine) -> None:
    assert eztong.run("sandbox", "populate", "1").code == 0
    (eztong.data / "eztong.mark").unlink()
    done = eztong.run("db", "check", "--json")
    assert done.json()["vouched_until"] is None
    assert "a missing end would not be seen" in eztong.run("db", "check").err


def test_text_that_is_no_text_is_a_problem_and_no_traceback(eztong: CommandLine) -> None:
    assert eztong.run("sandbox", "populate", "1").code == 0
    with closing(sqlite3.connect(eztong.data / "eztong.db")) as connection, connection:
        connection.execute("UPDATE holders SET rules = CAST(x'ff41' AS TEXT)")
        connection.execute("UPDATE batches SET note = CAST(x'ff' AS TEXT) || note")
    done = eztong.run("db", "check", "--full")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert "problem: holders" in done.out


def test_the_full_check_opens_every_sealed_field(filled: CommandLine) -> None:
    report = filled.run("db", "check", "--full", "--json").json()
    assert report["ok"]
    assert report["opened_fields"] >= 12


@pytest.mark.timeout(180)
def test_a_restored_database_is_whole_and_a_new_writer_goes_on(eztong: CommandLine, tmp_path: Path) -> None:
    backup = tmp_path / "b.tar"
    assert eztong.run("sandbox", "populate", "1").code == 0
    assert eztong.run("db", "backup", str(backup)).code == 0
    assert eztong.run("sandbox", "populate", "1").code == 0
    assert eztong.run("db", "restore", str(backup), "--apply", "--replace").code == 0
    restored = read_marks(eztong.data / "eztong.mark")
    assert len(restored.notes) == len(restored.ended) == 1
    assert eztong.run("sandbox", "populate", "1").code == 0
    report = eztong.run("db", "check", "--json").json()
    assert report["ok"], report
    assert report["vouched_until"]
    with closing(sqlite3.connect(eztong.data / "eztong.db")) as connection:
        assert connection.execute("SELECT count(DISTINCT writer) FROM batches").fetchone() == (2,)
    assert (eztong.data / "eztong.mark.before-restore").exists()


def test_a_backup_whose_database_ends_elsewhere_is_refused(eztong: CommandLine, tmp_path: Path) -> None:
    assert eztong.run("sandbox", "populate", "1").code == 0
    backup, other = tmp_path / "b.tar", tmp_path / "other.tar"
    assert eztong.run("db", "backup", str(backup)).code == 0
    with tarfile.open(backup) as tar, tarfile.open(other, "w") as changed:
        for member in tar.getmembers():
            source = tar.extractfile(member)
            assert source is not None
            content = source.read()
            if member.name == "manifest.json":
                content = json.dumps(json.loads(content) | {"marks": ["another"]}).encode()
                member.size = len(content)
            changed.addfile(member, io.BytesIO(content))
    done = CommandLine(tmp_path / "elsewhere", {"EZTONG_ROOT_KEY_FILE": str(eztong.data / "root.key")})
    done.folder.mkdir()
    refused = done.run("db", "restore", str(other), "--apply")
    assert refused.code == 3
    assert "does not end where its manifest says" in refused.err
