"""What is attested: every table that claims leaves is known, and what may be removed of them leaves a stub."""

from __future__ import annotations

import pytest

from eztong.adapters.storage.sql.attested import ATTESTED, Attested
from eztong.adapters.storage.sql.tables import metadata
from eztong.domain.deregistration.erasure import ERASURE, Lot
from eztong.domain.retention.kept import SWEPT

NO_CLAIM = {"batches", "leaf_stubs"}


def test_every_table_whose_rows_claim_leaves_is_in_the_list() -> None:
    claims = {
        name for name, table in metadata.tables.items() if any("leaf" in c.name or "batch" in c.name for c in table.c)
    }
    assert {one.table.name for one in ATTESTED} == claims - NO_CLAIM


@pytest.mark.parametrize("one", ATTESTED, ids=lambda one: one.table.name)
def test_its_columns_are_there(one: Attested) -> None:
    columns = one.table.c
    assert {one.name, one.document, one.moment, one.batch, one.leaf} <= {column.name for column in columns}
    assert str(columns[one.document].comment).startswith("[evidence]")


def test_what_erasure_or_retention_removes_is_known_to_end() -> None:
    removed = {name for name, one in ERASURE.items() if one.lot in {Lot.REMOVED, Lot.REMOVED_UNLESS_HELD}}
    swept = {one.table for one in SWEPT.values()}
    assert {one.table.name for one in ATTESTED if one.ends} == {one.table.name for one in ATTESTED} & (removed | swept)
