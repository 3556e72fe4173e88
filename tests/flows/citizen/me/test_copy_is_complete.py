"""The copy that a holder takes is as long as what the store holds of them, part by part (clause 3.3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eztong.adapters.storage.sql.tables import metadata
from eztong.domain.own_data.copy_list import COPIED
from tests.simulators.own_copy import copy_of
from tests.simulators.service import running


def held(copy: dict[str, Any], part: str) -> list[Any]:
    """Return what the copy holds of a part; one inside of another is named with a dot."""
    outer, _, inner = part.partition(".")
    return [one for each in copy[outer] for one in each[inner]] if inner else copy[outer]


def test_the_copy_holds_as_many_rows_as_are_stored_in_every_class(tmp_path: Path) -> None:
    with running(tmp_path / "data") as service:
        holder_id = str(service.holder("P32")["id"])
        hotel = service.partners["hotel"]
        code = service.code(holder_id)["qr"]
        for desk in ("front-1", "front-2"):
            hotel.verify(code, "hotel_check_in", desk=desk)
        copy = copy_of(service, holder_id)
        for table, part in COPIED.items():
            owner = {"guardianships": "ward_id", "assistances": "elder_id"}.get(table, "holder_id")
            if owner not in metadata.tables[table].columns:
                continue
            ((stored,),) = service.rows(f"SELECT count(*) FROM {table} WHERE {owner} = ?", holder_id)  # noqa: S608 - own names
            assert len(held(copy, part)) == stored, table
        assert all(copy[part] for part in ("account", "acceptances", "devices", "sessions", "codes", "verifications"))
        assert len(copy["refused_tries"]) == 1
