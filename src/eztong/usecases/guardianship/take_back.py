"""Have an account back that went over to somebody who is not the ward, within 72 hours (PIPL art. 31; ADR 0078)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from eztong.domain.deregistration.deregistration import UndoneBy
from eztong.domain.errors import StateConflict, TickMissing
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.guardianship.guardianship import Guardianship, GuardianshipState, TakeBackOver
from eztong.domain.guardianship.ward import without_own_freeze
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.notices import Topic
from eztong.domain.recovery import StoppedBy, is_settled
from eztong.domain.restrictions.mark import Cause
from eztong.ports.act import Act
from eztong.ports.storage.holders import HolderEvent
from eztong.usecases.agreements.withdraw_authorisation import TAKEN_BACK, end_authorisation
from eztong.usecases.apart import CARE, Unread, each_by_itself, read_apart
from eztong.usecases.contact.end_opened import end_at_freeze, end_new
from eztong.usecases.end_codes import end_codes
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.grants.switch_partner import move_switch
from eztong.usecases.guardianship.care import change, find_ward
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_account, tell_holder
from eztong.usecases.restrictions.change_marks import change_marks
from eztong.usecases.stop_waiting import stop_waiting
from eztong.usecases.undo_leaving import undo_if_leaving


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """Have this ward's account back. ``understood``: it was not the ward who took it over, and that was ticked."""

    session_hash: bytes
    ward_id: str
    understood: bool


def take_back(act: Act, command: TakeBack) -> Holder:
    """Take the phone, every sign-in and whatever was opened since from the account; return it as it stands.

    1. The session is of the active guardian, unlocked, and the account went over within the last 72 hours.
    2. Codes, sessions, passkeys, the PIN, addresses and choices of before end; so does the authorisation that was
       given since, a freeze of the account's own, also under another stop, and a pause of its own. So does its leaving.
    3. The phone is gone: only the guardian acts for the account, as before, and can hand it over anew. Both sides are
       told, and the act is attested.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible, WardMissing: this session may not.
        TickMissing: not ticked; nothing was done.
        TakeBackOver: nothing went over, or it is too late.
        StateConflict: the account changed meanwhile.
    """
    care = find_ward(command.session_hash, command.ward_id, stored=act.uow, keys=act.keys, now=act.now)
    if not command.understood:
        raise TickMissing
    if not care.guardianship.can_be_taken_back(now=act.now):
        raise TakeBackOver
    return _have_back(act.as_guardian(care.guardianship.guardianship_id), care.ward, care.guardianship)


def take_back_new(act: Act, guardian: Holder, *, at: datetime, by: str) -> None:
    """Have the wards' accounts back that went over too lately before ``at`` to be settled: ``by`` a loss or a recovery.

    Whoever had the guardian's phone may have made the digits, and the guardian may be back too late to press.
    """
    ids = act.uow.guardianships.ids_of_guardian(guardian.holder_id)
    each_by_itself(act, CARE, ids, lambda one: _take_back_new(act.by_itself(), one, at=at, by=by))


def _take_back_new(act: Act, guardianship_id: str, *, at: datetime, by: str) -> None:
    one = act.uow.guardianships.get(guardianship_id)
    if one is None or one.state is not GuardianshipState.ACTIVE or one.taken_at is None:
        return
    ward = act.uow.holders.get(one.ward_id)
    if ward is not None and ward.is_entered and not is_settled(one.taken_at, lost_at=at):
        _have_back(act, ward, one, by=by)


def _have_back(act: Act, ward: Holder, taken: Guardianship, *, by: str = "guardian") -> Holder:
    # First, so that the secret that shows where it stands ends with what else was opened.
    staying = read_apart(act, CARE, lambda: undo_if_leaving(act, ward, UndoneBy.GUARDIAN))
    ward = ward if isinstance(staying, Unread) else staying
    stop_waiting(act, ward, StoppedBy.FREEZE)
    end_at_freeze(act, ward)
    end_new(act, ward, at=taken.taken_at or act.now, by="guardian")
    end_authorisation(act, ward, why=TAKEN_BACK)
    end_codes(act, ward.holder_id)
    act.uow.apart(CARE, lambda: _switch_as_before(act, ward.holder_id))
    _end_sign_ins(act, ward)
    what = {"what": EventKind.TAKEN_BACK.value} | ({} if by == "guardian" else {"case": "loss"})
    tell_holder(act, ward, Topic.TAKEN_OVER, what | {"role": "ward"})
    ward = change_marks(act, ward, lifts=frozenset({Cause.ASKED})).holder
    kept = _without_phone(act, _unfrozen(act, ward))
    change(act, taken, replace(taken, taken_at=None))
    named = f"guardianship={taken.guardianship_id}"
    note_event(act, ward.holder_id, EventKind.TAKEN_BACK, detail=named if by == "guardian" else f"{named} by={by}")
    tell_account(act, taken.guardian_id, Topic.TAKEN_OVER, what | {"role": "guardian"})
    done = WhatWasDone(
        kind=ActKind.ACCOUNT_TAKEN_BACK,
        subject=taken.guardianship_id,
        facts={"role": "guardian"},
        holder_id=ward.holder_id,
    )
    attest_act(act, done)
    return kept


def _switch_as_before(act: Act, ward_id: HolderId) -> None:
    """Let partners be switched as they were when the account went over; every one is on until it is switched off."""
    events = act.uow.holders.events(ward_id)
    since = list(takewhile(lambda one: one.kind is not EventKind.TAKEN_OVER, events))
    before = {one.fact("partner"): one.fact("on") for one in reversed(events[len(since) :]) if _is_switch(one)}
    for partner in {one.fact("partner") for one in since if _is_switch(one)}:
        if partner is not None:
            move_switch(act, ward_id, PartnerId(partner), on=before.get(partner) != "False")


def _is_switch(event: HolderEvent) -> bool:
    return event.kind is EventKind.PARTNER_SWITCHED


def _end_sign_ins(act: Act, ward: Holder) -> None:
    act.uow.sessions.revoke_all(ward.holder_id, now=act.now)
    act.uow.pins.remove(ward.holder_id)
    for passkey in act.uow.passkeys.list(ward.holder_id):
        act.uow.passkeys.remove(ward.holder_id, passkey.credential_id)


def _unfrozen(act: Act, ward: Holder) -> Holder:
    after = without_own_freeze(ward)
    if after == ward:
        return ward
    if not act.uow.holders.move(ward, after):
        raise StateConflict
    # A loss that was told with it is no loss of whoever has the account next.
    note_event(act, ward.holder_id, EventKind.UNFROZEN, detail=f"to={after.state}")
    return after


def _without_phone(act: Act, ward: Holder) -> Holder:
    without = replace(ward, phone_index=None, sealed_phone=None)
    if not act.uow.holders.change_phone(ward, without):
        raise StateConflict
    return without
