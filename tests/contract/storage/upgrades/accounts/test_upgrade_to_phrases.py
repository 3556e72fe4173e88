"""The upgrade that adds phrases: an empty table, every account as it was, and the way back."""

from __future__ import annotations

from pathlib import Path

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.domain.own_data.phrase import OwnPhrase
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, at, holder_id, open_sqlite

BEFORE = "0031"


def test_an_account_of_before_stays_as_it_was_and_may_have_a_phrase(tmp_path: Path, keys: FileKeyring) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    account = {"holder_id": str(holder_id()), "state": "active", "kek_id": "k", "data_key": b"key", "generation": 1}
    insert(path, "holders", account | {"rules": "R1", "created_at": 7, "stopped": ""})
    upgrade_schema(path)
    assert schema_differences(path) == []
    world = World(keys, open_sqlite, path)
    phrase = OwnPhrase(holder_id=holder_id(), sealed=b"sealed", set_at=at(1))
    world.store.write(lambda uow: uow.phrases.put(phrase))
    with world.store.read() as stored:
        assert stored.phrases.get(holder_id()) == phrase
        assert stored.holders.get(holder_id()) is not None
    world.store.close()
    move(path, BEFORE, down=True)
    upgrade_schema(path)
    assert schema_differences(path) == []
