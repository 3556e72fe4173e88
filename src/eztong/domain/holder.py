"""Holders: a person with an account, from the first accepted document to the end (design.md section 4).

``draft -> applied -> approved | under_review | supplement_needed | refused``, ``approved -> active``;
every account ``-> frozen``, ``-> terminated``, ``-> deregistering -> deregistered``.
A person who comes back after ``refused`` or ``deregistered`` is a new holder.

What stops an account (freeze, termination, deregistration) keeps the state that it stopped, with the cause of a freeze.
Undoing it leads there and nowhere else: no freeze or termination is lost by a stop that came after it.

``restricted`` is no state: an active account is that while a mark on it is open (:mod:`eztong.domain.restrictions`).
The lowest ceiling of its marks stands beside the state, which no step of the state touches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

import msgspec

from eztong.domain.errors import (
    HolderFrozen,
    HolderNotActive,
    HolderRestricted,
    HolderTerminated,
    StateConflict,
)
from eztong.domain.identifiers import AcceptanceId, HolderId
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.restrictions.mark import Ceiling


class HolderState(StrEnum):
    """Where the account stands."""

    DRAFT = "draft"
    APPLIED = "applied"
    APPROVED = "approved"
    UNDER_REVIEW = "under_review"
    SUPPLEMENT_NEEDED = "supplement_needed"
    REFUSED = "refused"
    ACTIVE = "active"
    FROZEN = "frozen"
    TERMINATED = "terminated"
    DEREGISTERING = "deregistering"
    DEREGISTERED = "deregistered"


class FreezeCause(StrEnum):
    """Who froze the account."""

    SELF = "self"
    OPERATOR = "operator"
    RISK = "risk"


class FreezeReason(StrEnum):
    """Why a holder freezes the own account."""

    PHONE_LOST = "phone_lost"
    ACCOUNT_STOLEN = "account_stolen"
    PAUSE = "pause"


def is_loss(reason: str | None) -> bool:
    """Say whether somebody else may have the phone or the account, by the reason of a freeze."""
    return reason in (FreezeReason.PHONE_LOST, FreezeReason.ACCOUNT_STOLEN)


class Assurance(StrEnum):
    """What a scene demands of the account: the ceiling of a restricted one may lie below it (clause 2.5).

    It says nothing of how the person was proved at registration: knowledge and a phone, not presence (ADR 0029).
    """

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


_CARRIED: Final[Mapping[Ceiling, frozenset[Assurance]]] = {
    Ceiling.NONE: frozenset(),
    Ceiling.LOW: frozenset({Assurance.LOW}),
    Ceiling.SUBSTANTIAL: frozenset({Assurance.LOW, Assurance.SUBSTANTIAL}),
}

_S = HolderState
ACCOUNTS_PER_PHONE = 2
"""How many people may share one phone, such as a couple with one mobile between them."""

WITH_ACCOUNT = frozenset({_S.ACTIVE, _S.FROZEN, _S.TERMINATED, _S.DEREGISTERING})
"""The states that count as an account: it can sign in, be recovered and be frozen. Everything asks this one list."""

STOPS = frozenset({_S.FROZEN, _S.TERMINATED, _S.DEREGISTERING})
"""The states that keep which state they stopped, and can be undone to it."""

TRANSITIONS: Mapping[HolderState, frozenset[HolderState]] = {
    _S.DRAFT: frozenset({_S.APPLIED, _S.DEREGISTERED}),
    _S.APPLIED: frozenset({_S.APPROVED, _S.UNDER_REVIEW, _S.SUPPLEMENT_NEEDED, _S.REFUSED}),
    _S.UNDER_REVIEW: frozenset({_S.APPROVED, _S.SUPPLEMENT_NEEDED, _S.REFUSED}),
    _S.SUPPLEMENT_NEEDED: frozenset({_S.APPLIED, _S.REFUSED}),
    _S.REFUSED: frozenset({_S.UNDER_REVIEW}),
    _S.APPROVED: frozenset({_S.ACTIVE}),
    _S.ACTIVE: STOPS,
    _S.FROZEN: frozenset({_S.TERMINATED, _S.DEREGISTERING}),
    _S.TERMINATED: frozenset({_S.FROZEN, _S.DEREGISTERING}),
    _S.DEREGISTERING: frozenset({_S.FROZEN, _S.DEREGISTERED}),
    _S.DEREGISTERED: frozenset(),
}
"""The steps forward; the way back from a stop is :meth:`Holder.restored` alone."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A state that a later stop interrupted, with the cause of a freeze."""

    state: HolderState
    freeze_cause: FreezeCause | None = None


class WrappedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A holder's data key, sealed under the key-encryption key ``kek_id``."""

    kek_id: str
    wrapped: bytes


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
    def generation(self) -> int:
        """How often the person has registered."""
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
    generation: int
    ceiling: Ceiling | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """An account. Personal data stays sealed in it; opening needs the data key and a reason.

    ``ceiling`` is the lowest one of the account's open marks, ``mark_changes`` how often marks were set or lifted: both
    are stored by these changes alone.
    """

    holder_id: HolderId
    state: HolderState
    created_at: datetime
    data_key: WrappedKey
    service_acceptance: AcceptanceId | None = None
    authorisation_acceptance: AcceptanceId | None = None
    freeze_cause: FreezeCause | None = None
    document_type: DocumentType | None = None
    number_index: bytes | None = None
    phone_index: bytes | None = None
    sealed_number: bytes | None = None
    sealed_name: bytes | None = None
    sealed_phone: bytes | None = None
    sealed_eid_mark: bytes | None = None
    generation: int = 1
    decision: str | None = None
    reason: str | None = None
    rules: str = ""
    policy_version: str | None = None
    authority_reference: str | None = None
    stopped: tuple[Stopped, ...] = ()
    ceiling: Ceiling | None = None
    mark_changes: int = 0

    @property
    def is_restricted(self) -> bool:
        """Say whether the account is in use, and a mark limits it."""
        return self.state is HolderState.ACTIVE and self.ceiling is not None

    @property
    def standing(self) -> str:
        """Return in one word where the account stands, for whoever reads it: its state, or ``restricted``."""
        return "restricted" if self.is_restricted else self.state.value

    @property
    def has_account(self) -> bool:
        """Say whether registration led to an account that has not ended."""
        return self.state in WITH_ACCOUNT

    def moved_to(self, state: HolderState) -> Holder:
        """Return the holder in ``state``; a stop keeps what it stopped.

        Raises:
            StateConflict: the state machine has no such step, or the account was stopped so before.
        """
        if state not in TRANSITIONS[self.state] or self._is_under(state):
            raise StateConflict(f"An account that is {self.state} cannot become {state}.")
        if state not in STOPS:
            return replace(self, state=state, freeze_cause=None, stopped=())
        return self._stopped_by(state)

    def frozen(self, cause: FreezeCause) -> Holder:
        """Return the frozen holder (clause 2.9); freezing twice is the same as once.

        A freeze of the holder's own does not keep the operator or the risk rules from theirs: it then waits under it.

        Raises:
            StateConflict: there is no account.
        """
        if self.state is not HolderState.FROZEN:
            return replace(self.moved_to(HolderState.FROZEN), freeze_cause=cause)
        if self.freeze_cause is not FreezeCause.SELF or cause is FreezeCause.SELF:
            return self
        return replace(self._stopped_by(HolderState.FROZEN), freeze_cause=cause)

    def restored(self) -> Holder:
        """Return the holder after the newest stop was undone: in the state before, with its cause.

        Raises:
            StateConflict: nothing stopped the account.
        """
        if self.state not in STOPS or not self.stopped:
            raise StateConflict(f"An account that is {self.state} has no state to go back to.")
        *earlier, last = self.stopped
        return replace(self, state=last.state, freeze_cause=last.freeze_cause, stopped=tuple(earlier))

    def unfrozen(self) -> Holder:
        """Return the holder after the own freeze was lifted; nobody else's is lifted so.

        Raises:
            FreezeNotOwn: the operator or the risk rules froze it.
        """
        if self.state is not HolderState.FROZEN:
            return self
        if self.freeze_cause is not FreezeCause.SELF:
            raise FreezeNotOwn
        return self.restored()

    def _stopped_by(self, state: HolderState) -> Holder:
        kept = (*self.stopped, Stopped(self.state, self.freeze_cause))
        return replace(self, state=state, freeze_cause=None, stopped=kept)

    def _is_under(self, state: HolderState) -> bool:
        # A deregistration that was begun, or a termination, is not begun once more over a freeze of it.
        return state is not HolderState.FROZEN and any(earlier.state is state for earlier in self.stopped)


class FreezeNotOwn(HolderFrozen):
    """The account was frozen by the operator or the risk rules: its holder alone cannot lift that."""

    code = "freeze_not_own"
    advice = "Contact the operator; the freeze can be reviewed there."


class NothingPasses(HolderRestricted):
    """A mark on the account lets nothing pass (clause 2.5; PIPL art. 44)."""

    code = "nothing_passes"
    advice = "The page of the identity check says why, and how it ends."


class PhoneFull(StateConflict):
    """As many accounts as may be are bound to the phone already (clause 2.6)."""

    code = "phone_full"
    advice = "Use a phone of your own, or end one of the accounts that use this one."


def check_stands_as(holder: Holder, seen: Holder) -> None:
    """Refuse to go on with an account that was stopped or opened again since a proof of its holder was begun.

    Raises:
        StateConflict: it stands otherwise than when it was ``seen``.
    """
    if (holder.state, holder.freeze_cause, holder.stopped) != (seen.state, seen.freeze_cause, seen.stopped):
        raise StateConflict("The account was frozen or opened meanwhile.")


def is_usable(holder: Verifiable) -> bool:
    """Say whether the account is in use: not stopped, and not an application."""
    return holder.state is HolderState.ACTIVE


def check_in_use(holder: Verifiable) -> None:
    """Refuse what only an account that is in use may do, whatever its marks are.

    Raises:
        HolderFrozen, HolderTerminated, HolderNotActive: as the state says; FreezeNotOwn where the holder alone cannot
            lift the freeze.
    """
    match holder.state:
        case HolderState.ACTIVE:
            return
        case HolderState.FROZEN:
            raise HolderFrozen if holder.freeze_cause is FreezeCause.SELF else FreezeNotOwn
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
    if holder.state is HolderState.FROZEN:
        raise HolderFrozen
    check_may_show_code(holder)
    if holder.ceiling is not None and floor not in _CARRIED[holder.ceiling]:
        raise HolderRestricted
