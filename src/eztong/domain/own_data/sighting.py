"""Who saw a holder's data: every time somebody got it, read it or was asked about it (clauses 3.2, 3.3).

What partners were told stands in verifications, the rest in the account's history. An event can be two sightings:
where staff approved an application, staff looked at it and the authority was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from eztong.domain.claims import Claim
from eztong.domain.events import Actor, EventKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.recovery import Proof
from eztong.domain.registration import Reason

NAME: Final = "name"
NUMBER: Final = "number"


class Viewer(StrEnum):
    """Who saw it. Of staff the role is told and never a name."""

    PARTNER = "partner"
    STAFF = "staff"
    AUTHORITY = "authority"
    RELATIVES = "relatives"
    OWN = "own"


class Occasion(StrEnum):
    """What somebody saw or did, and of which kind of thing."""

    TOLD = "told"
    """A partner was given statements about the person, or name and number sealed for it."""
    PARTNER_EVIDENCE = "partner_evidence"
    """A partner took the evidence of a verification: what it was told then, once more."""
    APPLICATION_READ = "application_read"
    APPLICATION_DECIDED = "application_decided"
    TICKET_READ = "ticket_read"
    TICKET_ANSWERED = "ticket_answered"
    CASE_READ = "case_read"
    CASE_DECIDED = "case_decided"
    FAMILY_READ = "family_read"
    FAMILY_DECIDED = "family_decided"
    NUMBER_APPEALED = "number_appealed"
    STAFF_ACTED = "staff_acted"
    """Staff found the account by the number that its holder gave, and stopped, limited or opened it."""
    DATA_REVEALED = "data_revealed"
    """Staff were shown name, number and phone in full."""
    LOOKED_UP = "looked_up"
    """Staff found the account by a number, and nothing was done with it: the act was refused, or changed nothing."""
    RELATIVES_ANSWERED = "relatives_answered"
    """Staff found the account by the number that relatives gave, to ask the authority or to correct the name."""
    REGISTRATION_CHECKED = "registration_checked"
    IDENTITY_CHECKED = "identity_checked"
    NAME_CHECKED = "name_checked"
    RECOVERY_CHECKED = "recovery_checked"
    PHONE_CHECKED = "phone_checked"
    RELATION_CHECKED = "relation_checked"
    RELATIVES_COPY = "relatives_copy"
    """Relatives got a copy, after the authority had said that the holder died."""
    OWN_REVEALED = "own_revealed"
    OWN_COPY = "own_copy"
    OWN_EVIDENCE = "own_evidence"


class StaffReads(StrEnum):
    """What the operator's staff can be shown of an account: the fact ``what`` of a reading."""

    APPLICATION = "application"
    TICKET = "ticket"
    GUARDIANSHIP = "guardianship"
    DECEASED = "deceased"
    CASE = "case"
    ACCOUNT = "account"
    """That there is one, by a number, and who it is, masked."""
    REVEALED = "revealed"
    """Name, number and phone in full."""


VIEWERS: Final[Mapping[Occasion, Viewer]] = {
    Occasion.TOLD: Viewer.PARTNER,
    Occasion.PARTNER_EVIDENCE: Viewer.PARTNER,
    Occasion.APPLICATION_READ: Viewer.STAFF,
    Occasion.APPLICATION_DECIDED: Viewer.STAFF,
    Occasion.TICKET_READ: Viewer.STAFF,
    Occasion.TICKET_ANSWERED: Viewer.STAFF,
    Occasion.CASE_READ: Viewer.STAFF,
    Occasion.CASE_DECIDED: Viewer.STAFF,
    Occasion.FAMILY_READ: Viewer.STAFF,
    Occasion.FAMILY_DECIDED: Viewer.STAFF,
    Occasion.NUMBER_APPEALED: Viewer.STAFF,
    Occasion.STAFF_ACTED: Viewer.STAFF,
    Occasion.DATA_REVEALED: Viewer.STAFF,
    Occasion.LOOKED_UP: Viewer.STAFF,
    Occasion.RELATIVES_ANSWERED: Viewer.STAFF,
    Occasion.REGISTRATION_CHECKED: Viewer.AUTHORITY,
    Occasion.IDENTITY_CHECKED: Viewer.AUTHORITY,
    Occasion.NAME_CHECKED: Viewer.AUTHORITY,
    Occasion.RECOVERY_CHECKED: Viewer.AUTHORITY,
    Occasion.PHONE_CHECKED: Viewer.AUTHORITY,
    Occasion.RELATION_CHECKED: Viewer.AUTHORITY,
    Occasion.RELATIVES_COPY: Viewer.RELATIVES,
    Occasion.OWN_REVEALED: Viewer.OWN,
    Occasion.OWN_COPY: Viewer.OWN,
    Occasion.OWN_EVIDENCE: Viewer.OWN,
}
"""Who it is on each occasion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Somebody saw something. ``items`` are what a partner was given; elsewhere the occasion says it.

    ``record_id`` is the verification or refused try that it is about, ``ticket`` the number of what the holder wrote.
    """

    event_id: str
    at: datetime
    occasion: Occasion
    items: tuple[str, ...] = ()
    partner_id: PartnerId | None = None
    scene: str | None = None
    record_id: str | None = None
    ticket: str | None = None

    @property
    def viewer(self) -> Viewer:
        """Who saw it."""
        return VIEWERS[self.occasion]

    @property
    def order(self) -> str:
        """The part of the id that sorts by time, whatever was seen."""
        return self.event_id.partition("_")[2]


