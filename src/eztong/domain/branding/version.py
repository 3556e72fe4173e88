"""Versions of the brand: ``proposed -> published | refused``. The last that was published is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eztong.domain.branding.brand import Brand
from eztong.domain.errors import NotFound, StateConflict


class BrandState(StrEnum):
    """Where a version stands."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    REFUSED = "refused"
    """The second operator said no, or the first took it back."""


class BrandUnknown(NotFound):
    """No version of this id."""

    code = "brand_unknown"
    advice = "There is no such version; `eztong branding list` shows them."


class BrandUnchanged(StateConflict):
    """It is what is in force already."""

    code = "brand_unchanged"
    advice = "This is how the service looks already: change something, or leave it."


class BrandSettled(StateConflict):
    """It was published or refused before."""

    code = "brand_settled"
    advice = "This version was decided before; propose it anew."


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandVersion:
    """A version as it was proposed, and what became of it."""

    version_id: str
    brand: Brand
    state: BrandState = BrandState.PROPOSED
    made_by: str
    made_at: datetime
    published_at: datetime | None = None
