"""Family: whom the holder acts for or helps, what waits, and who acts for the holder or helps (preamble)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.citizen.words.help_rows import rows_of_elder, rows_of_helper
from eztong.domain.guardianship.guardianship import Guardianship, GuardianshipState
from eztong.domain.holder import Holder
from eztong.domain.identity.masking import mask_name
from eztong.i18n.moments import moment_words
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.guardianship.care import may_be_guardian
from eztong.usecases.guardianship.decide_relation import open_reason
from eztong.usecases.guardianship.invite_guardian import needs_guardian
from eztong.usecases.own_data.reveal_identity import open_identity

_OVER_SHOWN: Final = 5
"""How many that are over stand on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRow:
    """A guardianship as its guardian reads it."""

    guardianship_id: str
    name: str
    state: str
    relation: str
    account: str
    at: str
    reason: str


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
        own = stored.guardianships.active_of(holder.holder_id)
        may_act = may_be_guardian(holder, keys=keys, now=visit.now)
        is_alone = needs_guardian(holder, stored=stored, keys=keys, now=visit.now)
        helpers = rows_of_elder(visit, holder, stored=stored)
        helped = rows_of_helper(visit, holder, stored=stored)
    is_open = {GuardianshipState.ACTIVE.value, GuardianshipState.DECLARED.value}
    return visit.page(
        "guardianship/page.html",
        tab="me",
        wards=[row for row in rows if row.state == GuardianshipState.ACTIVE],
        waiting=[row for row in rows if row.state == GuardianshipState.DECLARED],
        over=[row for row in rows if row.state not in is_open][:_OVER_SHOWN],
        own_guardian=None if own is None or own.relation is None else own.relation.value,
        may_act=may_act,
        is_alone=is_alone,
        helpers={row.state: row for row in helpers},
        helped=helped,
    )


def _row(one: Guardianship, guardian: Holder, visit: Visit, *, stored: Repositories) -> FamilyRow:
    ward = stored.holders.get(one.ward_id) if one.is_open else None
    keys = visit.services.keys
    name = "" if ward is None or ward.is_erased else mask_name(open_identity(ward, keys=keys).name)
    at = one.ended_at or one.decided_at or one.declared_at or one.asked_at
    return FamilyRow(
        guardianship_id=one.guardianship_id,
        name=name,
        state=one.state.value,
        relation="" if one.relation is None else one.relation.value,
        account="" if ward is None else ward.standing,
        at=moment_words(at, now=visit.now, words=visit.words),
        reason=open_reason(one, guardian, keys=keys),
    )
