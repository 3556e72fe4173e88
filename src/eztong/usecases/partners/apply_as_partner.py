"""Hand in what an organisation asks for, answer what was asked besides, or withdraw it (clause 2.3; PIPL 55, 56)."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.events import Actor
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.proposal import parse_reason
from eztong.domain.partners.application import (
    ApplicantState,
    ApplicantStep,
    ApplicantStepKind,
    Contact,
    HandedIn,
    PartnerApplication,
    PartnerApplicationEnded,
    ReviewItem,
    Wanted,
    stepped,
)
from eztong.domain.partners.application_document import read_contact, render_contact
from eztong.domain.partners.life_cycle import PartnerStateConflict
from eztong.domain.partners.partner import Partner, PartnerStage, PartnerState
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_keeper import check_keeper
from eztong.usecases.partners.attest_partner import attest_partner

_TABLE = "partner_applications"


def apply_as_partner(act: Act, handed_in: HandedIn) -> PartnerApplication:
    """Store an application; it waits for a review.

    1. An organisation hands it in itself, or an operator who keeps partners does.
    2. A new id is taken by it, as a partner that gets no answers. A partner that is there asks for more so; a closed
       one does not.
    3. One waits at a time. Its contact is sealed.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: an operator acts who may not.
        PartnerStateConflict: the partner is closed.
        StateConflict: one waits already.
    """
    _check_may_apply(act)
    partner = act.uow.partners.get(handed_in.partner_id)
    if partner is None:
        act.uow.partners.add(new_partner(act, handed_in.partner_id, handed_in.wanted))
    elif partner.state is PartnerState.CLOSED:
        raise PartnerStateConflict("The partner is closed; apply under another id.")
    application = add_application(act, handed_in)
    if application is None:
        raise StateConflict("An application of this partner waits already.")
    return application


def add_application(act: Act, handed_in: HandedIn, *, receipt_hash: bytes | None = None) -> PartnerApplication | None:
    """Store what was handed in, with its contact sealed; None, and nothing, if one of its partner waits already."""
    application_id = new_id(act, "pap")
    application = PartnerApplication(
        application_id=application_id,
        partner_id=handed_in.partner_id,
        state=ApplicantState.APPLIED,
        credit_code=handed_in.credit_code,
        wanted=handed_in.wanted,
        sealed_contact=_sealed(act, application_id, handed_in.contact),
        applied_at=act.now,
        receipt_hash=receipt_hash,
    )
    if not act.uow.partner_applications.add(application):
        return None
    note_step(act, application, ApplicantStepKind.APPLIED)
    return application


def supplement_application(act: Act, application_id: str, handed_in: HandedIn) -> PartnerApplication:
    """Answer what was asked besides, by the whole application as it is now; it waits for a review again.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: an operator acts who may not.
        NotFound: no such application.
        StateConflict: it names another partner.
        PartnerApplicationEnded: nothing was asked, or it ended.
    """
    _check_may_apply(act)
    before = find_partner_application(application_id, stored=act.uow)
    if handed_in.partner_id != before.partner_id:
        raise StateConflict("The application is of another partner.")
    return supplemented(act, before, handed_in)


def supplemented(
    act: Act, before: PartnerApplication, handed_in: HandedIn, *, answer: str | None = None
) -> PartnerApplication:
    """Store the application as it is now, with the ``answer`` to what was asked; it waits for a review again.

    Raises:
        PartnerApplicationEnded: nothing was asked, or it ended.
    """
    after = replace(
        stepped(before, ApplicantStepKind.SUPPLEMENTED, now=act.now),
        credit_code=handed_in.credit_code,
        wanted=handed_in.wanted,
        sealed_contact=_sealed(act, before.application_id, handed_in.contact),
    )
    move_application(act, before, after)
    note_step(act, after, ApplicantStepKind.SUPPLEMENTED, reason=answer)
    return after


def withdraw_partner_application(act: Act, application_id: str, *, reason: str) -> PartnerApplication:
    """Withdraw what waits; the organisation may apply again.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: an operator acts who may not.
        ReasonInvalid: no reason.
        NotFound: no such application.
        PartnerApplicationEnded: it ended.
    """
    _check_may_apply(act)
    why = parse_reason(reason)
    before = find_partner_application(application_id, stored=act.uow)
    after = stepped(before, ApplicantStepKind.WITHDRAWN, now=act.now)
    move_application(act, before, after)
    note_step(act, after, ApplicantStepKind.WITHDRAWN, reason=why)
    return after


def find_partner_application(application_id: str, *, stored: Repositories) -> PartnerApplication:
    """Return the application.

    Raises:
        NotFound: no such application.
    """
    application = stored.partner_applications.get(application_id)
    if application is None:
        raise NotFound("There is no such application.")
    return application


def open_partner_contact(act: Act, application_id: str) -> Contact | None:
    """Return who speaks for the organisation; None once that is emptied.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not see a person's name.
        NotFound: no such application.
        eztong.gm.errors.DecryptionFailed: the row was changed, or the keyring lost the key it is sealed under.
    """
    check_keeper(act, application_id)
    application = find_partner_application(application_id, stored=act.uow)
    if application.sealed_contact is None:
        return None
    return read_contact(act.keys.open(application.sealed_contact, place=_place(application_id)))


def move_application(act: Act, before: PartnerApplication, after: PartnerApplication) -> None:
    """Store the application after a step.

    Raises:
        PartnerApplicationEnded: another step was taken at the same moment.
    """
    if not act.uow.partner_applications.move(after, expected=before.state):
        raise PartnerApplicationEnded("It moved at the same moment.")


_ATTESTED = {
    ApplicantStepKind.APPLIED: ActKind.PARTNER_APPLIED,
    ApplicantStepKind.ASKED: ActKind.PARTNER_ASKED,
    ApplicantStepKind.SUPPLEMENTED: ActKind.PARTNER_SUPPLEMENTED,
    ApplicantStepKind.APPROVED: ActKind.PARTNER_APPROVED,
    ApplicantStepKind.REFUSED: ActKind.PARTNER_REFUSED,
    ApplicantStepKind.WITHDRAWN: ActKind.PARTNER_WITHDREW,
}


def note_step(
    act: Act,
    application: PartnerApplication,
    kind: ApplicantStepKind,
    *,
    items: frozenset[ReviewItem] = frozenset(),
    reason: str | None = None,
) -> None:
    """Store what was done with an application, and attest it."""
    by_operator = act.by.actor is Actor.OPERATOR and act.by.name
    step = ApplicantStep(
        application_id=application.application_id,
        step_id=new_id(act, "pst"),
        kind=kind,
        operator=act.by.name if by_operator else None,
        at=act.now,
        items=items,
        reason=reason,
    )
    act.uow.partner_applications.add_step(step)
    facts = {"application": application.application_id}
    if items:
        facts["items"] = " ".join(sorted(item.value for item in items))
    attest_partner(act, application.partner_id, _ATTESTED[kind], facts=facts, reason=reason)


def _check_may_apply(act: Act) -> None:
    # An organisation acts for itself at a door with limits of its own.
    if act.by.actor is not Actor.PARTNER:
        check_keeper(act)


def new_partner(act: Act, partner_id: PartnerId, wanted: Wanted) -> Partner:
    """Return a partner that applies, and gets no answers."""
    return Partner(
        partner_id=partner_id,
        name=wanted.name,
        name_en=wanted.name_en,
        sector_id=sector_id_of(wanted.sector),
        state=PartnerState.APPLIED,
        created_at=act.now,
        stage=PartnerStage.SANDBOX,
    )


def sector_id_of(sector: str) -> str:
    """Return the id under which a sector's partner codes are made."""
    return f"sector-{sector}"


def _sealed(act: Act, application_id: str, contact: Contact) -> bytes:
    nonce = act.entropy.token(NONCE_BYTES)
    return act.keys.seal(render_contact(contact), nonce=nonce, place=_place(application_id))


def _place(application_id: str) -> tuple[str, str, str]:
    return (_TABLE, application_id, "sealed_contact")
