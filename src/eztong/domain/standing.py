"""What an account may do where it stands: show a code, be verified for a scene, be opened by its holder alone.

Its state decides, and the lowest ceiling of its marks (:mod:`eztong.domain.restrictions`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol

import msgspec

from eztong.domain.errors import HolderFrozen, HolderNotActive, HolderRestricted, HolderTerminated
from eztong.domain.guardianship.ward import is_frozen_by_guardian, is_kept_by_guardian
from eztong.domain.holder import Assurance, FreezeCause, Holder, HolderState, WrappedKey, frozen_by
from eztong.domain.identifiers import HolderId
from eztong.domain.restrictions.mark import Ceiling

_CARRIED: Final[Mapping[Ceiling, frozenset[Assurance]]] = {
    Ceiling.NONE: frozenset(),
    Ceiling.LOW: frozenset({Assurance.LOW}),
    Ceiling.SUBSTANTIAL: frozenset({Assurance.LOW, Assurance.SUBSTANTIAL}),
}


class Verifiable(Protocol):
    """An account as far as verifying it asks: :class:`Holder`, or the few columns of it in :class:`HolderToVerify`."""

    @property
    def holder_id(self) -> HolderId:
        """Whose account it is."""
        ...

    @property
    def state(self) -> HolderState:
        """Where the account stands."""
        ...

    @property
    def freeze_cause(self) -> FreezeCause | None:
        """Who froze it."""
        ...

    @property
    def ceiling(self) -> Ceiling | None:
        """The lowest ceiling of its open marks; None: nothing limits it."""
        ...

    @property
    def data_key(self) -> WrappedKey:
        """What opens the sealed fields."""
        ...

    @property
    def sealed_number(self) -> bytes | None:
        """The citizen number."""
        ...

    @property
    def sealed_name(self) -> bytes | None:
        """The name."""
        ...

    @property
    def sealed_eid_mark(self) -> bytes | None:
        """What partner codes are derived from."""
        ...

    @property
    def generation(self) -> bytes:
        """What tells the account from the person's earlier ones in partner codes."""
        ...


class HolderToVerify(msgspec.Struct, frozen=True, kw_only=True):
    """An account as it is read with a code: a whole one has three times the columns."""

    holder_id: HolderId
    state: HolderState
    freeze_cause: FreezeCause | None
    data_key: WrappedKey
    sealed_number: bytes | None
    sealed_name: bytes | None
    sealed_eid_mark: bytes | None
    generation: bytes
    confirmed_at: datetime
    """When the authority confirmed the person last."""
    ceiling: Ceiling | None = None


class NothingPasses(HolderRestricted):
    """A mark on the account lets nothing pass (clause 2.5; PIPL art. 44)."""

    code = "nothing_passes"
    advice = "The page of the identity check says why, and how it ends."


def is_usable(holder: Verifiable) -> bool:
    """Say whether the account is in use: not stopped, and not an application."""
    return holder.state is HolderState.ACTIVE


def may_be_appealed_for(holder: Holder) -> bool:
    """Say whether the holder alone could open the account, had they its phone.

    It is in use, or frozen by themselves; or it never had a phone, and nothing stops it but a guardian, whom staff
    do not ask about an adult.
    """
    is_frozen = holder.state is HolderState.FROZEN
    is_own = is_frozen and holder.freeze_cause is FreezeCause.SELF
    is_kept_shut = is_frozen and holder.freeze_cause is FreezeCause.GUARDIAN and is_kept_by_guardian(holder)
    is_shut_alone = is_kept_shut and all(one.freeze_cause is None for one in holder.stopped)
    return is_usable(holder) or (is_own and not is_frozen_by_guardian(holder)) or is_shut_alone


def check_in_use(holder: Verifiable) -> None:
    """Refuse what only an account that is in use may do, whatever its marks are.

    Raises:
        HolderFrozen, HolderTerminated, HolderNotActive: as the state says; FreezeNotOwn where the holder alone cannot
            lift the freeze, FrozenByGuardian where a guardian can.
    """
    match holder.state:
        case HolderState.ACTIVE:
            return
        case HolderState.FROZEN:
            raise frozen_by(holder.freeze_cause)
        case HolderState.TERMINATED:
            raise HolderTerminated
        case _:
            raise HolderNotActive


def check_may_show_code(holder: Verifiable) -> None:
    """Refuse a holder who may not have a code now.

    Raises:
        HolderFrozen, HolderTerminated, HolderNotActive: as :func:`check_in_use` says.
        NothingPasses: a mark lets nothing pass.
    """
    check_in_use(holder)
    if holder.ceiling is Ceiling.NONE:
        raise NothingPasses


def check_may_be_verified(holder: Verifiable, *, floor: Assurance) -> None:
    """Refuse a holder whose state and marks do not carry a scene of assurance ``floor``.

    Raises:
        HolderFrozen, HolderTerminated, HolderNotActive: as the state says, whoever froze it.
        HolderRestricted: the lowest ceiling lies below the scene; NothingPasses if it lets nothing pass.
    """
    if holder.state is HolderState.ACTIVE and holder.ceiling is None:
        return
    if holder.state is HolderState.FROZEN:
        raise HolderFrozen
    check_may_show_code(holder)
    if holder.ceiling is not None and floor not in _CARRIED[holder.ceiling]:
        raise HolderRestricted
