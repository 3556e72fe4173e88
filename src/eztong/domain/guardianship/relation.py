"""What a guardian is to a ward, and what the authority says to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from eztong.domain.identity.citizen_number import CitizenNumber
from eztong.domain.identity.real_name import RealName


class Relation(StrEnum):
    """What the guardian is to the ward. The values stand in databases and in messages to the authority."""

    PARENT = "parent"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    """An adult brother or sister."""
    APPOINTED = "appointed"
    """Appointed by a court, an agreement or a committee (Civil Code art. 27 to 32)."""


class RelationAnswer(StrEnum):
    """The authority's word on a relation. Being unreachable is no answer but ``AuthorityUnavailable``."""

    CONFIRMED = "confirmed"
    """Its records have both people, by these names, and this relation between them."""
    DENIED = "denied"
    """A name does not fit its number, or its records have other guardians for the ward."""
    UNKNOWN = "unknown"
    """Its records say nothing about it; people have to decide."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A person as the authority is asked about them."""

    name: RealName = field(repr=False)
    number: CitizenNumber = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationQuestion:
    """Whether ``guardian`` is this to ``ward``. ``reference`` names the guardianship: asked again it is the same."""

    reference: str
    relation: Relation
    ward: Subject
    guardian: Subject
