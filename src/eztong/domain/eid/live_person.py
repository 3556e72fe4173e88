"""What a live-person factor found: that the person acting is alive and is the account's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from eztong.domain.eid.eid_flow import EidCode

MODE_UNKNOWN: Final = 0
"""``LivenessMode`` of a factor that is none of the camera's: neither digits nor actions nor light were asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePersonFinding:
    """One look of one factor. ``code`` is ``PASSED`` or a liveness or comparison code; the rest only if measured."""

    provider: str
    code: EidCode
    mode: int = MODE_UNKNOWN
    similarity: str = ""
