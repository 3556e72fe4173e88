"""The invented people of the sandbox, as its own page of them tells whoever opens it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tests.simulators.service import Service

KEYS: Final = (*(f"P{number:02d}" for number in range(1, 33)), *(f"X{number}" for number in range(1, 7)))
PAGE: Final = "/sandbox/personas"
MORE_NAMES: Final = {"P24": ("测新名",)}
"""Names that the page tells in its stories."""
MORE_NUMBERS: Final = {"X2": ("110000196704013006",)}
"""The same."""
_CARD: Final = re.compile(
    r'data-persona="(?P<key>[^"]+)">.*?<h2 lang="zh-CN">(?P<name>[^<]+)</h2>'
    r'.*?<span class="digits">(?P<number>[^<]+)</span>.*?<span class="digits">(?P<phone>[^<]+)</span>',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is."""

    key: str
    name: str
    number: str
    phone: str


def cast_of(service: Service, *, kind: str = "") -> dict[str, Person]:
    """Return everybody on the page, or those for whom it states this outcome."""
    page = service.http.get(PAGE, params={"kind": kind} if kind else {})
    page.raise_for_status()
    found = (Person(**match.groupdict()) for match in _CARD.finditer(page.text))
    return {person.key: person for person in found}


def everybody(service: Service) -> list[Person]:
    """Return everybody, also under the names and numbers that their stories tell."""
    cast = cast_of(service)
    renamed = [Person(key, name, cast[key].number, cast[key].phone) for key in MORE_NAMES for name in MORE_NAMES[key]]
    numbered = [
        Person(key, cast[key].name, number, cast[key].phone) for key in MORE_NUMBERS for number in MORE_NUMBERS[key]
    ]
    return [*cast.values(), *renamed, *numbered]
