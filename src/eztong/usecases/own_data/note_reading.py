"""Write down, before it is shown, that staff are shown something of an account (clauses 3.1, 3.2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Final

from eztong.domain.events import EventKind
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.permission import Permission
from eztong.domain.own_data.sighting import StaffReads
from eztong.ports.act import Act
from eztong.usecases.apart import READING, Unread, read_apart
from eztong.usecases.note_event import note_event
from eztong.usecases.operators.check_operator import check_operator

READS: Final[Mapping[StaffReads, Permission]] = {
    StaffReads.APPLICATION: Permission.APPLICATIONS_READ,
    StaffReads.TICKET: Permission.TICKETS_READ,
    StaffReads.GUARDIANSHIP: Permission.GUARDIANSHIPS_READ,
    StaffReads.DECEASED: Permission.DECEASED_READ,
    StaffReads.CASE: Permission.CASES_READ,
    StaffReads.ACCOUNT: Permission.ACCOUNTS_READ,
    StaffReads.REVEALED: Permission.ACCOUNTS_REVEAL,
}


def note_reading(act: Act, what: StaffReads, of: Collection[HolderId], *, ticket: str = "") -> None:
    """Say in the history of each account that the operator who acts is shown this of it.

    1. The operator may read what this is.
    2. Accounts that are there and not erased get the event; of the others nothing is shown that is theirs. One that
       cannot be read gets it, too, and keeps no other.

    Args:
        act: Whoever reads.
        what: What is shown.
        of: Whose it is; an application is an account here.
        ticket: The number of the ticket that is shown, if it is one.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not, and nothing is to be shown.
    """
    check_operator(act, READS[what], ticket or (next(iter(of)) if len(of) == 1 else ""))
    detail = f"what={what} ticket={ticket}" if ticket else f"what={what}"
    for holder_id in of:
        holder = read_apart(act, READING, partial(act.uow.holders.get, holder_id))
        if isinstance(holder, Unread) or (holder is not None and holder.data_key.wrapped):
            note_event(act, holder_id, EventKind.STAFF_READ, detail=detail)
