"""Three linkers: each pairs the codes of two lists by what it looks at, in every way that it knows.

Which way serves is learned on half of the people, of whom the partners know otherwise who they are; then the other half
is linked by it. By guessing, one code of the second half is linked rightly on average, however many there are.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise, product
from typing import Any, Final, TypeAlias

from tests.flows.privacy.pool import Known, Seen

Pairs: TypeAlias = Mapping[str, str]
Linker: TypeAlias = Callable[[Sequence[Seen], Sequence[Seen]], Iterator[Pairs]]
"""Gives one pairing for each of its ways."""
Having: TypeAlias = tuple[str, Sequence[set[str]]]
"""A code, and the parts of some fields that were got about it."""
Key: TypeAlias = Callable[[Seen], float | None]

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PART: Final = 12
_STEP: Final = 4
_RARE: Final = 3


def linked(linker: Linker, left: Known, right: Known, who: Mapping[str, int]) -> tuple[int, int]:
    """Return how many of the unknown half the linker pairs rightly, and how many there are."""
    hits = [0, 0]
    best: list[int] = []
    for half in (0, 1):
        sides = [[one for one in side.values() if who[one.code] % 2 == half] for side in (left, right)]
        rights = [sum(who[a] == who[b] for a, b in pairs.items()) for pairs in linker(*sides)]
        hits[half] = max(rights) if half == 0 else rights[best.index(max(best))]
        best = best or rights
    return hits[1], sum(who[code] % 2 == 1 for code in left)


def by_guessing(probability: float = 0.99) -> int:
    """Return the most right pairs that guessing brings with this probability, two-sided; none is the least.

    How many of a pairing at random are right follows the Poisson distribution of mean one.
    """
    reached, most = math.exp(-1), 0
    while reached < (1 + probability) / 2:
        most += 1
        reached += math.exp(-1) / math.factorial(most)
    return most


# --- equal values ---------------------------------------------------------------------------------------------------


def equal_values(left: Sequence[Seen], right: Sequence[Seen]) -> Iterator[Pairs]:
    """Pair codes about which both got the same value, or one with the same part, that hardly anybody else has.

    Each field is a way of its own, and all of them together are the last.
    """
    # Of a part that both have, some window of one side begins where a step of the other does.
    sides = [[(one.code, _parts(one, step=step)) for one in side] for side, step in ((left, _STEP), (right, 1))]
    fields = sorted({field for side in sides for _, parts in side for field in parts})
    for named in (*([field] for field in fields), fields):
        yield _most_in_common(
            *([(code, [parts[field] for field in named if field in parts]) for code, parts in side] for side in sides)
        )


def _parts(seen: Seen, *, step: int) -> Mapping[str, set[str]]:
    """Return the parts of all values by field; of a proof, which several share, its hashes and lines."""
    parts: dict[str, set[str]] = defaultdict(set)
    for document in (*seen.answers, seen.event):
        for field, value in _leaves("", document):
            if field.startswith(".proof"):
                parts[field].update(value.splitlines())
            else:
                parts[field].update(value[at : at + _PART] for at in range(0, max(len(value) - _PART + 1, 1), step))
    return parts


def _leaves(field: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON value
    match value:
        case dict():
            for name, part in value.items():
                yield from _leaves(f"{field}.{name}", part)
        case list():
            for part in value:
                yield from _leaves(field, part)
        case _:
            yield field, str(value)


def _most_in_common(left: Sequence[Having], right: Sequence[Having]) -> Pairs:
    """Pair those with the most in common; what several have says the less."""
    ones = _who_has(left)
    others = _who_has(right, only=ones)
    common: dict[tuple[str, str], float] = defaultdict(float)
    for value, second in others.items():
        first = ones[value]
        if max(len(first), len(second)) <= _RARE:
            for pair in product(first, second):
                common[pair] += 1 / (len(first) * len(second))
    return _one_to_one(sorted(common, key=lambda pair: (-common[pair], pair)))


def _who_has(side: Sequence[Having], *, only: Container[str] | None = None) -> dict[str, list[str]]:
    has: dict[str, list[str]] = defaultdict(list)
    for code, parts in side:
        for value in chain.from_iterable(parts):
            if (only is None or value in only) and code not in has[value][-1:]:
                has[value].append(code)
    return has


# --- order, ids and places of proofs ----------------------------------------------------------------------------------


def order_ids_places(left: Sequence[Seen], right: Sequence[Seen]) -> Iterator[Pairs]:
    """Pair codes by where they stand: in the order of coming, in the order of ids, in batches of proofs."""
    keys = (_first, _told, _verification_id, _event_id, _place, _last_place)
    yield from _by_keys(keys, left, right)


def _first(seen: Seen) -> float:
    return seen.first


def _told(seen: Seen) -> float | None:
    return seen.told


def _verification_id(seen: Seen) -> float:
    return _random_part(seen.answers[0]["id"])


def _event_id(seen: Seen) -> float | None:
    return None if seen.event is None else _random_part(seen.event["id"])


def _place(seen: Seen) -> float:
    return _place_of(seen.answers[0])


def _last_place(seen: Seen) -> float:
    return _place_of(seen.answers[-1])


def _place_of(answer: dict[str, Any]) -> float:
    number = next(line for line in answer["proof"]["note"].splitlines() if line.startswith("number "))
    return int(number.removeprefix("number ")) + int(answer["proof"]["leaf_index"]) / 1000


def _random_part(identifier: str) -> float:
    return float(sum(_ALPHABET.index(char) << (5 * place) for place, char in enumerate(reversed(identifier[14:]))))


# --- times and events -------------------------------------------------------------------------------------------------


def times_events(left: Sequence[Seen], right: Sequence[Seen]) -> Iterator[Pairs]:
    """Pair codes by when they came first and last, when and on which day their end was told, and what lies between."""
    keys = (_came_first, _came_last, _span, _told_at, _told_after, _told)
    yield from _by_keys(keys, left, right)


def _came_first(seen: Seen) -> float:
    return seen.came[0]


def _came_last(seen: Seen) -> float:
    return seen.came[-1]


def _span(seen: Seen) -> float:
    return seen.came[-1] - seen.came[0]


def _told_at(seen: Seen) -> float | None:
    return seen.told_at


def _told_after(seen: Seen) -> float | None:
    return None if seen.told_at is None else seen.told_at - seen.came[-1]


# --- pairing ------------------------------------------------------------------------------------------------------


def _by_keys(keys: Sequence[Key], left: Sequence[Seen], right: Sequence[Seen]) -> Iterator[Pairs]:
    """Pair by each two keys, by rank and by nearness; one that a side has not got pairs nobody."""
    for one in keys:
        for other in keys:
            first = [(key, seen.code) for seen in left if (key := one(seen)) is not None]
            second = [(key, seen.code) for seen in right if (key := other(seen)) is not None]
            yield dict(zip(_ranked(first), _ranked(second), strict=False))
            yield _nearest(first, second)


def _ranked(keyed: Iterable[tuple[float, str]]) -> list[str]:
    return [code for _, code in sorted(keyed)]


def _nearest(left: Sequence[tuple[float, str]], right: Sequence[tuple[float, str]]) -> Pairs:
    """Pair neighbours in the order of both lists together, the nearest first."""
    together = sorted([(key, 0, code) for key, code in left] + [(key, 1, code) for key, code in right])
    gaps = sorted(
        (later[0] - earlier[0], *((earlier[2], later[2]) if earlier[1] == 0 else (later[2], earlier[2])))
        for earlier, later in pairwise(together)
        if earlier[1] != later[1]
    )
    return _one_to_one((a, b) for _, a, b in gaps)


def _one_to_one(ranked: Iterable[tuple[str, str]]) -> Pairs:
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for one, other in ranked:
        if one not in pairs and other not in taken:
            pairs[one] = other
            taken.add(other)
    return pairs
