"""Values of versions of the periods."""

from __future__ import annotations

from datetime import timedelta

from eztong.domain.retention.bounds import KeptKind
from eztong.domain.retention.kept import Outlived, Transient
from eztong.domain.retention.version import Periods, RetentionState, RetentionVersion
from tests.contract.storage.stage import at, make


def version(number: int = 1, *, full: bool = False) -> RetentionVersion:
    """Return a version; a full one is published and changes two periods."""
    days: dict[KeptKind, timedelta] = {
        Transient.AUDIT: timedelta(days=200 + number),
        Outlived.PARTNER_CONTACTS: timedelta(days=90),
    }
    return RetentionVersion(
        version_id=make("ret", number),
        periods=Periods(days if full else {}),
        starts_at=at(number + 2),
        based_on=make("ret", number - 1) if full else "",
        state=RetentionState.PUBLISHED if full else RetentionState.PROPOSED,
        made_by="li",
        made_at=at(number),
        published_at=at(number + 1) if full else None,
    )
