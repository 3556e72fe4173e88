"""Holders: a person with an account, from the first accepted document to the end (design.md section 4).

``draft -> applied -> approved | under_review | supplement_needed | refused``, ``approved -> active``;
every account ``-> frozen``, ``-> terminated``, ``-> deregistering -> deregistered``.
A person who comes back after ``refused`` or ``deregistered`` is a new holder. An account that is being deregistered can
still be frozen; it ends all the same, unless the deregistration is undone.

What stops an account (freeze, termination, deregistration) keeps the state that it stopped, with the cause of a freeze.
Undoing it leads there and nowhere else: no freeze or termination is lost by a stop that came after it.

``restricted`` is no state: an active account is that while a mark on it is open (:mod:`eztong.domain.restrictions`).
The lowest ceiling of its marks stands beside the state, which no step of the state touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import msgspec

from eztong.domain.errors import (
    HolderFrozen,
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
    OPERATOR, RISK = "operator", "risk"
    GUARDIAN = "guardian"  # also while a minor has none
    DEATH = "death"  # the authority said so


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


_S = HolderState
FIRST_GENERATION = b"1"
"""The generation of every account of before generations were drawn."""

DRAWN_GENERATION_BYTES = 16
"""Random bytes of the generation of an account that is made now (design: a new one with every account of a person)."""

ACCOUNTS_PER_PHONE = 2
"""How many people may share one phone, such as a couple with one mobile between them."""

WITH_ACCOUNT = frozenset({_S.ACTIVE, _S.FROZEN, _S.TERMINATED, _S.DEREGISTERING})
"""The states that count as an account: it can sign in, be recovered and be frozen. Everything asks this one list."""

STOPS = frozenset({_S.FROZEN, _S.TERMINATED, _S.DEREGISTERING})
"""The states that keep which state they stopped, and can be undone to it."""

_OF_A_CASE = frozenset({FreezeCause.OPERATOR, FreezeCause.RISK})

TRANSITIONS: Mapping[HolderState, frozenset[HolderState]] = {
    _S.DRAFT: frozenset({_S.APPLIED, _S.DEREGISTERED}),
    _S.APPLIED: frozenset({_S.APPROVED, _S.UNDER_REVIEW, _S.SUPPLEMENT_NEEDED, _S.REFUSED}),
    _S.UNDER_REVIEW: frozenset({_S.APPROVED, _S.SUPPLEMENT_NEEDED, _S.REFUSED}),
    _S.SUPPLEMENT_NEEDED: frozenset({_S.APPLIED, _S.UNDER_REVIEW, _S.REFUSED}),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """An account. Personal data stays sealed in it; opening needs the data key and a reason.

    ``after_death`` is what its holder chose for then; None: relatives may ask.
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
    generation: bytes = FIRST_GENERATION
    decision: str | None = None
    reason: str | None = None
    rules: str = ""
    policy_version: str | None = None
    authority_reference: str | None = None
    stopped: tuple[Stopped, ...] = ()
    ceiling: Ceiling | None = None
    mark_changes: int = 0
    after_death: str | None = None

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

    @property
    def is_erased(self) -> bool:
        """Say whether its data key was destroyed: nothing that was sealed for it opens any more."""
        return not self.data_key.wrapped

    @property
    def is_leaving(self) -> bool:
        """Say whether the account is being deregistered, perhaps under a freeze that came since."""
        return self.state is HolderState.DEREGISTERING or any(
            one.state is HolderState.DEREGISTERING for one in self.stopped
        )

    @property
    def is_deceased(self) -> bool:
        """Say whether the authority's word that the holder died stopped the account, perhaps under another stop."""
        return FreezeCause.DEATH in (self.freeze_cause, *(one.freeze_cause for one in self.stopped))

    @property
    def is_entered(self) -> bool:
        """Say whether there is an account that somebody may enter and is told of: nobody does so for the dead."""
        return self.has_account and not self.is_deceased

    @property
    def is_held(self) -> bool:
        """Say whether the operator or the risk rules stopped the account: what happened to it is kept for the case.

        A mark may hold it as well, which only the marks say (:func:`eztong.domain.restrictions.mark.has_case`).
        """
        stops = (Stopped(self.state, self.freeze_cause), *self.stopped)
        return any(one.state is HolderState.TERMINATED or one.freeze_cause in _OF_A_CASE for one in stops)

    @property
    def is_terminated(self) -> bool:
        """Say whether the service was ended for breach, perhaps under another stop that came since."""
        return self.state is HolderState.TERMINATED or any(one.state is HolderState.TERMINATED for one in self.stopped)

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

        A freeze of the holder's own does not keep the operator, the risk rules or a guardian from theirs: it then waits
        under it. Nor do a guardian's and the operator's stand in each other's way, and a holder freezes over a
        guardian's: the guardian who lifts that shall not open an account whose loss was told.

        Raises:
            StateConflict: there is no account.
        """
        if self.state is not HolderState.FROZEN:
            return replace(self.moved_to(HolderState.FROZEN), freeze_cause=cause)
        held = {self.freeze_cause, *(one.freeze_cause for one in self.stopped)}
        if cause in held or {cause, self.freeze_cause} <= _OF_A_CASE:
            return self
        if cause is FreezeCause.SELF and self.freeze_cause is not FreezeCause.GUARDIAN:
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

    def staying(self) -> Holder:
        """Return the holder after a deregistration was undone: as it stood before, under whatever stopped it since.

        Raises:
            StateConflict: it is not being deregistered.
        """
        if self.state is HolderState.DEREGISTERING:
            return self.restored()
        if not self.is_leaving:
            raise StateConflict(f"An account that is {self.state} is not being deregistered.")
        return replace(self, stopped=tuple(one for one in self.stopped if one.state is not HolderState.DEREGISTERING))

    def erased(self) -> Holder:
        """Return what is left of the account once it was erased: that it was there, and no key."""
        return Holder(
            holder_id=self.holder_id,
            state=HolderState.DEREGISTERED,
            created_at=self.created_at,
            data_key=WrappedKey(kek_id="", wrapped=b""),
        )

    def unfrozen(self) -> Holder:
        """Return the holder after the own freeze was lifted; nobody else's is lifted so.

        Raises:
            FreezeNotOwn: the operator or the risk rules froze it; FrozenByGuardian: a guardian did.
        """
        if self.state is not HolderState.FROZEN:
            return self
        if self.freeze_cause is not FreezeCause.SELF:
            raise frozen_by(self.freeze_cause)
        return self.restored()

    def with_stops(self, stopped: Iterable[Stopped]) -> Holder:
        """Return the account with these earlier stops, and the one that stands as it is."""
        return replace(self, stopped=tuple(stopped))

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


class FrozenByGuardian(FreezeNotOwn):
    """A guardian froze the account, or it has none though its holder is under age."""

    code = "frozen_by_guardian"
    advice = "Ask your guardian to lift the freeze. Without a guardian, a new one has to confirm you."


class PhoneFull(StateConflict):
    """As many accounts as may be are bound to the phone already (clause 2.6)."""

    code = "phone_full"
    advice = "Use a phone of your own, or end one of the accounts that use this one."


def frozen_by(cause: FreezeCause | None) -> type[HolderFrozen]:
    """Return the error that says who can lift a freeze of this cause: the holder, the guardian, or others."""
    return {FreezeCause.SELF: HolderFrozen, FreezeCause.GUARDIAN: FrozenByGuardian}.get(
        cause or FreezeCause.RISK, FreezeNotOwn
    )


def check_stands_as(holder: Holder, seen: Holder) -> None:
    """Refuse to go on with an account that was stopped or opened again since a proof of its holder was begun.

    Raises:
        StateConflict: it stands otherwise than when it was ``seen``.
    """
    if (holder.state, holder.freeze_cause, holder.stopped) != (seen.state, seen.freeze_cause, seen.stopped):
        raise StateConflict("The account was frozen or opened meanwhile.")
