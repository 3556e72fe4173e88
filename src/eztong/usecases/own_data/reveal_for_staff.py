"""Show staff what an account holds of its person in full: with a purpose, counted, and in the holder's sight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import NotFound, NotPermitted
from eztong.domain.events import EventKind
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import AgeBand
from eztong.domain.operators.look_up import REVEALS
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import MAX_REASON, Proposal, ProposalKind, ProposalState, parse_reason
from eztong.domain.own_data.sighting import StaffReads
from eztong.ports.act import Act
from eztong.usecases.note_event import note_event
from eztong.usecases.operators.check_operator import check_about_another, check_operator
from eztong.usecases.operators.propose import Propose, propose
from eztong.usecases.own_data.reveal_identity import OwnIdentity, open_identity
from eztong.usecases.registration.birthdays import band_of
from eztong.usecases.spend_budget import check_left, count

REVEAL_LIFE: Final = timedelta(hours=1)
"""How long an approval serves: whoever needs it longer proposes again."""

_FOR: Final = ": "
"""What stands between purpose and reason in a proposal."""


class RevealPurpose(StrEnum):
    """What staff need the data for; it stands in the account's history."""

    COMPARE_PAPERS = "compare_papers"
    """The person shows papers, and what they say is compared."""

    ANSWER_PERSON = "answer_person"
    """The person asked something that cannot be answered with masked data."""

    AUTHORITY_ASKS = "authority_asks"
    """A court or an authority asks on a legal basis."""


class MinorNotRevealed(NotPermitted):
    """The person is a minor: no single operator sees their data in full (未成年人网络保护条例, art. 36)."""

    code = "minor_not_revealed"
    advice = (
        "A minor's data is shown masked only. Propose to be shown it: once another operator of role cases approved, "
        "you are shown it for an hour, for the purpose that you named."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealForStaff:
    """Whose data, and what for."""

    holder_id: HolderId
    purpose: RevealPurpose


def reveal_for_staff(act: Act, command: RevealForStaff) -> OwnIdentity:
    """Return the values in full.

    1. The operator may, it is not about themselves, and not too much was revealed to them today.
    2. A minor's are revealed only to whoever proposed it, within an hour after another operator approved, and for the
       purpose that was approved: the history says that one.
    3. The account's history says it with the purpose, before they are shown; its holder reads that.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        NotFound: no such account or application, or it was erased.
        MinorNotRevealed: as said.
        TooMany: twenty a day.
    """
    operator = check_operator(act, Permission.ACCOUNTS_REVEAL, command.holder_id)
    holder = act.uow.holders.get(command.holder_id)
    if holder is None or holder.is_erased:
        raise NotFound("There is no such account.")
    check_about_another(operator, holder, stored=act.uow)
    is_adult = band_of(holder, keys=act.keys, now=act.now) is AgeBand.ADULT
    if not is_adult and not _was_approved(act, command, operator.name):
        raise MinorNotRevealed
    check_left(act, REVEALS, operator.name.encode())
    count(act, REVEALS, operator.name.encode())
    detail = f"what={StaffReads.REVEALED} purpose={command.purpose}"
    note_event(act, holder.holder_id, EventKind.STAFF_READ, detail=detail)
    return open_identity(holder, keys=act.keys)


def propose_reveal(act: Act, holder_id: HolderId, *, purpose: RevealPurpose, reason: str) -> Proposal:
    """Propose to be shown a minor's data in full; another operator decides.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself, ProofNeeded: whoever acts may not.
        NotFound: no such account or application, or it was erased.
        ReasonInvalid: no reason.
        StateConflict: the same is proposed already.
    """
    holder = act.uow.holders.get(holder_id)
    if holder is None or holder.is_erased:
        raise NotFound("There is no such account.")
    said = f"{purpose.value}{_FOR}{parse_reason(reason)}"[:MAX_REASON]
    return propose(act, Propose(kind=ProposalKind.MINOR_REVEAL, subject=holder_id, reason=said, about=holder_id))


def settle_reveal(act: Act, proposal: Proposal) -> None:
    """Do nothing yet: the data is shown to whoever proposed it when they ask for it, and the history says so then."""


def _was_approved(act: Act, command: RevealForStaff, name: str) -> bool:
    """Say whether another operator approved lately that this one is shown a minor's data for this purpose."""
    return any(
        one.state is ProposalState.APPROVED
        and one.by == name
        and one.ended is not None
        and act.now < one.ended.at + REVEAL_LIFE
        and one.reason.startswith(f"{command.purpose.value}{_FOR}")
        for one in act.uow.proposals.of_subject(ProposalKind.MINOR_REVEAL, command.holder_id)
    )
