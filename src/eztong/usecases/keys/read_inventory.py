"""The inventory of cryptography: the root key, every key of the ring, and the kinds of keys that these keep."""

from __future__ import annotations

from collections.abc import Sequence

from eztong.domain.keys.inventory import (
    FAMILIES,
    ROOT_IN_FILE,
    ROOT_IN_TOKEN,
    InventoryLine,
    KeyPlace,
    algorithm_of,
    certified_in,
)
from eztong.ports.keys import Keys
from eztong.ports.root_key import RootKind


def read_inventory(*, keys: Keys, certificate: str) -> Sequence[InventoryLine]:
    """Return one line for each key, root keys first. ``certificate`` is the number of the token's, or empty."""
    return [*_roots(keys, certificate), *_ring(keys, certificate), *_families()]


def _roots(keys: Keys, certificate: str) -> list[InventoryLine]:
    places = {RootKind.TOKEN: (KeyPlace.TOKEN, ROOT_IN_TOKEN), RootKind.FILE: (KeyPlace.FILE, ROOT_IN_FILE)}
    return [
        InventoryLine(
            key=root.name,
            purpose="root",
            algorithm=places[root.kind][1],
            place=places[root.kind][0],
            certified=certified_in(places[root.kind][0], certificate=certificate),
            state="active" if root.is_used else "opens",
        )
        for root in keys.roots()
    ]


def _ring(keys: Keys, certificate: str) -> list[InventoryLine]:
    return [
        InventoryLine(
            key=key.key_id,
            purpose=key.purpose,
            algorithm=algorithm_of(key.purpose),
            place=key.place,
            certified=certified_in(key.place, certificate=certificate),
            state=key.state.value,
            created_at=key.created_at,
            under="root",
        )
        for key in keys.describe()
    ]


def _families() -> list[InventoryLine]:
    return [
        InventoryLine(
            key=family.name,
            purpose=family.name,
            algorithm=family.algorithm,
            place=KeyPlace.MEMORY,
            certified=certified_in(KeyPlace.MEMORY, certificate=""),
            under=family.under,
        )
        for family in FAMILIES
    ]
