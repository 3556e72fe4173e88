"""The erasure list: every table stands in it, and the eraser reaches what it says and nothing else."""

from __future__ import annotations

from eztong.adapters.storage.sql.repositories.deregistration.erasure import REACHED
from eztong.adapters.storage.sql.tables import metadata
from eztong.domain.deregistration.erasure import ERASURE, Lot

BY_ITS_REPOSITORY = {"holders"}


def test_no_table_escapes() -> None:
    assert set(ERASURE) == set(metadata.tables)
    assert all(one.why for one in ERASURE.values())


def test_the_eraser_reaches_every_table_that_is_not_left_as_it_is() -> None:
    wanted = {name for name, one in ERASURE.items() if one.lot not in {Lot.STAYS, Lot.NOBODYS}}
    assert wanted == REACHED | BY_ITS_REPOSITORY


def test_what_has_no_rows_of_holders_names_none() -> None:
    named = {name for name, one in ERASURE.items() if one.lot is Lot.NOBODYS}
    assert not [name for name in named if "holder_id" in metadata.tables[name].columns]


def test_what_stays_holds_nothing_personal_but_under_the_holders_key() -> None:
    open_columns = {
        f"{name}.{column.name}"
        for name, one in ERASURE.items()
        if one.lot is Lot.STAYS
        for column in metadata.tables[name].columns
        if (column.comment or "").startswith("[sealed]")
    }
    # Two are sealed with keys of the service: an authority's document number and the law that it names, and the key of
    # an operator's authenticator app.
    assert open_columns == {"verifications.sealed_result", "bundles.sealed_basis", "operators.second_factor"}
