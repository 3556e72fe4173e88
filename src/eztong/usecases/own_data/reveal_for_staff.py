"""Show staff what an account holds of its person in full: with a purpose, counted, and in the holder's sight."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from eztong.domain.errors import NotFound, NotPermitted
from eztong.domain.events import EventKind
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import AgeBand
from eztong.domain.operators.look_up import REVEALS
from eztong.domain.operators.permission import Permission
from eztong.domain.own_data.sighting import StaffReads
from eztong.ports.act import Act
from eztong.usecases.note_event import note_event
from eztong.usecases.operators.check_operator import check_about_another, check_operator
from eztong.usecases.own_data.reveal_identity import OwnIdentity, open_identity
from eztong.usecases.registration.birthdays import band_of
from eztong.usecases.spend_budget import check_left, count


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
    advice = "A minor's data is shown masked only. Compare with what the guardian shows."


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealForStaff:
    """Whose data, and what for."""

    holder_id: HolderId
    purpose: RevealPurpose


def reveal_for_staff(act: Act, command: RevealForStaff) -> OwnIdentity:
    """Return the values in full.

    1. The operator may, it is not about themselves, and not too much was revealed to them today.
    2. A minor's are not revealed.
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
    if band_of(holder, keys=act.keys, now=act.now) is not AgeBand.ADULT:
        raise MinorNotRevealed
    check_left(act, REVEALS, operator.name.encode())
    count(act, REVEALS, operator.name.encode())
    detail = f"what={StaffReads.REVEALED} purpose={command.purpose}"
    note_event(act, holder.holder_id, EventKind.STAFF_READ, detail=detail)
    return open_identity(holder, keys=act.keys)
