"""Erase what the list beside the database names and the store has all the same (clauses 2.1, 2.13; PIPL art. 47).

A backup brought it back, or a crash left it. Each account by itself, so that one which cannot be erased keeps neither
the others nor a start waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eztong.domain.codes.presentation_code import CodeState
from eztong.domain.damage import StoredDamaged
from eztong.domain.identifiers import HolderId
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.deregistration.execute_deregistration import erase_again
from eztong.usecases.jobs.queue_run import counted, tried
from eztong.usecases.registration.erase_application import is_over

QUEUE: Final = "erasures"


def erase_listed(listed: Sequence[HolderId], *, services: Services) -> Sequence[HolderId]:
    """Erase those of the list that are there; return those for whom it failed, to be tried again.

    Until then nothing of such an account passes: whatever its row says, it counts as being deregistered. Where not even
    that can be written, it is tried again with the rest.

    Raises:
        Unavailable: the store cannot be used.
    """
    with services.store.read() as stored:
        back = [holder_id for holder_id in listed if _is_there(holder_id, stored=stored)]
    failed = tried(back, lambda holder_id: services.perform(SYSTEM, erase_again, holder_id))
    left = [holder_id for holder_id, _ in failed]
    open_still = tried(left, lambda holder_id: services.perform(SYSTEM, _bar, holder_id))
    counted(QUEUE, [kind for _, kind in (*failed, *open_still)], observer=services.observer)
    return left


def _is_there(holder_id: HolderId, *, stored: Repositories) -> bool:
    try:
        holder = stored.holders.get(holder_id)
    except StoredDamaged:
        return True
    return holder is not None and not holder.is_erased and not is_over(holder)


def _bar(act: Act, holder_id: HolderId) -> None:
    act.uow.holders.bar(holder_id)
    act.uow.sessions.revoke_all(holder_id, now=act.now)
    act.uow.codes.end_outstanding(holder_id, None, CodeState.CANCELLED, act.now)
