"""Values of the brand."""

from __future__ import annotations

from eztong.domain.branding.brand import Brand
from eztong.domain.branding.version import BrandState, BrandVersion
from tests.contract.storage.stage import at, make
from tests.unit.domain.branding.pictures import picture


def version(number: int = 1, *, full: bool = False) -> BrandVersion:
    """Return a version; a full one is published."""
    return BrandVersion(
        version_id=make("brd", number),
        brand=Brand(service_zh="城", service_en=f"City {number}", mark=picture() if full else b""),
        state=BrandState.PUBLISHED if full else BrandState.PROPOSED,
        made_by="li",
        made_at=at(number),
        published_at=at(number + 1) if full else None,
    )
