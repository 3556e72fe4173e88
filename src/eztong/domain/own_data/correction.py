"""Corrections of what was checked: a name, with the same number, is matched again at the authority (3.3, PIPL 46)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.budget import Budget
from eztong.domain.errors import InputInvalid, NotPermitted
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.authority_answer import AuthorityVerdict

ASKS_BY_ACCOUNT: Final = Budget("corrections_asked", 5, timedelta(days=1))
"""Names that an account may have matched in a day: the page must not be a way to try names for a number."""


class CorrectionState(StrEnum):
    """How it ended; what relatives of a deceased holder ask waits until two operators have decided."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    REFUSED = "refused"


class RefusedBecause(StrEnum):
    """Why the name was not changed."""

    MISMATCH = "mismatch"
    """The authority has another name for this number."""
    NO_RECORD = "no_record"
    DECEASED = "deceased"
    NEEDS_HUMAN = "needs_human"
    NOT_AGREED = "not_agreed"
    """Two operators did not agree to what relatives asked."""
    OTHER_MARK = "other_mark"
    """The authority matched, but says that it is another person than the one who registered."""


class NameSame(InputInvalid):
    """The name is the one that the account has."""

    code = "name_same"
    advice = "Type the name as it stands on the document now; this one is the account's already."


class FieldLocked(NotPermitted):
    """Name and number were checked: they change by a correction only, which is matched again."""

    code = "field_locked"
    advice = "Ask for a correction at /me/correct; the authority is asked again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction of the name that was asked for, with both names sealed with the account's key.

    ``ticket_number`` is the ticket in which staff answers one that was refused.
    """

    holder_id: HolderId
    correction_id: str
    state: CorrectionState
    reason: RefusedBecause | None
    sealed_old: bytes = field(repr=False)
    sealed_new: bytes = field(repr=False)
    asked_at: datetime
    ticket_number: str | None = None


def correction_of(proposal_id: str) -> str:
    """Return the id of the correction that a proposal is about, so that one is made of it at most."""
    return f"cor_{proposal_id.partition('_')[2]}"


def refusal_of(verdict: AuthorityVerdict, *, is_same_person: bool) -> RefusedBecause | None:
    """Return why the authority's word does not carry the correction; None if it does.

    ``PENDING`` is no word; who asks must not pass it here.
    """
    if verdict is AuthorityVerdict.MATCHED:
        return None if is_same_person else RefusedBecause.OTHER_MARK
    return RefusedBecause(verdict.value)
