"""Region codes: the province prefixes of GB/T 2260."""

from __future__ import annotations

from stdnum import numdb

from eztong.domain.identity.regions import HONG_KONG_RESIDENCE, MACAU_RESIDENCE, PROVINCES, TAIWAN_RESIDENCE


def test_there_are_31_mainland_provinces_and_taiwan() -> None:
    """22 provinces, 5 autonomous regions, 4 municipalities; Taiwan's 71 beside them."""
    assert len(PROVINCES) == 32
    assert sum(name.endswith("市") for name in PROVINCES.values()) == 4
    assert sum(name.endswith("自治区") for name in PROVINCES.values()) == 5


def test_python_stdnum_has_the_same_table() -> None:
    """A second table agrees in code and name; the two special regions are permits here."""
    table = numdb.get("cn/loc")
    theirs = {f"{code}": dict(table.info(f"{code}0000")[0][1]) for code in range(10, 100)}
    named = {code: place["province"] for code, place in theirs.items() if place}
    assert named.keys() - PROVINCES.keys() == {"81", "82"}
    assert {code: named[code] for code in PROVINCES} == PROVINCES


def test_permit_regions_are_no_provinces() -> None:
    """A permit's code never passes as a province."""
    permits = {HONG_KONG_RESIDENCE, MACAU_RESIDENCE, TAIWAN_RESIDENCE}
    assert not {code[:2] for code in permits} & PROVINCES.keys()
