"""Two partners who put everything together that they got link nobody better than by guessing (2.2, 2.13; rule 7).

A thousand people are verified at both, leave, come back and are verified again. Each of three linkers stays inside the
99 % interval of guessing; and on a build that leaks what it looks for, each finds nearly everybody. The leaking builds
are made through the ports: one sector for both partners, ids that count up, news that come at once.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from eztong.adapters.keys.keyring import create_keyring
from eztong.ports.keys import Keys
from tests.flows.privacy.linkers import (
    Linker,
    by_guessing,
    equal_values,
    linked,
    order_ids_places,
    times_events,
)
from tests.flows.privacy.pool import AtOnce, CountedIds, Drawn, Heap, make_heap
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import make_template

pytestmark = pytest.mark.timeout(300)
PEOPLE = 1000
FEW = 100
LINKERS = {"equal values": equal_values, "order, ids and places": order_ids_places, "times and events": times_events}
LEAKS = {
    "equal values": (Drawn, True),
    "order, ids and places": (CountedIds, False),
    "times and events": (AtOnce, False),
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("ring")
    return create_keyring(folder / "keyring.json", folder / "root.key", entropy=Drawn(1), now=START)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Path:
    return make_template(tmp_path_factory.mktemp("template"), keys)


@pytest.fixture(scope="module")
def heap(tmp_path_factory: pytest.TempPathFactory, template: Path, keys: Keys) -> Heap:
    return make_heap(template, tmp_path_factory.mktemp("heap"), keys, people=PEOPLE, entropy=Drawn(2))


def test_both_have_everything_of_everybody(heap: Heap) -> None:
    """What is linked below is what was sent: otherwise nobody could be linked, and nothing be said by it."""
    for known in (*heap.before, *heap.after):
        assert len(known) == PEOPLE
    for seen in heap.before[0].values():
        assert seen.event is not None
        assert seen.event["partner_code"] == seen.code == seen.answers[0]["result"]["partner_code"]
        assert set(seen.answers[0]) == {"id", "outcome", "result", "proof", "eid_sign"}
    assert len(heap.who) == 4 * PEOPLE
    assert by_guessing() == 4


@pytest.mark.parametrize("linker", LINKERS.values(), ids=LINKERS)
@pytest.mark.parametrize(
    "sides",
    [
        ("before", 0, "before", 1),
        ("after", 0, "after", 1),
        ("before", 0, "after", 0),
        ("before", 0, "after", 1),
    ],
    ids=lambda sides: " ".join(map(str, sides)),
)
def test_nobody_is_linked_better_than_by_guessing(heap: Heap, linker: Linker, sides: tuple[str, int, str, int]) -> None:
    left, right = getattr(heap, sides[0])[sides[1]], getattr(heap, sides[2])[sides[3]]
    hits, people = linked(linker, left, right, heap.who)
    assert people == PEOPLE // 2
    assert hits <= by_guessing()


@pytest.mark.parametrize("name", LINKERS)
def test_a_build_that_leaks_what_a_linker_looks_for_gives_nearly_everybody_away(
    name: str, template: Path, keys: Keys, tmp_path: Path
) -> None:
    entropy, one_sector = LEAKS[name]
    leaking = make_heap(template, tmp_path, keys, people=FEW, entropy=entropy(3), one_sector=one_sector, back=False)
    hits, people = linked(LINKERS[name], *leaking.before, leaking.who)
    assert hits >= 0.9 * people
