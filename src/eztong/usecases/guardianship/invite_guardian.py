"""Invite a guardian: six digits that the minor shows or reads to them (preamble of the agreement)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from eztong.domain.access.unlock import check_unlocked
from eztong.domain.events import EventKind
from eztong.domain.guardianship.guardianship import (
    INVITATION_DIGITS,
    INVITATIONS,
    CareEnd,
    Guardianship,
    GuardianshipState,
    InvitationNotPossible,
)
from eztong.domain.guardianship.relation import Relation
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identity.age import AgeBand
from eztong.domain.registration import Reason
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_session, require_device
from eztong.usecases.draw_digits import draw_digits
from eztong.usecases.guardianship.care import TABLE, change, invitation_hash
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.registration.birthdays import band_of
from eztong.usecases.spend_budget import spend
from eztong.usecases.vault import open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteGuardian:
    """What the guardian is to the minor."""

    session_hash: bytes
    relation: Relation


def invite_guardian(act: Act, command: InviteGuardian) -> Guardianship:
    """Make an invitation of a day; one that was made before ends.

    1. The session is of a minor's application that waits for a guardian, or of a minor's account that has none; on the
       device that proved the phone, and for an account unlocked.
    2. None waits for a decision already.
    3. The digits are kept sealed under the minor's key, and as a keyed hash together with the number.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
        InvitationNotPossible: nobody is to be invited.
        TooMany: ten were made today.
    """
    signed_in = find_session(command.session_hash, stored=act.uow, now=act.now)
    require_device(signed_in, stored=act.uow)
    ward = signed_in.holder
    if ward.has_account:
        check_unlocked(signed_in.session.unlocked_until, now=act.now)
    earlier = act.uow.guardianships.of_ward(ward.holder_id)
    is_decided = is_invited_waiting(earlier)
    if is_decided or ward.number_index is None or not needs_guardian(ward, stored=act.uow, keys=act.keys, now=act.now):
        raise InvitationNotPossible
    spend(act, INVITATIONS, ward.holder_id.encode())
    for one in earlier:
        if one.state is GuardianshipState.INVITED:
            change(act, one, one.ended(CareEnd.REPLACED, now=act.now))
    digits = draw_digits(act, INVITATION_DIGITS)
    guardianship_id = new_id(act, "gdn")
    vault = open_vault(ward, keys=act.keys)
    invited = Guardianship(
        ward_id=ward.holder_id,
        guardianship_id=guardianship_id,
        state=GuardianshipState.INVITED,
        asked_at=act.now,
        ward_relation=command.relation,
        invite_hash=invitation_hash(digits, ward.number_index, keys=act.keys),
        sealed_digits=vault.seal(guardianship_id, digits.encode(), entropy=act.entropy, table=TABLE),
    )
    act.uow.guardianships.add(invited)
    note_event(act, ward.holder_id, EventKind.GUARDIAN_INVITED, detail=f"guardianship={guardianship_id}")
    return invited


def is_invited_waiting(known: Iterable[Guardianship]) -> bool:
    """Say whether somebody whom the minor invited waits for staff; who claims it uninvited keeps nobody away."""
    return any(one.state is GuardianshipState.DECLARED and one.ward_relation is not None for one in known)


def is_claimed_uninvited(known: Iterable[Guardianship]) -> bool:
    """Say whether somebody whom the minor did not invite asks to be the guardian."""
    return any(one.state is GuardianshipState.DECLARED and one.ward_relation is None for one in known)


def needs_guardian(ward: Holder, *, stored: Repositories, keys: Keys, now: datetime) -> bool:
    """Say whether a minor's application waits for a guardian, or a minor's account has none."""
    if stored.guardianships.active_of(ward.holder_id) is not None:
        return False
    if ward.state is HolderState.SUPPLEMENT_NEEDED:
        return ward.reason == Reason.GUARDIAN_MUST_CONFIRM
    return ward.has_account and not ward.is_erased and band_of(ward, keys=keys, now=now) is AgeBand.MINOR


def open_digits(invited: Guardianship, ward: Holder, *, keys: Keys) -> str:
    """Return the digits of an invitation, for the page of who invited."""
    sealed = invited.sealed_digits or b""
    return open_vault(ward, keys=keys).open(invited.guardianship_id, sealed, table=TABLE).decode()
