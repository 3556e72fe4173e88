"""Family: whom the holder acts for or helps, what waits, and who acts for the holder or helps (preamble)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.citizen.words.end_words import ending_of
from eztong.citizen.words.help_rows import rows_of_elder, rows_of_helper
from eztong.domain.guardianship.guardianship import Guardianship, GuardianshipState
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identity.masking import mask_name
from eztong.i18n.moments import moment_words
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.guardianship.care import may_be_guardian
from eztong.usecases.guardianship.decide_relation import open_reason
from eztong.usecases.guardianship.hand_over import is_of_age_to_take_over
from eztong.usecases.guardianship.invite_guardian import is_claimed_uninvited, is_invited_waiting, needs_guardian
from eztong.usecases.own_data.reveal_identity import open_identity

_OVER_SHOWN: Final = 5
"""How many that are over stand on the page."""
APPLICATION_REFUSED: Final = "application_refused"
"""In place of the guardianship's state: it stands, and there is no account to care for."""
TO_HAND_OVER: Final = "to_hand_over"
"""In place of the account's state: in use, and used by nobody before it is handed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnGuardian:
    """The guardian as its ward reads it: a part of the name, the relation, and until when it can have the account."""

    name: str
    relation: str
    back_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRow:
    """A guardianship as its guardian reads it."""

    guardianship_id: str
    name: str
    state: str
    relation: str
    account: str
    at: str
    undo_until: str
    reason: str
    was_active: bool


def show(visit: Visit) -> Response:
    """List the wards, what waits and what is over, with the ways to more.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    keys = visit.services.keys
    with visit.services.store.read() as stored:
        holder = visit.bound(stored).holder
        found = stored.guardianships.of_guardian(holder.holder_id)
        rows = [_row(one, holder, visit, stored=stored) for one in found]
        own = _own_guardian(holder, visit, stored=stored)
        may_act = may_be_guardian(holder, keys=keys, now=visit.now)
        is_alone = needs_guardian(holder, stored=stored, keys=keys, now=visit.now)
        own_known = stored.guardianships.of_ward(holder.holder_id) if is_alone else ()
        helpers = rows_of_elder(visit, holder, stored=stored)
        helped = rows_of_helper(visit, holder, stored=stored)
    is_open = {GuardianshipState.ACTIVE.value, GuardianshipState.DECLARED.value}
    return visit.page(
        "guardianship/page.html",
        tab="me",
        wards=[row for row in rows if row.state == GuardianshipState.ACTIVE],
        waiting=[row for row in rows if row.state == GuardianshipState.DECLARED],
        over=[row for row in rows if row.state not in is_open][:_OVER_SHOWN],
        own_guardian=own,
        may_act=may_act,
        is_alone=is_alone,
        is_checked=is_invited_waiting(own_known),
        is_claimed=is_claimed_uninvited(own_known),
        helpers={row.state: row for row in helpers},
        helped=helped,
    )


def _row(one: Guardianship, guardian: Holder, visit: Visit, *, stored: Repositories) -> FamilyRow:
    ward = stored.holders.get(one.ward_id) if one.is_open else None
    keys = visit.services.keys
    name = "" if ward is None or ward.is_erased else mask_name(open_identity(ward, keys=keys).name)
    at = one.ended_at or one.decided_at or one.declared_at or one.asked_at
    ending = None if ward is None else ending_of(ward, visit)
    account = _account(ward, visit)
    is_refused = one.state is GuardianshipState.ACTIVE and account == HolderState.REFUSED
    return FamilyRow(
        guardianship_id=one.guardianship_id,
        name=name,
        state=APPLICATION_REFUSED if is_refused else one.state.value,
        relation="" if one.relation is None else one.relation.value,
        account=account,
        at=moment_words(at, now=visit.now, words=visit.words),
        undo_until=ending.until if ending is not None and ending.may_be_undone else "",
        reason=open_reason(one, guardian, keys=keys),
        was_active=one.state is GuardianshipState.ENDED and one.decided_at is not None,
    )


def _account(ward: Holder | None, visit: Visit) -> str:
    if ward is None:
        return ""
    return TO_HAND_OVER if is_of_age_to_take_over(ward, keys=visit.services.keys, now=visit.now) else ward.standing


def _own_guardian(ward: Holder, visit: Visit, *, stored: Repositories) -> OwnGuardian | None:
    own, keys = stored.guardianships.active_of(ward.holder_id), visit.services.keys
    if own is None or own.relation is None:
        return None
    guardian = None if own.guardian_id is None else stored.holders.get(own.guardian_id)
    until = own.settles_at if own.can_be_taken_back(now=visit.now) else None
    return OwnGuardian(
        name="" if guardian is None or guardian.is_erased else mask_name(open_identity(guardian, keys=keys).name),
        relation=own.relation.value,
        back_until="" if until is None else moment_words(until, now=visit.now, words=visit.words),
    )
