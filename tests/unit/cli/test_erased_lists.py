"""The list of erased accounts at a restore: nothing that it, the backup or the database of before knew is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.adapters.storage.sql.tables import metadata
from eztong.adapters.storage.sqlite.erased_list import ErasedList, ErasedListDamaged, erased_list_of
from eztong.cli.data.erased_lists import merge_lists
from eztong.domain.identifiers import HolderId
from eztong.wiring.belonging import FINGERPRINT_SETTING, fingerprint

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


@pytest.fixture
def ring(tmp_path: Path) -> FileKeyring:
    return keyring(tmp_path / "k")


def test_whom_list_backup_and_database_know_stand_on_the_list_afterwards(tmp_path: Path, ring: FileKeyring) -> None:
    database, of_backup = tmp_path / "eztong.db", tmp_path / "of_backup"
    database_of(database, ring, THREE)
    found = listed(erased_list_of(database), ring, ONE)
    listed(of_backup, ring, ONE, TWO)
    for _ in range(2):
        merge_lists(database, of_backup, ring)
        assert found.read() == [ONE, TWO, THREE]


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
