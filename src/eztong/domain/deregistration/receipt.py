"""The receipt of a deregistration: what was deleted, what is kept, why and until when (clause 2.13; PIPL art. 47)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from eztong.domain.agreements import commitment
from eztong.domain.canonical_json import render_time
from eztong.domain.deregistration.deregistration import Deregistration
from eztong.domain.deregistration.erasure import BACKUPS_FOR, BAN_FOR, KEPT_FOR
from eztong.domain.deregistration.partner_event import EVENTS_FOR, TOLD_WITHIN

RECEIPT_FORMAT: Final = "eztong/deregistration/v1"


class Deleted(StrEnum):
    """Classes of data that every deregistration deletes."""

    IDENTITY = "identity"
    """Name, number, mark of the authority and their keyed indexes."""
    PHONE = "phone"
    ACCESS = "access"
    """Sessions, devices, passkeys, PIN, recoveries, message codes."""
    CHOICES = "choices"
    """Grants and switches."""
    WORDS = "words"
    """What the holder wrote, and the network address and browser of consents."""
    HISTORY = "history"
    """What happened to the account, and refused tries."""
    PARTNER_INPUT = "partner_input"
    """What partners entered for requests that the holder answered."""


class Kept(StrEnum):
    """Classes of data that outlive an account."""

    EVIDENCE = "evidence"
    """Acceptances, verifications and used codes under a random id: to prove what was agreed and answered."""
    RECEIPT = "receipt"
    """This receipt with its ticket."""
    CASE = "case"
    """The account's history, where operator or risk rules had stopped it, or a mark of a case limited it."""
    TERMINATION = "termination"
    """That the service was terminated for breach, by a keyed index."""
    PARTNER_NEWS = "partner_news"
    """What partners are told of their own codes, and what they answer."""
    OPEN_CASE = "open_case"
    """That the person left in the middle of a case, by a keyed index, until one has decided on a new application."""
    BACKUPS = "backups"
    """Sealed values in backups, until those end."""


GROUNDS: Final = {
    Kept.EVIDENCE: "civil_code_188",
    Kept.RECEIPT: "civil_code_188",
    Kept.CASE: "civil_code_188",
    Kept.TERMINATION: "agreement_2_1",
    Kept.PARTNER_NEWS: "pipl_47",
    Kept.OPEN_CASE: "agreement_2_1",
    Kept.BACKUPS: "pipl_47",
}
_PERIODS: Final = {
    Kept.EVIDENCE: KEPT_FOR,
    Kept.RECEIPT: KEPT_FOR,
    Kept.CASE: KEPT_FOR,
    Kept.TERMINATION: BAN_FOR,
    Kept.PARTNER_NEWS: TOLD_WITHIN + EVENTS_FOR,
    Kept.OPEN_CASE: BAN_FOR,
    Kept.BACKUPS: BACKUPS_FOR,
}


def kept_classes(*, held: bool, terminated: bool, told: bool) -> Sequence[Kept]:
    """Return what is kept of an account; ``told`` says that a partner knew it by a code."""
    case = [Kept.CASE] if held else []
    open_case = [Kept.OPEN_CASE] if held and not terminated else []
    ban = [Kept.TERMINATION] if terminated else []
    news = [Kept.PARTNER_NEWS] if told else []
    return [Kept.EVIDENCE, Kept.RECEIPT, *case, *open_case, *ban, *news, Kept.BACKUPS]


def deleted_classes(*, held: bool) -> Sequence[Deleted]:
    """Return what is deleted of an account."""
    return [one for one in Deleted if not (held and one is Deleted.HISTORY)]


def receipt_document(
    deregistration: Deregistration, *, ticket: str, held: bool, kept: Sequence[Kept], now: datetime
) -> dict[str, Any]:
    """Return the receipt as a document of evidence: no personal data; the account is a salted commitment."""

    def until(period: timedelta) -> str:
        return render_time(now + period)

    return {
        "format": RECEIPT_FORMAT,
        "id": deregistration.deregistration_id,
        "ticket": ticket,
        "holder": commitment(salt=deregistration.salt, holder_id=deregistration.holder_id),
        "asked_at": render_time(deregistration.asked_at),
        "done_at": render_time(now),
        "deleted": [one.value for one in deleted_classes(held=held)],
        "kept": [{"what": one.value, "why": GROUNDS[one], "until": until(_PERIODS[one])} for one in kept],
    }
