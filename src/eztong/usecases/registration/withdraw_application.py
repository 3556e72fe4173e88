"""Withdraw one's application while it is not decided: nothing of the person is kept (clause 2.1; PIPL art. 47)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.errors import DeviceNotBound, TickMissing
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.holder import Holder, HolderState
from eztong.domain.registration import NotAppliedHere, Reason, WithdrawalNotPossible, asks_applicant
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_session, require_device
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.note_event import note_event
from eztong.usecases.registration.erase_application import end_application


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawApplication:
    """The applicant's press of the button. ``understood``: read that everything is erased, and ticked that."""

    session_hash: bytes = field(repr=False)
    understood: bool


def withdraw_application(act: Act, command: WithdrawApplication) -> None:
    """Erase an application that waits for a person or for its applicant; it can be made anew at once.

    It takes the device that proved the phone: who only sees the application again, by a message to a phone that a
    family may share and four characters of a number, objects and answers (ADR 0054), and ends nothing.

    Raises:
        SessionMissing: there is none.
        NotAppliedHere: this browser only sees it.
        TickMissing: not ticked; nothing was done.
        WithdrawalNotPossible: it is decided, or a guardian has to do with it.
    """
    signed_in = find_session(command.session_hash, stored=act.uow, now=act.now)
    holder = signed_in.holder
    if not may_withdraw(holder, stored=act.uow):
        raise WithdrawalNotPossible
    try:
        require_device(signed_in, stored=act.uow)
    except DeviceNotBound as why:
        raise NotAppliedHere from why
    if not command.understood:
        raise TickMissing
    end_application(act, holder, Reason.WITHDRAWN)
    note_event(act, holder.holder_id, EventKind.APPLICATION_WITHDRAWN)
    done = WhatWasDone(kind=ActKind.APPLICATION_WITHDRAWN, subject=holder.holder_id, holder_id=holder.holder_id)
    attest_act(act, done)


def may_withdraw(holder: Holder, *, stored: Repositories) -> bool:
    """Say whether the applicant alone may withdraw; where a guardian confirmed or is awaited, staff help."""
    waits = holder.state is HolderState.UNDER_REVIEW or asks_applicant(holder.state, holder.reason)
    return waits and not any(one.is_open for one in stored.guardianships.of_ward(holder.holder_id))
