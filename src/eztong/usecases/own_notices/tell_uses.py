"""Tell those who chose it of each use, a moment after it, apart from the verification itself (clauses 2.7, 2.9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from eztong.domain.damage import RowDamaged
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.notices import FREEZE_LINK_LIFE, FreezeLink, Topic, UntoldUse
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.usecases.jobs.queue_run import QueueRun, counted, tried
from eztong.usecases.notices.links import LinkKind, new_link
from eztong.usecases.notices.warn_holder import tell_holder

BATCH: Final = 50
QUEUE: Final = "uses"
SETTLED_AFTER: Final = timedelta(seconds=2)
"""A use is looked at only when no other one of before it can still be written: ids sort by when an act began."""


def tell_uses(*, services: Services) -> QueueRun:
    """Tell the uses that were not told yet. One that cannot be told is counted, passed over, and keeps no other."""
    with services.store.read() as stored:
        found = stored.notice_choices.untold(before=services.clock.now() - SETTLED_AFTER, limit=BATCH)
    uses = found.those
    failed = tried(uses, lambda use: services.perform(SYSTEM, tell_use, use, public_url=services.deployment.public_url))
    stuck = tried([use for use, _ in failed], lambda use: services.perform(SYSTEM, _pass_over, use))
    failures = [*found.failures, *(kind for _, kind in (*failed, *stuck))]
    return QueueRun(
        done=len(uses) - len(failed),
        failures=counted(QUEUE, failures, observer=services.observer),
        again=len(uses) + found.unreadable == BATCH and not stuck,
    )


def tell_use(act: Act, use: UntoldUse, *, public_url: str) -> bool:
    """Tell one use, once however many workers there are; return whether a message was queued.

    Raises:
        RowDamaged: what it was cannot be read.
    """
    if use.outcome is None:
        raise RowDamaged("verifications", "verification_id")
    if not act.uow.notice_choices.mark_told(use) or not use.is_told:
        return False
    partner = act.uow.partners.get(use.partner_id)
    holder = None if partner is None else act.uow.holders.get(use.holder_id)
    if holder is None or partner is None:
        return False
    token, link_hash = new_link(act, LinkKind.FREEZE)
    link = FreezeLink(link_hash=link_hash, holder_id=use.holder_id, made_at=act.now, until=act.now + FREEZE_LINK_LIFE)
    act.uow.notice_choices.add_link(link)
    params = {
        "partner": partner.name,
        "at": use.at.astimezone(SHANGHAI).strftime("%m-%d %H:%M"),
        "link": f"{public_url}/lost/link/{token}",
    }
    tell_holder(act, holder, Topic.CODE_USED, params)
    return True


def _pass_over(act: Act, use: UntoldUse) -> None:
    act.uow.notice_choices.mark_told(use)
