"""Freeze an account by the link in a notice of a use: that alone, without a sign-in, once, for a day (clause 2.9)."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.holder import FreezeCause, FreezeReason, Holder
from eztong.domain.notices import FreezeLink, FreezeLinkOver
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.notices.links import LinkKind, hashes_of


def find_freeze_link(token: str, *, stored: Repositories, keys: Keys, now: datetime) -> FreezeLink:
    """Return the link of a token.

    Raises:
        FreezeLinkOver: no such link, or it is over.
    """
    hashes = hashes_of(token, LinkKind.FREEZE, keys=keys)
    link = next((one for one in map(stored.notice_choices.link, hashes) if one is not None), None)
    if link is None:
        raise FreezeLinkOver
    link.check(now=now)
    return link


def freeze_by_notice(act: Act, token: str) -> Holder:
    """Freeze the link's account as stolen: somebody used it who was not its holder.

    Raises:
        FreezeLinkOver: no such link, or it is over.
        NotFound, StateConflict: there is no account any more.
    """
    link = find_freeze_link(token, stored=act.uow, keys=act.keys, now=act.now)
    if not act.uow.notice_choices.use_link(link.link_hash, now=act.now):
        raise FreezeLinkOver
    command = FreezeHolder(
        holder_id=link.holder_id,
        cause=FreezeCause.SELF,
        channel="notice_link",
        reason=FreezeReason.ACCOUNT_STOLEN,
    )
    return freeze_holder(act, command)
