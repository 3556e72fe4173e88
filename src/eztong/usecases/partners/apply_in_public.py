"""An organisation applies at the public door, reads where that stands, answers what was asked, or withdraws it.

Nobody is signed in there. A receipt, drawn with the form and shown once, opens what was handed in, and nothing else
does; what the caller learns is the same whether the organisation is a partner or not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from eztong.domain.budget import Budget
from eztong.domain.errors import StateConflict
from eztong.domain.feedback.ticket import FormSent, TicketUnknown, parse_secret, spell_secret
from eztong.domain.free_text import parse_free_text
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.proposal import MAX_REASON
from eztong.domain.partners.application import (
    ApplicantStepKind,
    HandedIn,
    PartnerApplication,
    ReceiptUnknown,
    stepped,
)
from eztong.ports.act import Act
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.partners.apply_as_partner import add_application, move_application, note_step, supplemented
from eztong.usecases.spend_budget import spend

OF_EVERYBODY: Final = Budget("public_applications", 100, timedelta(days=1))
"""Applications at the public door: what a flood from many networks may store, and somebody must read."""

OF_NETWORK: Final = Budget("public_applications_of_network", 5, timedelta(days=1))
"""Those of one network: no single one uses up what everybody shares."""

_RECEIPT_BYTES: Final = 10
_RECEIPT: Final = b"partner_receipt\x00"
_PARTNER: Final = b"partner_of_receipt\x00"
_DRAWN: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyInPublic:
    """What was handed in from ``network``. ``receipt`` was drawn for the form: sent twice, it is one application."""

    handed_in: HandedIn
    receipt: str = field(repr=False)
    network: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerInPublic:
    """The whole application as it is now, and an answer in words, which may be empty."""

    handed_in: HandedIn
    receipt: str = field(repr=False)
    answer: str


def draw_receipt(*, entropy: Entropy) -> str:
    """Return a new receipt: sixteen characters, which nobody guesses (80 bits)."""
    return spell_secret(entropy.token(_RECEIPT_BYTES))


def parse_receipt(text: str) -> str:
    """Return a receipt, however it was grouped and spelled.

    Raises:
        ReceiptUnknown: it can be none.
    """
    try:
        return parse_secret(text)
    except TicketUnknown as error:
        raise ReceiptUnknown from error


def partner_of_receipt(receipt: str, *, keys: Keys) -> PartnerId:
    """Return the id that the organisation gets if it becomes a partner: nobody chooses one, so none is found taken."""
    return PartnerId(f"org-{keys.mac(MacPurpose.LOOKUP, _PARTNER + receipt.encode())[:_DRAWN].hex()}")


def apply_in_public(act: Act, command: ApplyInPublic) -> PartnerApplication:
    """Store an application; it waits for a review, and its organisation is no partner before that.

    1. The same form, sent again, brings the same application again, and does nothing else.
    2. Each network has a few a day, and everybody together so many.
    3. Its contact is sealed. Nothing is compared with partners or other applications, so that nothing is learnt.

    Raises:
        FormSent: this form was sent before, with something else in it.
        TooMany: too many came today, from this network or altogether.
    """
    receipt_hash = _hash(command.receipt, keys=act.keys)
    known = act.uow.partner_applications.by_receipt(receipt_hash)
    if known is not None:
        if (known.wanted, known.credit_code) != (command.handed_in.wanted, command.handed_in.credit_code):
            raise FormSent
        return known
    spend(act, OF_NETWORK, command.network.encode())
    spend(act, OF_EVERYBODY)
    application = add_application(act, command.handed_in, receipt_hash=receipt_hash)
    if application is None:
        raise StateConflict("This form was sent at the same moment.")
    return application


def find_by_receipt(receipt: str, *, stored: Repositories, keys: Keys) -> PartnerApplication:
    """Return what was handed in under a receipt.

    Raises:
        ReceiptUnknown: nothing.
    """
    application = stored.partner_applications.by_receipt(_hash(receipt, keys=keys))
    if application is None:
        raise ReceiptUnknown
    return application


def answer_in_public(act: Act, command: AnswerInPublic) -> PartnerApplication:
    """Answer what was asked besides; the application waits for a review again.

    Raises:
        ReceiptUnknown: no such application.
        PartnerApplicationEnded: nothing was asked, or it ended.
    """
    before = find_by_receipt(command.receipt, stored=act.uow, keys=act.keys)
    answer = parse_free_text(command.answer)[:MAX_REASON]
    return supplemented(act, before, command.handed_in, answer=answer or None)


def withdraw_in_public(act: Act, receipt: str) -> PartnerApplication:
    """Withdraw what waits.

    Raises:
        ReceiptUnknown: no such application.
        PartnerApplicationEnded: it ended.
    """
    before = find_by_receipt(receipt, stored=act.uow, keys=act.keys)
    after = stepped(before, ApplicantStepKind.WITHDRAWN, now=act.now)
    move_application(act, before, after)
    note_step(act, after, ApplicantStepKind.WITHDRAWN)
    return after


def _hash(receipt: str, *, keys: Keys) -> bytes:
    return keys.mac(MacPurpose.LOOKUP, _RECEIPT + receipt.encode())