_READ: Final = {
    StaffReads.APPLICATION.value: Occasion.APPLICATION_READ,
    StaffReads.TICKET.value: Occasion.TICKET_READ,
    StaffReads.GUARDIANSHIP.value: Occasion.FAMILY_READ,
    StaffReads.DECEASED.value: Occasion.RELATIVES_ANSWERED,
    StaffReads.CASE.value: Occasion.CASE_READ,
    StaffReads.ACCOUNT.value: Occasion.LOOKED_UP,
    StaffReads.REVEALED.value: Occasion.DATA_REVEALED,
}
_APPROVED: Final = frozenset({EventKind.REGISTRATION_APPROVE, EventKind.REGISTRATION_APPROVE_RESTRICTED})
_NOT_APPROVED: Final = frozenset(
    {EventKind.REGISTRATION_REFUSE, EventKind.REGISTRATION_REVIEW, EventKind.REGISTRATION_SUPPLEMENT}
)
# Why an application was not approved where the authority had answered: every other refusal comes before it is asked.
_AFTER_ANSWER: Final = frozenset(
    {
        Reason.NAME_NUMBER_MISMATCH.value,
        Reason.NO_RECORD.value,
        Reason.NOT_ELIGIBLE.value,
        Reason.NAME_NEEDS_PERSON.value,
        Reason.MANUAL_REVIEW.value,
        Reason.DEVICE_RISK.value,
        Reason.ALREADY_REGISTERED.value,
        Reason.SERVICE_ENDED_BEFORE.value,
    }
)
_BY_ANYBODY: Final[Mapping[EventKind, Occasion]] = {
    EventKind.IDENTITY_CHECKED: Occasion.IDENTITY_CHECKED,
    EventKind.CORRECTION_REFUSED: Occasion.NAME_CHECKED,
    EventKind.GUARDIAN_DECLARED: Occasion.RELATION_CHECKED,
    EventKind.GIVEN_TO_RELATIVES: Occasion.RELATIVES_COPY,
    EventKind.IDENTITY_REVEALED: Occasion.OWN_REVEALED,
    EventKind.DATA_EXPORTED: Occasion.OWN_COPY,
}
_BY_STAFF: Final[Mapping[EventKind, Occasion]] = {
    **dict.fromkeys(_APPROVED | _NOT_APPROVED, Occasion.APPLICATION_DECIDED),
    EventKind.PHONE_CHANGE_WAITING: Occasion.NUMBER_APPEALED,
    EventKind.TICKET_ANSWERED: Occasion.TICKET_ANSWERED,
    EventKind.TALK_PROPOSED: Occasion.TICKET_ANSWERED,
    EventKind.TALK_FAILED: Occasion.TICKET_ANSWERED,
    EventKind.CASE_DECIDED: Occasion.CASE_DECIDED,
    EventKind.CASE_UPHELD: Occasion.CASE_DECIDED,
    EventKind.CASE_LIFTED: Occasion.CASE_DECIDED,
    EventKind.FROZEN: Occasion.STAFF_ACTED,
    EventKind.RESTRICTED: Occasion.STAFF_ACTED,
    EventKind.RESTRICTION_LIFTED: Occasion.STAFF_ACTED,
    EventKind.NAME_CORRECTED: Occasion.RELATIVES_ANSWERED,
    EventKind.GUARDIAN_CONFIRMED: Occasion.FAMILY_DECIDED,
    EventKind.GUARDIAN_REFUSED: Occasion.FAMILY_DECIDED,
}


def occasions_of(kind: EventKind, actor: Actor, fact: Callable[[str], str | None], detail: str) -> tuple[Occasion, ...]:
    """Return what an event of the account's history says was seen; most say nothing of the kind.

    Args:
        kind: What happened.
        actor: Who did it.
        fact: The value of a fact in the event's detail.
        detail: The whole of it; of a decided application it begins with the reason.
    """
    by_staff = actor is Actor.OPERATOR
    match kind:
        case EventKind.STAFF_READ:
            found = _READ.get(fact("what") or "")
        case EventKind.BUNDLE_MADE:
            found = Occasion.OWN_EVIDENCE if fact("partner") is None else Occasion.PARTNER_EVIDENCE
        case EventKind.RECOVERY_STARTED:
            found = Occasion.RECOVERY_CHECKED if fact("how") == Proof.AUTHORITY else None
        case EventKind.GUARDIAN_REFUSED if fact("guardianship") is None:
            # Of a child for whom nobody acts nothing is kept: the guardian's history alone says that it was asked.
            found = Occasion.RELATION_CHECKED
        case _:
            found = _BY_ANYBODY.get(kind) or (_BY_STAFF.get(kind) if by_staff else None)
    also = _checked_for(kind, detail)
    return tuple(one for one in (found, also) if one is not None)


def _checked_for(kind: EventKind, detail: str) -> Occasion | None:
    """Return what the authority was asked before this was done, whoever did it."""
    if kind is EventKind.PHONE_CHANGE_WAITING:
        return Occasion.PHONE_CHECKED
    after_answer = kind in _NOT_APPROVED and detail.partition(" ")[0] in _AFTER_ANSWER
    return Occasion.REGISTRATION_CHECKED if kind in _APPROVED or after_answer else None


def items_told(claims: tuple[Claim, ...], *, gave_identity: bool) -> tuple[str, ...]:
    """Return what a partner was given: the statements, and name and number where they went to it sealed."""
    told = tuple(claim.value for claim in claims if claim is not Claim.IS_PERSON)
    return (*told, NAME, NUMBER) if gave_identity else told
