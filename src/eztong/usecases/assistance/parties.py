"""What every act about a helper leans on: who may be on either side, and what both sides are told and have written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Final

from eztong.domain.assistance.assistance import (
    Assistance,
    AssistanceEnd,
    AssistanceMissing,
    AssistanceState,
    HelperNotEligible,
    HelpSide,
)
from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import AgeBand
from eztong.domain.identity.masking import mask_name
from eztong.domain.notices import Topic
from eztong.domain.standing import is_usable
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.apart import TELLING, Unread, read_apart
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_account
from eztong.usecases.registration.birthdays import band_of
from eztong.usecases.vault import open_vault

TABLE: Final = "assistances"
_EVENTS: Final[Mapping[AssistanceState, EventKind]] = {
    AssistanceState.INVITED: EventKind.HELPER_INVITED,
    AssistanceState.ACCEPTED: EventKind.HELPER_ACCEPTED,
    AssistanceState.ACTIVE: EventKind.HELPER_CONFIRMED,
    AssistanceState.ENDED: EventKind.ASSISTANCE_ENDED,
}
_ATTESTED: Final[Mapping[AssistanceState, ActKind]] = {
    AssistanceState.ACCEPTED: ActKind.HELPER_ACCEPTED,
    AssistanceState.ACTIVE: ActKind.HELPER_CONFIRMED,
    AssistanceState.ENDED: ActKind.ASSISTANCE_ENDED,
}


_ENDS_OF: Final[Mapping[AssistanceEnd, HelpSide]] = {
    AssistanceEnd.ELDER: HelpSide.ELDER,
    AssistanceEnd.REPLACED: HelpSide.ELDER,
    AssistanceEnd.HELPER: HelpSide.HELPER,
}


def find_party(session_hash: bytes, *, stored: Repositories, keys: Keys, now: datetime) -> Holder:
    """Return the account of somebody who may help, or be helped: an adult, in use, bound device, freshly unlocked.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
        HelperNotEligible: not an adult, or the account is stopped.
    """
    holder = find_unlocked(session_hash, stored=stored, now=now).holder
    if not may_help(holder, keys=keys, now=now):
        raise HelperNotEligible
    return holder


def may_help(holder: Holder, *, keys: Keys, now: datetime) -> bool:
    """Say whether the account is an adult's and in use: it may be on either side."""
    return is_usable(holder) and band_of(holder, keys=keys, now=now) is AgeBand.ADULT


def assistance_of(assistance_id: str, holder_id: HolderId, *, stored: Repositories) -> Assistance:
    """Return the open assistance on one side of which the account is.

    Raises:
        AssistanceMissing: it is on neither, or it was ended.
    """
    found = stored.assistances.get(assistance_id)
    if found is None or not found.is_open or holder_id not in {found.elder_id, found.helper_id}:
        raise AssistanceMissing
    return found


def digits_hash(digits: str, *, keys: Keys) -> bytes:
    """Return the keyed hash of an invitation's digits."""
    return keys.mac(MacPurpose.LOOKUP, b"helper_invitation\x00" + digits.encode())


def masked_name(holder_id: HolderId | None, *, stored: Repositories, keys: Keys) -> str:
    """Return the other side's name as it is shown: opened by that person's own key, and kept nowhere; none if gone."""
    holder = None if holder_id is None else stored.holders.get(holder_id)
    if holder is None or holder.is_erased or holder.sealed_name is None:
        return ""
    return mask_name(open_vault(holder, keys=keys).open("sealed_name", holder.sealed_name).decode())


def helped_name(assistance_id: str, helper_id: HolderId, *, stored: Repositories, keys: Keys, now: datetime) -> str:
    """Return the masked name of whom the account helps; none once it does not, or does not yet."""
    found = stored.assistances.get(assistance_id)
    if found is None or found.helper_id != helper_id or not found.is_in(AssistanceState.ACTIVE, now=now):
        return ""
    return masked_name(found.elder_id, stored=stored, keys=keys)


def change(act: Act, before: Assistance, after: Assistance) -> Assistance:
    """Store the assistance, which must still stand as ``before``.

    Raises:
        StateConflict: it was changed meanwhile.
    """
    if not act.uow.assistances.change(before, after):
        raise StateConflict
    return after


def note_both(act: Act, of: Assistance, *, by: HelpSide | None) -> None:
    """Write where it stands into the history of both, attested: what one side did stands as theirs with the other.

    Neither account stands in what is the other's: the assistance does, which leads to both.
    """
    why = "" if of.ended_by is None else f" why={of.ended_by.value}"
    facts = {"state": of.state.value, "days": str(of.days), "uses": "yes" if of.with_uses else "no"}
    facts |= {} if of.ended_by is None else {"why": of.ended_by.value}
    for side, holder_id in ((HelpSide.ELDER, of.elder_id), (HelpSide.HELPER, of.helper_id)):
        if holder_id is None:
            continue
        own, role = _told_in(act, of, side, by=by), side.value
        note_event(own, holder_id, _EVENTS[of.state], detail=f"assistance={of.assistance_id} role={role}{why}")
        if of.state in _ATTESTED and of.helper_id is not None:
            kind, told = _ATTESTED[of.state], facts | {"role": role}
            attest_act(own, WhatWasDone(kind=kind, subject=of.assistance_id, facts=told, holder_id=holder_id))


def _told_in(act: Act, of: Assistance, side: HelpSide, *, by: HelpSide | None) -> Act:
    """Return the act as it stands in the history of one side."""
    if by in {None, side}:
        return act
    return act.as_elder(of.assistance_id) if by is HelpSide.ELDER else act.as_helper(of.assistance_id)


def end(act: Act, before: Assistance, by: AssistanceEnd) -> Assistance:
    """End an assistance or invitation at once, in the history of both; tell both, of what never began the helper alone.

    Raises:
        StateConflict: it is over, or changed meanwhile.
    """
    ended = change(act, before, before.ended(by, now=act.now))
    note_both(act, ended, by=_ENDS_OF.get(by))
    if ended.helper_id is not None:
        why = {"why": by.value}
        has_begun = before.state is AssistanceState.ACTIVE
        if has_begun:
            tell_account(act, ended.elder_id, Topic.HELPER_ENDED, why | {"role": "elder"})
        # The last message to a helper does not name an account that is erased in the same commit.
        names = has_begun and by is not AssistanceEnd.ACCOUNT
        read = partial(masked_name, ended.elder_id, stored=act.uow, keys=act.keys)
        name = read_apart(act, TELLING, read) if names else ""
        named = {} if isinstance(name, Unread) or not name else {"name": name}
        tell_account(act, ended.helper_id, Topic.HELPING_ENDED, why | {"role": "helper"} | named)
    return ended
