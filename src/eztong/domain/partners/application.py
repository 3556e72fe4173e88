"""What an organisation asks for before it is a partner, and how that is reviewed (clause 2.3; PIPL 55 and 56).

``applied <-> supplement_needed``; ``applied -> approved``; either ``-> refused | withdrawn``. An approved one becomes
``closed`` with its partner. Whoever was refused applies again with another one; a partner asks for more scenes so, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from eztong.domain.claims import Claim
from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.holder import Assurance
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.email_address import EmailAddress


class ApplicantState(StrEnum):
    """Where an organisation's application stands. The values stand in databases; none is renamed."""

    APPLIED = "applied"
    SUPPLEMENT_NEEDED = "supplement_needed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    """Approved, and its partner was closed since."""


class ApplicantStepKind(StrEnum):
    """What was done with it."""

    APPLIED = "applied"
    ASKED = "asked"
    SUPPLEMENTED = "supplemented"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReviewItem(StrEnum):
    """What a reviewer looks at. The values stand in databases; none is renamed."""

    ORGANISATION = "organisation"
    """The public register knows the credit code, under this name, and in business."""
    CONTACT = "contact"
    """The contact was reached by a way that the application does not name, and speaks for the organisation."""
    SECTOR = "sector"
    """The sector is this organisation's: partners of one sector know a holder by one partner code."""
    PURPOSES = "purposes"
    """Each scene's purpose is lawful, definite and told as holders understand it."""
    CLAIMS = "claims"
    """Each claim is needed for the scene's purpose, and none that less would do for."""
    ASSESSMENTS = "assessments"
    """Each scene's impact assessment answers all three headings of PIPL 56."""
    ADDRESSES = "addresses"
    """Networks and addresses to return to are the organisation's own."""
    CONTRACT = "contract"
    """The contract with the partner is signed, with its duties about what it receives."""


class PartnerApplicationInvalid(InputInvalid):
    """The application is not whole; the words say where."""

    code = "partner_application_invalid"
    advice = "Mend what is named and hand it in again; docs/partners.md has an example."

    def __init__(self, detail: str | None = None, *, where: str = "") -> None:
        """Keep what is wrong, and where in the document, such as ``scenes[0].title``; empty if unknown."""
        super().__init__(detail if not where else f"{where}: {detail}")
        self.where = where


class ReceiptUnknown(NotFound):
    """Nothing was handed in under this receipt."""

    code = "receipt_unknown"
    advice = "Check the receipt: it stood on the page that was shown when the application was handed in."


class PartnerApplicationEnded(StateConflict):
    """It was decided or withdrawn, or waits for somebody else."""

    code = "partner_application_state"
    advice = "Look where it stands: eztong partners review APPLICATION."


class ChecklistOpen(StateConflict):
    """Not every item of the checklist was looked at and found right."""

    code = "partner_checklist_open"
    advice = "Look at each item, and name it with --checked; what is not right is asked for or refused."


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactAssessment:
    """The three headings of PIPL 56, in the organisation's words."""

    lawful_legitimate_necessary: str
    """Whether purpose and way of processing are lawful, legitimate and necessary."""

    impact_on_rights_and_risk: str
    """What it does to people's rights, and what may go wrong."""

    protective_measures: str
    """Whether what protects them is lawful, works, and fits the risk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedScene:
    """A scene that is asked for, with its purpose, its claims and its assessment."""

    scene: str
    title: str
    title_en: str
    purpose: str
    purpose_en: str
    floor: Assurance
    claims: frozenset[Claim]
    assessment: ImpactAssessment


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for; nothing of it is about a person."""

    name: str
    name_en: str
    sector: str
    scenes: tuple[WantedScene, ...]
    networks: tuple[str, ...] = ()
    redirects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who speaks for the organisation. Both are personal data: sealed at rest, never logged."""

    person: str = field(repr=False)
    email: EmailAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """An application as it was handed in and read: nothing of it is stored yet."""

    partner_id: PartnerId
    credit_code: str
    contact: Contact
    wanted: Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerApplication:
    """An application as it is stored. ``sealed_contact`` is None once its time is over."""

    application_id: str
    partner_id: PartnerId
    state: ApplicantState
    credit_code: str
    wanted: Wanted
    sealed_contact: bytes | None = field(repr=False)
    applied_at: datetime
    ended_at: datetime | None = None
    receipt_hash: bytes | None = field(default=None, repr=False)
    """Keyed hash of what opens it at the public door; None if an operator handed it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantStep:
    """One step with an application. ``items`` are those looked at and right, or those that are asked for or wrong."""

    application_id: str
    step_id: str
    kind: ApplicantStepKind
    operator: str | None
    at: datetime
    items: frozenset[ReviewItem] = frozenset()
    reason: str | None = None


_OPEN: Final = frozenset({ApplicantState.APPLIED, ApplicantState.SUPPLEMENT_NEEDED})
_LEADS: Final[Mapping[ApplicantStepKind, tuple[frozenset[ApplicantState], ApplicantState]]] = {
    ApplicantStepKind.ASKED: (frozenset({ApplicantState.APPLIED}), ApplicantState.SUPPLEMENT_NEEDED),
    ApplicantStepKind.SUPPLEMENTED: (frozenset({ApplicantState.SUPPLEMENT_NEEDED}), ApplicantState.APPLIED),
    ApplicantStepKind.APPROVED: (frozenset({ApplicantState.APPLIED}), ApplicantState.APPROVED),
    ApplicantStepKind.REFUSED: (_OPEN, ApplicantState.REFUSED),
    ApplicantStepKind.WITHDRAWN: (_OPEN, ApplicantState.WITHDRAWN),
}


def stepped(application: PartnerApplication, kind: ApplicantStepKind, *, now: datetime) -> PartnerApplication:
    """Return the application after a step.

    Raises:
        PartnerApplicationEnded: it stands elsewhere.
        KeyError: ``applied`` begins one (programmer's mistake).
    """
    before, after = _LEADS[kind]
    if application.state not in before:
        raise PartnerApplicationEnded(f"The application is {application.state.value}.")
    return replace(application, state=after, ended_at=None if after in _OPEN else now)


def check_checklist(checked: Iterable[ReviewItem]) -> None:
    """Refuse an approval of what was not looked at whole.

    Raises:
        ChecklistOpen: naming what is missing.
    """
    missing = [item.value for item in ReviewItem if item not in set(checked)]
    if missing:
        raise ChecklistOpen(f"Not checked: {', '.join(missing)}.")
