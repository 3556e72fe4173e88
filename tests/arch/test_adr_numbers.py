"""A decision is cited by its number, so no two records share one."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

RECORDS = Path(__file__).parents[2] / "docs" / "adr"
NUMBERED = re.compile(r"^(?P<number>\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.md$")
UNNUMBERED = frozenset({"README.md", "index.md", "template.md"})


def faults(names: Iterable[str]) -> Iterator[str]:
    """Say which records are misnamed and which numbers are taken twice."""
    matches = {name: NUMBERED.match(name) for name in names if name not in UNNUMBERED}
    yield from (f"{name}: name it NNNN-subject.md" for name, match in matches.items() if not match)
    taken = Counter(match["number"] for match in matches.values() if match)
    yield from (f"{number} is taken {times} times" for number, times in taken.items() if times > 1)


def test_every_record_has_a_number_of_its_own() -> None:
    assert list(faults(path.name for path in RECORDS.glob("*.md"))) == []


def test_a_number_taken_twice_is_noticed() -> None:
    assert list(faults(["0001-one.md", "0001-two.md", "0002-three.md"])) == ["0001 is taken 2 times"]


def test_a_record_without_a_number_is_noticed() -> None:
    assert list(faults(["README.md", "Ideas.md"])) == ["Ideas.md: name it NNNN-subject.md"]
