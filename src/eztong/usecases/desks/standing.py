"""How the answer of a check stands when a desk sees it once more: what was confirmed before is not confirmed now."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from eztong.domain.codes.verification import Outcome, Verification
from eztong.domain.partners.partner import Scene
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.codes.conclude_verification import decide


class Standing(StrEnum):
    """``new`` was just answered; ``earlier`` is an answer of before; ``over`` one that would not be given any more."""

    NEW = "new"
    EARLIER = "earlier"
    OVER = "over"


def standing_of(verification: Verification, scene: Scene, *, now: datetime, stored: Repositories) -> Standing:
    """Say how an answer of before stands now.

    Within its code's life a repeat could ask for it, so the account is asked again. Later it is only what was written
    down: a desk must not follow an account by its old lines.
    """
    if verification.outcome is not Outcome.PASSED or verification.holder_id is None:
        return Standing.EARLIER
    code = None if verification.code_id is None else stored.codes.get(verification.code_id)
    if code is None or now >= code.expires_at:
        return Standing.EARLIER
    holder = stored.holders.get(verification.holder_id)
    if holder is None:
        return Standing.OVER
    decided = decide(holder, partner_id=verification.partner_id, scene=scene, stored=stored, now=now)
    return Standing.EARLIER if decided.outcome is Outcome.PASSED else Standing.OVER
