"""Holders: a person with an account, from the first accepted document to the end (design.md section 4).

``draft -> applied -> approved | under_review | supplement_needed | refused``, ``approved -> active``,
``active <-> restricted <-> frozen``, ``-> terminated``, ``-> deregistering -> deregistered``. A person who comes back
after ``refused`` or ``deregistered`` is a new holder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from eztong.domain.citizen_number import DocumentType
from eztong.domain.errors import (
    HolderFrozen,
    HolderNotActive,
    HolderRestricted,
    HolderTerminated,
    StateConflict,
)
from eztong.domain.identifiers import AcceptanceId, HolderId


class HolderState(StrEnum):
    """Where the account stands."""

    DRAFT = "draft"
    APPLIED = "applied"
    APPROVED = "approved"
    UNDER_REVIEW = "under_review"
    SUPPLEMENT_NEEDED = "supplement_needed"
    REFUSED = "refused"
    ACTIVE = "active"
    RESTRICTED = "restricted"
    FROZEN = "frozen"
    TERMINATED = "terminated"
    DEREGISTERING = "deregistering"
    DEREGISTERED = "deregistered"


class FreezeCause(StrEnum):
    """Who froze the account."""

    SELF = "self"
    OPERATOR = "operator"
    RISK = "risk"


class Assurance(StrEnum):
    """What a scene demands: a ``restricted`` holder still passes ``low`` scenes (clause 2.5)."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


_S = HolderState
ACCOUNTS_PER_PHONE = 2
"""How many people may share one phone, such as a couple with one mobile between them."""

_WITH_ACCOUNT = frozenset({_S.ACTIVE, _S.RESTRICTED, _S.FROZEN, _S.TERMINATED, _S.DEREGISTERING})
_ENDINGS = frozenset({_S.TERMINATED, _S.DEREGISTERING})
TRANSITIONS: Mapping[HolderState, frozenset[HolderState]] = {
    _S.DRAFT: frozenset({_S.APPLIED, _S.DEREGISTERED}),
    _S.APPLIED: frozenset({_S.APPROVED, _S.UNDER_REVIEW, _S.SUPPLEMENT_NEEDED, _S.REFUSED}),
    _S.UNDER_REVIEW: frozenset({_S.APPROVED, _S.SUPPLEMENT_NEEDED, _S.REFUSED}),
    _S.SUPPLEMENT_NEEDED: frozenset({_S.APPLIED, _S.REFUSED}),
    _S.REFUSED: frozenset({_S.UNDER_REVIEW}),
    _S.APPROVED: frozenset({_S.ACTIVE}),
    _S.ACTIVE: frozenset({_S.RESTRICTED, _S.FROZEN}) | _ENDINGS,
    _S.RESTRICTED: frozenset({_S.ACTIVE, _S.FROZEN}) | _ENDINGS,
    _S.FROZEN: frozenset({_S.ACTIVE, _S.RESTRICTED}) | _ENDINGS,
    _S.TERMINATED: frozenset({_S.ACTIVE, _S.DEREGISTERING}),
    _S.DEREGISTERING: frozenset({_S.ACTIVE, _S.DEREGISTERED}),
    _S.DEREGISTERED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrappedKey:
    """A holder's data key, sealed under the key-encryption key ``kek_id``."""

    kek_id: str
    wrapped: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """An account. Personal data stays sealed in it; opening needs the data key and a reason."""

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

    @property
    def has_account(self) -> bool:
        """Say whether registration led to an account that has not ended."""
        return self.state in _WITH_ACCOUNT

    def moved_to(self, state: HolderState) -> Holder:
        """Return the holder in ``state``.

        Raises:
            StateConflict: the state machine has no such step.
        """
        if state not in TRANSITIONS[self.state]:
            raise StateConflict(f"An account that is {self.state} cannot become {state}.")
        return replace(self, state=state)

    def frozen(self, cause: FreezeCause) -> Holder:
        """Return the frozen holder; freezing twice is the same as once (clause 2.9)."""
        if self.state is HolderState.FROZEN:
            return self
        return replace(self.moved_to(HolderState.FROZEN), freeze_cause=cause)


class PhoneFull(StateConflict):
    """As many accounts as may be are bound to the phone already (clause 2.6)."""

    code = "phone_full"
    advice = "Use a phone of your own, or end one of the accounts that use this one."


def check_may_show_code(holder: Holder) -> None:
    """Refuse a holder who may not have a code now.

    Raises:
        HolderFrozen, HolderTerminated, HolderNotActive: as the state says.
    """
    match holder.state:
        case HolderState.ACTIVE | HolderState.RESTRICTED:
            return
        case HolderState.FROZEN:
            raise HolderFrozen
        case HolderState.TERMINATED:
            raise HolderTerminated
        case _:
            raise HolderNotActive


def check_may_be_verified(holder: Holder, *, floor: Assurance) -> None:
    """Refuse a holder whose state does not carry a scene of assurance ``floor``.

    Raises:
        HolderFrozen, HolderTerminated, HolderNotActive: as for showing a code.
        HolderRestricted: restricted, and the scene asks for more than ``low``.
    """
    check_may_show_code(holder)
    if holder.state is HolderState.RESTRICTED and floor is not Assurance.LOW:
        raise HolderRestricted
