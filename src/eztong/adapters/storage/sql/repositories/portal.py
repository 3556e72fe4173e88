"""People of the partner portal and their sessions over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, literal_column, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.portal import portal_people, portal_sessions
from eztong.domain.damage import Listed
from eztong.domain.identifiers import PartnerId
from eztong.domain.portal.person import PortalPerson, PortalRole, PortalSession, PortalState
from eztong.ports.storage.portal import PortalRepository

_OF: Final = and_(portal_people.c.partner_id == bindparam("of_partner"), portal_people.c.name == bindparam("of_name"))
_IS_ACTIVE: Final = portal_people.c.state == literal_column("'active'")
_ADD = Statement(insert(portal_people).on_conflict_do_nothing(), keys=portal_people.columns.keys())
_GET = select_where(portal_people, "partner_id", "name")
_LIST = Statement(
    select(*as_bytes(portal_people.columns))
    .where(portal_people.c.partner_id == bindparam("partner_id"))
    .order_by(portal_people.c.name)
)
_INVITE = Statement(
    update(portal_people)
    .where(_OF, _IS_ACTIVE)
    .values(invite_hash=bindparam("new_invite"), invite_until=bindparam("new_until"))
)
_SET_UP = Statement(
    update(portal_people)
    .where(_OF, _IS_ACTIVE, portal_people.c.secret_hash == bindparam("seen"))
    .values(
        secret_hash=bindparam("new_hash"),
        second_factor=bindparam("new_factor"),
        used_step=bindparam("new_step"),
        invite_hash=null(),
        invite_until=null(),
    )
)
_USE_STEP = Statement(
    update(portal_people)
    .where(_OF, or_(portal_people.c.used_step.is_(None), portal_people.c.used_step < bindparam("step")))
    .values(used_step=bindparam("new_step"))
)
_SET_ROLE = Statement(
    update(portal_people).where(_OF, portal_people.c.role == bindparam("seen")).values(role=bindparam("new_role"))
)
_MOVE = Statement(
    update(portal_people)
    .where(_OF, portal_people.c.state == bindparam("seen"))
    .values(state=bindparam("to_state"), invite_hash=null(), invite_until=null())
)
_IS_OPEN: Final = portal_sessions.c.ended_at.is_(None)
_SESSION: Final = portal_sessions.c.session_hash == bindparam("of_session")
_ADD_SESSION = insert_into(portal_sessions)
_GET_SESSION = select_where(portal_sessions, "session_hash")
_SESSIONS = Statement(
    select(portal_sessions)
    .where(
        portal_sessions.c.partner_id == bindparam("partner_id"), portal_sessions.c.name == bindparam("name"), _IS_OPEN
    )
    .order_by(portal_sessions.c.created_at.desc())
)
_USE = Statement(update(portal_sessions).where(_SESSION, _IS_OPEN).values(active_at=bindparam("now_at")))
_PROVE = Statement(update(portal_sessions).where(_SESSION, _IS_OPEN).values(proven_at=bindparam("now_at")))
_END = Statement(update(portal_sessions).where(_SESSION, _IS_OPEN).values(ended_at=bindparam("now_at")))
_END_ALL = Statement(
    update(portal_sessions)
    .where(
        portal_sessions.c.partner_id == bindparam("of_partner"),
        portal_sessions.c.name == bindparam("of_name"),
        _IS_OPEN,
    )
    .values(ended_at=bindparam("now_at"))
)


class SqlPortal(PortalRepository):
    """People of the portal over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, person: PortalPerson) -> bool:
        row = {
            "partner_id": person.partner_id,
            "name": person.name,
            "person_id": person.person_id,
            "role": person.role.value,
            "state": person.state.value,
            "created_at": to_ms(person.created_at),
            "added_by": person.added_by,
            "secret_hash": person.secret_hash,
            "second_factor": person.second_factor,
            "used_step": person.used_step,
            "invite_hash": person.invite_hash,
            "invite_until": to_ms_or_none(person.invite_until),
        }
        return self._db.run(_ADD, row) == 1

    @override
    def get(self, partner_id: PartnerId, name: str) -> PortalPerson | None:
        row = self._db.one(_GET, {"partner_id": partner_id, "name": name})
        return None if row is None else _person(row)

    @override
    def list(self, partner_id: PartnerId) -> Listed[PortalPerson]:
        return listed(_person, portal_people, self._db.all(_LIST, {"partner_id": partner_id}))

    @override
    def invite(self, person: PortalPerson) -> bool:
        invitation = {"new_invite": person.invite_hash, "new_until": to_ms_or_none(person.invite_until)}
        return self._db.run(_INVITE, _of(person) | invitation) == 1

    @override
    def set_up(self, person: PortalPerson, *, seen: str) -> bool:
        made = {"new_hash": person.secret_hash, "new_factor": person.second_factor, "new_step": person.used_step}
        return self._db.run(_SET_UP, _of(person) | made | {"seen": seen}) == 1

    @override
    def use_step(self, partner_id: PartnerId, name: str, step: int) -> bool:
        params = {"of_partner": partner_id, "of_name": name, "step": step, "new_step": step}
        return self._db.run(_USE_STEP, params) == 1

    @override
    def set_role(self, person: PortalPerson, role: PortalRole) -> bool:
        params = _of(person) | {"seen": person.role.value, "new_role": role.value}
        return self._db.run(_SET_ROLE, params) == 1

    @override
    def move(self, person: PortalPerson, state: PortalState) -> bool:
        params = _of(person) | {"seen": person.state.value, "to_state": state.value}
        return self._db.run(_MOVE, params) == 1

    @override
    def add_session(self, session: PortalSession) -> None:
        self._db.run(
            _ADD_SESSION,
            {
                "session_hash": session.session_hash,
                "session_id": session.session_id,
                "partner_id": session.partner_id,
                "name": session.name,
                "created_at": to_ms(session.created_at),
                "active_at": to_ms(session.active_at),
                "ended_at": to_ms_or_none(session.ended_at),
                "proven_at": to_ms_or_none(session.proven_at),
            },
        )

    @override
    def session(self, session_hash: bytes) -> PortalSession | None:
        row = self._db.one(_GET_SESSION, {"session_hash": session_hash})
        return None if row is None else _session(row)

    @override
    def sessions(self, partner_id: PartnerId, name: str) -> Sequence[PortalSession]:
        return [_session(row) for row in self._db.all(_SESSIONS, {"partner_id": partner_id, "name": name})]

    @override
    def note_use(self, session_hash: bytes, *, now: datetime) -> bool:
        return self._db.run(_USE, {"of_session": session_hash, "now_at": to_ms(now)}) == 1

    @override
    def prove_session(self, session_hash: bytes, *, now: datetime) -> bool:
        return self._db.run(_PROVE, {"of_session": session_hash, "now_at": to_ms(now)}) == 1

    @override
    def end_session(self, session_hash: bytes, *, now: datetime) -> bool:
        return self._db.run(_END, {"of_session": session_hash, "now_at": to_ms(now)}) == 1

    @override
    def end_sessions(self, partner_id: PartnerId, name: str, *, now: datetime) -> int:
        params = {"of_partner": partner_id, "of_name": name, "now_at": to_ms(now)}
        return self._db.run(_END_ALL, params)


def _of(person: PortalPerson) -> dict[str, Any]:
    return {"of_partner": person.partner_id, "of_name": person.name}


@reads(portal_people)
def _person(row: Row) -> PortalPerson:
    return PortalPerson(
        partner_id=PartnerId(row[0]),
        name=row[1],
        person_id=row[2],
        role=PortalRole(row[3]),
        state=PortalState(row[4]),
        created_at=from_ms(row[5]),
        added_by=row[6],
        secret_hash=row[7],
        second_factor=row[8],
        used_step=row[9],
        invite_hash=row[10],
        invite_until=from_ms_or_none(row[11]),
    )


@reads(portal_sessions)
def _session(row: Row) -> PortalSession:
    return PortalSession(
        session_hash=row[0],
        session_id=row[1],
        partner_id=PartnerId(row[2]),
        name=row[3],
        created_at=from_ms(row[4]),
        active_at=from_ms(row[5]),
        ended_at=from_ms_or_none(row[6]),
        proven_at=from_ms_or_none(row[7]),
    )
