"""The list of erased accounts at a restore: nothing that it, the backup or the database of before knew is lost."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.adapters.storage.beside.erased_list import ErasedList, ErasedListDamaged, erased_list_of
from eztong.adapters.storage.sql.tables import metadata
from eztong.cli.data.erased_lists import ErasedListWhole, Relisted, merge_lists, relist
from eztong.domain.identifiers import HolderId
from eztong.domain.registration import ENDED_UNDECIDED
from eztong.wiring.belonging import FINGERPRINT_SETTING, fingerprint
from eztong.wiring.settings import Settings

ONE, TWO, THREE = (HolderId(f"hld_{number}") for number in range(3))


def keyring(folder: Path) -> FileKeyring:
    return create_keyring(
        folder / "keyring.json", folder / "root.key", entropy=SystemEntropy(), now=SystemClock().now()
    )


def database_of(path: Path, ring: FileKeyring, *erased: HolderId) -> None:
    """Make a database that was made with ``ring`` and has erased accounts."""
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine, tables=[metadata.tables["holders"], metadata.tables["service_settings"]])
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO service_settings VALUES (?, ?)", (FINGERPRINT_SETTING, fingerprint(ring)))
        for one in erased:
            connection.execute(
                "INSERT INTO holders (holder_id, state, kek_id, data_key, generation, rules, created_at, stopped) "
                "VALUES (?, 'deregistered', '', x'', 1, '', 1, '')",
                (one,),
            )


def listed(path: Path, ring: FileKeyring, *accounts: HolderId) -> ErasedList:
    found = ErasedList(path, ring, SystemClock())
    found.add(*accounts)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "k"
    keyring(folder)
    return folder


@pytest.fixture
def ring(made: Path) -> FileKeyring:
    return FileKeyring(made / "keyring.json", made / "root.key")


def test_whom_list_backup_and_database_know_stand_on_the_list_afterwards(tmp_path: Path, ring: FileKeyring) -> None:
    database, of_backup = tmp_path / "eztong.db", tmp_path / "of_backup"
    database_of(database, ring, THREE)
    found = listed(erased_list_of(database), ring, ONE)
    listed(of_backup, ring, ONE, TWO)
    for _ in range(2):
        merge_lists(database, of_backup, ring)
        assert found.read() == [ONE, TWO, THREE]


def test_an_application_that_ended_in_the_last_hour_stands_on_the_list_afterwards(
    tmp_path: Path, ring: FileKeyring
) -> None:
    """No step has listed it yet: only the database that is replaced knows of it."""
    database = tmp_path / "eztong.db"
    database_of(database, ring, TWO)
    for reason in sorted(ENDED_UNDECIDED):
        change = "UPDATE holders SET state = 'refused', data_key = x'01', reason = ?"
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute(change, (reason.value,))
        erased_list_of(database).unlink(missing_ok=True)
        merge_lists(database, tmp_path / "nothing", ring)
        assert ErasedList(erased_list_of(database), ring, SystemClock()).read() == [TWO]


def test_a_list_that_is_gone_comes_with_the_backup(tmp_path: Path, ring: FileKeyring) -> None:
    listed(tmp_path / "of_backup", ring, ONE, TWO)
    merge_lists(tmp_path / "eztong.db", tmp_path / "of_backup", ring)
    assert ErasedList(tmp_path / "eztong.erased", ring, SystemClock()).read() == [ONE, TWO]


def test_what_another_deployment_knew_is_set_aside_and_believed_in_nothing(tmp_path: Path, ring: FileKeyring) -> None:
    database, other = tmp_path / "eztong.db", keyring(tmp_path / "other")
    database_of(database, other, THREE)
    of_other = listed(erased_list_of(database), other, TWO)
    listed(tmp_path / "of_backup", ring, ONE)
    merge_lists(database, tmp_path / "of_backup", ring)
    assert ErasedList(erased_list_of(database), ring, SystemClock()).read() == [ONE]
    erased_list_of(database).with_name("eztong.erased.before-restore").replace(erased_list_of(database))
    assert of_other.read() == [TWO]


@pytest.mark.parametrize("damaged", ["eztong.erased", "of_backup"])
def test_a_damaged_list_refuses(tmp_path: Path, ring: FileKeyring, damaged: str) -> None:
    for name in ("eztong.erased", "of_backup"):
        listed(tmp_path / name, ring, ONE, TWO)
    path = tmp_path / damaged
    path.write_bytes(path.read_bytes().replace(ONE.encode(), THREE.encode()))
    with pytest.raises(ErasedListDamaged):
        merge_lists(tmp_path / "eztong.db", tmp_path / "of_backup", ring)


@pytest.fixture
def settings(tmp_path: Path, made: Path) -> Settings:
    tmp_path.chmod(0o700)
    found = Settings(data_dir=tmp_path, root_key_file=made / "root.key")
    shutil.copyfile(made / "keyring.json", found.keyring)
    found.keyring.chmod(0o600)
    return found


@pytest.fixture
def beside(settings: Settings, ring: FileKeyring) -> tuple[Settings, ErasedList, Path]:
    """A deployment whose database has erased nobody, and whose list names three."""
    database_of(settings.database_file, ring)
    path = erased_list_of(settings.database_file)
    return settings, listed(path, ring, ONE, TWO, THREE), path


def test_a_whole_list_is_not_made_anew_unless_it_is_said_and_then_nothing_is_lost(
    beside: tuple[Settings, ErasedList, Path],
) -> None:
    settings, found, path = beside
    before = path.read_bytes()
    for apply in (False, True):
        with pytest.raises(ErasedListWhole):
            relist(settings, [], apply=apply)
    assert relist(settings, [], apply=True, although_whole=True) == Relisted(accounts=3, kept=3, lost=0)
    assert (path.read_bytes(), found.read()) == (before, [ONE, TWO, THREE])


def test_a_damaged_list_keeps_the_lines_that_fit_and_says_who_is_lost(
    beside: tuple[Settings, ErasedList, Path],
) -> None:
    settings, found, path = beside
    damaged = path.read_bytes().replace(TWO.encode(), b"hld_x")
    path.write_bytes(damaged)
    assert relist(settings, [], apply=False) == Relisted(accounts=2, kept=2, lost=1)
    assert path.read_bytes() == damaged
    assert relist(settings, [], apply=True) == Relisted(accounts=2, kept=2, lost=1)
    assert found.read() == [ONE, THREE]
    path.write_bytes(b"another damage\n")
    relist(settings, [], apply=True)
    kept = sorted(one for one in path.parent.iterdir() if one.name.startswith("eztong.erased."))
    assert [one.read_bytes() for one in kept] == [damaged, b"another damage\n"]


def test_a_list_that_is_gone_is_made_of_what_the_database_has_erased(settings: Settings, ring: FileKeyring) -> None:
    database_of(settings.database_file, ring, TWO)
    assert relist(settings, [], apply=True) == Relisted(accounts=1, kept=0, lost=0)
    assert ErasedList(erased_list_of(settings.database_file), ring, SystemClock()).read() == [TWO]
