"""Whatever is wrong with the data folder, each command says so in one sentence with an exit code, never a traceback.

The commands run in this process, except where the process itself must be poor: full disk, read-only folder.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from tests.simulators.commands import Ran, run_all, run_one

Fault: TypeAlias = Callable[[Path, Path], None]
ROOT: Final = Path(__file__).parents[3]
ODD: Final = "a#b?c%41 测试&+"
COMMANDS: Final = (
    ("serve", "--port", "0"),
    ("doctor",),
    ("db", "upgrade"),
    ("db", "check"),
    ("db", "backup", "{folder}/backup.tar"),
    ("db", "restore", "{whole}", "--replace"),
    ("keys", "list"),
    ("keys", "rotate", "results", "--apply"),
    ("sandbox", "credentials", "--json"),
    ("sandbox", "reset"),
    ("partners", "list"),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two citizens in it, and its backup beside it."""
    folder = tmp_path_factory.mktemp("whole")
    for command in (("sandbox", "populate", "2"), ("db", "backup", f"{folder}/whole.tar")):
        ran = run_one(command, folder / "data")
        assert ran.code == 0, ran.err
    return folder / "data"


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of another deployment."""
    data = tmp_path_factory.mktemp("other") / "data"
    assert run_one(("keys", "init"), data).code == 0
    return data


def write(name: str, content: bytes) -> Fault:
    def fault(data: Path, _other: Path) -> None:
        forget_wal(data)
        (data / name).write_bytes(content)

    return fault


def forget_wal(data: Path) -> None:
    for side in ("-wal", "-shm"):
        (data / f"eztong.db{side}").unlink(missing_ok=True)


def gone(name: str) -> Fault:
    def fault(data: Path, _other: Path) -> None:
        forget_wal(data)
        (data / name).unlink()

    return fault


def cut(name: str, share: float) -> Fault:
    def fault(data: Path, _other: Path) -> None:
        forget_wal(data)
        content = (data / name).read_bytes()
        (data / name).write_bytes(content[: int(len(content) * share)])

    return fault


def mode(name: str, bits: int) -> Fault:
    return lambda data, _other: (data / name).chmod(bits)


def folder_instead(name: str) -> Fault:
    def fault(data: Path, _other: Path) -> None:
        forget_wal(data)
        (data / name).unlink()
        (data / name).mkdir()

    return fault


def of_another(*names: str) -> Fault:
    def fault(data: Path, other: Path) -> None:
        for name in names:
            shutil.copy2(other / name, data / name)

    return fault


def both(*faults: Fault) -> Fault:
    def fault(data: Path, other: Path) -> None:
        for one in faults:
            one(data, other)

    return fault


def sql(*statements: str) -> Fault:
    def fault(data: Path, _other: Path) -> None:
        with closing(sqlite3.connect(data / "eztong.db")) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return fault


FAULTS: Final[dict[str, Fault]] = {
    "database cut in half": cut("eztong.db", 0.5),
    "database cut in its first page": cut("eztong.db", 0.001),
    "database overwritten": write("eztong.db", b"this is no database " * 500),
    "database empty": write("eztong.db", b""),
    "database gone": gone("eztong.db"),
    "database is a folder": folder_instead("eztong.db"),
    "keyring gone": gone("keyring.json"),
    "keyring empty": write("keyring.json", b""),
    "keyring of another form": write("keyring.json", b"[1, 2]"),
    "keyring for everybody": mode("keyring.json", 0o644),
    "keyring is a folder": folder_instead("keyring.json"),
    "root key gone": gone("root.key"),
    "root key empty": write("root.key", b""),
    "root key of another": of_another("root.key"),
    "keyring and root key of another": of_another("keyring.json", "root.key"),
    "the same before fingerprints": both(
        sql("DELETE FROM service_settings WHERE name = 'keyring_fingerprint'"),
        of_another("keyring.json", "root.key"),
    ),
    "authority's keys empty": write("authority.json", b""),
    "authority's keys of another form": write("authority.json", b'{"mark_key": 5}'),
    "authority's keys nested without end": write("authority.json", b'{"mark_key":' * 100_000),
    "a table is missing under the same number": sql("DROP TABLE reports"),
    "a column is missing under the same number": sql("ALTER TABLE desks DROP COLUMN name"),
    "a schema of the future": sql("UPDATE alembic_version SET version_num = '9999'"),
    "data of live mode": sql("UPDATE service_settings SET value = 'live' WHERE name = 'mode'"),
}


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_a_sentence(fault: str, whole: Path, other: Path, tmp_path: Path) -> None:
    def prepared(number: int) -> Path:
        data = Path(shutil.copytree(whole, tmp_path / str(number) / "data"))
        FAULTS[fault](data, other)
        return data

    ran = run_all(COMMANDS, prepared, whole=whole.parent / "whole.tar")
    check_sentences(ran)
    check_refused(ran)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("poor", ["full disk", "read-only folder"])
def test_a_poor_process_says_so(poor: str, whole: Path) -> None:
    """A limit on the size of files stands for a full disk: it needs no rights, and each write fails alike.

    Rights mean nothing to root, so that root's process becomes another user's, who must get to the folder.
    """
    with tempfile.TemporaryDirectory(prefix="eztong-poor-") as folder:
        Path(folder).chmod(0o711)
        script = [sys.executable, "-m", "tests.simulators.commands", poor, str(whole), folder, json.dumps(COMMANDS)]
        done = subprocess.run(script, cwd=ROOT, capture_output=True, timeout=240, check=False)
        for data in Path(folder).glob("*/"):
            data.chmod(0o700)
    assert done.returncode == 0, done.stderr.decode()
    ran = [Ran(tuple(row[0]), *row[1:]) for row in json.loads(done.stdout)]
    check_sentences(ran)
    check_refused(ran)


def test_odd_characters_in_the_path_are_just_characters(whole: Path, tmp_path: Path) -> None:
    def prepared(number: int) -> Path:
        return Path(shutil.copytree(whole, tmp_path / str(number) / ODD))

    ran = run_all(COMMANDS, prepared, whole=whole.parent / "whole.tar")
    check_sentences(ran)
    assert [one for one in ran if one.code] == []
    assert all(one.started for one in ran if one.command[0] == "serve")
    for number in range(len(COMMANDS)):
        assert {path.name for path in (tmp_path / str(number)).iterdir()} <= {ODD, "backup.tar"}


def test_the_guard_of_live_data_refuses_what_it_cannot_read(whole: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(whole, tmp_path / ODD))
    sql("UPDATE service_settings SET value = 'live' WHERE name = 'mode'")(data, data)
    assert run_one(("sandbox", "reset", "--apply"), data).code == 3
    cut("eztong.db", 0.5)(data, data)
    assert run_one(("sandbox", "reset", "--apply"), data).code == 3
    assert (data / "eztong.db").exists()


def check_sentences(ran: list[Ran]) -> None:
    """Every command ended with a code that is documented, and said why in its last line."""
    for one in ran:
        assert one.code in {0, 1, 2, 3, 4}, one
        assert "Traceback" not in one.err, one
        last = one.err.strip().splitlines()[-1] if one.err.strip() else ""
        assert one.code in {0, 1} or (last.startswith("eztong: ") and last.endswith("]")), one
        assert os.linesep not in last, one


def check_refused(ran: list[Ran]) -> None:
    """The service does not start, and doctor says so beforehand."""
    assert [one.code in {3, 4} and not one.started for one in ran if one.command[0] == "serve"] == [True]
    assert [one.code for one in ran if one.command[0] == "doctor"] == [1]
