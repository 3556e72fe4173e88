"""Find whether a case follows whoever leaves: nobody leaves it by leaving the service (clause 2.13; ADR 0055)."""

from __future__ import annotations

from eztong.domain.damage import StoredDamaged
from eztong.domain.holder import Holder
from eztong.domain.restrictions.mark import has_case
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.apart import ERASING, Unread, read_apart


def case_follows(act: Act, holder: Holder) -> bool:
    """Say for the erasure whether a case is open, or stops or limits the account; what cannot be read is one."""
    found = read_apart(act, ERASING, lambda: _has_case(holder, stored=act.uow))
    return True if isinstance(found, Unread) else found


def shows_case(holder: Holder, *, stored: Repositories) -> bool:
    """Say for a page what :func:`case_follows` would find."""
    try:
        return _has_case(holder, stored=stored)
    except StoredDamaged:
        return True


def _has_case(holder: Holder, *, stored: Repositories) -> bool:
    if any(case.waits or case.holds for case in stored.cases.of_holder(holder.holder_id)):
        return True
    # Without a ceiling no mark is open; with one that cannot be read, a person looks rather than nobody.
    if holder.is_held or holder.ceiling is None:
        return holder.is_held
    return has_case(stored.restrictions.list(holder.holder_id))
