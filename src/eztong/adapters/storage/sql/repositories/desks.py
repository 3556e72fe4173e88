"""Staff accounts, their sessions, the desk's record and printed signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, null, or_, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.desks import desk_entries, desk_signs, staff, staff_sessions
from eztong.domain.desks.staff import DeskEntry, DeskSign, Staff, StaffSession, StaffState
from eztong.domain.identifiers import PartnerId, RequestId, VerificationId
from eztong.ports.storage.desks import StaffRepository

_KEYS = ["partner_id", "staff_id"]
_INSERT = insert_into(staff)
_GET = select_where(staff, *_KEYS)
_BY_LOGIN = select_where(staff, "login")
_LIST = Statement(select(staff).where(staff.c.partner_id == bindparam("partner_id")).order_by(staff.c.login))
_SET_TRIES = Statement(
    update(staff)
    .where(
        staff.c.partner_id == bindparam("of_partner"),
        staff.c.staff_id == bindparam("of_staff"),
        staff.c.wrong_tries == bindparam("expected"),
    )
    .values(wrong_tries=bindparam("new_tries"), locked_until=bindparam("new_lock"))
)
_SET_STATE = update_where(staff, keys=_KEYS, columns=["state"])
_SET_PASSWORD = update_where(staff, keys=_KEYS, columns=["password_hash", "wrong_tries", "locked_until"])
_OF_STAFF = (staff.c.partner_id == bindparam("of_partner"), staff.c.staff_id == bindparam("of_staff"))
_SET_UP = Statement(
    update(staff)
    .where(*_OF_STAFF, staff.c.password_hash == bindparam("seen"), staff.c.second_factor.is_(None))
    .values(password_hash=bindparam("new_hash"), second_factor=bindparam("new_factor"), used_step=bindparam("new_step"))
)
_USE_STEP = Statement(
    update(staff)
    .where(*_OF_STAFF, or_(staff.c.used_step.is_(None), staff.c.used_step < bindparam("step")))
    .values(used_step=bindparam("new_step"))
)
_DROP_FACTOR = Statement(update(staff).where(*_OF_STAFF).values(second_factor=null(), used_step=null()))
_INSERT_SESSION = insert_into(staff_sessions)
_SESSION = select_where(staff_sessions, "session_hash")
_UPDATE_SESSION = Statement(
    update(staff_sessions)
    .where(staff_sessions.c.session_hash == bindparam("of_session"), staff_sessions.c.ended_at.is_(None))
    .values({column: bindparam(f"set_{column}") for column in ("desk", "scene", "active_at", "ended_at")})
)
_END_SESSIONS = Statement(
    update(staff_sessions)
    .where(
        staff_sessions.c.partner_id == bindparam("of_partner"),
        staff_sessions.c.staff_id == bindparam("of_staff"),
        staff_sessions.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("now"))
)
_GIVE_UP_PLACES = Statement(
    update(staff_sessions)
    .where(
        staff_sessions.c.partner_id == bindparam("of_partner"),
        staff_sessions.c.desk == bindparam("of_desk"),
        staff_sessions.c.ended_at.is_(None),
    )
    .values(desk=null())
)
_INSERT_ENTRY = insert_into(desk_entries)
_ENTRIES = Statement(
    select(desk_entries)
    .where(desk_entries.c.partner_id == bindparam("partner_id"), desk_entries.c.desk == bindparam("desk"))
    .order_by(desk_entries.c.entry_id.desc())
    .limit(bindparam("at_most"))
)
_ENTRY = select_where(desk_entries, "partner_id", "desk", "entry_id")
# From the newest line down: it is asked for moments after it was written, so the walk is short.
_ENTRY_OF = Statement(
    select(desk_entries)
    .where(
        desk_entries.c.partner_id == bindparam("partner_id"),
        desk_entries.c.desk == bindparam("desk"),
        desk_entries.c.verification_id == bindparam("verification_id"),
    )
    .order_by(desk_entries.c.entry_id.desc())
    .limit(bindparam("at_most"))
)
_SET_CHECKLIST = update_where(desk_entries, keys=["partner_id", "desk", "entry_id"], columns=["checklist"])
_INSERT_SIGN = insert_into(desk_signs)
_BY_TOKEN = select_where(desk_signs, "token")
_LIVE_SIGN = Statement(
    select(desk_signs)
    .where(
        desk_signs.c.partner_id == bindparam("partner_id"),
        desk_signs.c.desk == bindparam("desk"),
        desk_signs.c.scene == bindparam("scene"),
        desk_signs.c.revoked_at.is_(None),
    )
    .order_by(desk_signs.c.sign_id.desc())
    .limit(bindparam("at_most"))
)
_REVOKE_SIGN = Statement(
    update(desk_signs)
    .where(desk_signs.c.token == bindparam("of_token"), desk_signs.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)


@reads(staff)
def _staff(row: Row) -> Staff:
    return Staff(
        partner_id=PartnerId(row[0]),
        staff_id=row[1],
        login=row[2],
        label=row[3],
        password_hash=row[4],
        state=StaffState(row[5]),
        created_at=from_ms(row[6]),
        wrong_tries=row[7],
        locked_until=from_ms_or_none(row[8]),
        second_factor=row[9],
        used_step=row[10],
    )


@reads(staff_sessions)
def _session(row: Row) -> StaffSession:
    return StaffSession(
        session_hash=row[0],
        partner_id=PartnerId(row[1]),
        staff_id=row[2],
        desk=row[3],
        scene=row[4],
        created_at=from_ms(row[5]),
        active_at=from_ms(row[6]),
        ended_at=from_ms_or_none(row[7]),
    )


@reads(desk_entries)
def _entry(row: Row) -> DeskEntry:
    return DeskEntry(
        partner_id=PartnerId(row[0]),
        desk=row[1],
        entry_id=row[2],
        staff_id=row[3],
        scene=row[4],
        verification_id=VerificationId(row[5]) if row[5] else None,
        request_id=RequestId(row[6]) if row[6] else None,
        created_at=from_ms(row[7]),
        checklist=row[8],
        refusal=row[9],
    )


@reads(desk_signs)
def _sign(row: Row) -> DeskSign:
    return DeskSign(
        partner_id=PartnerId(row[0]),
        desk=row[1],
        scene=row[2],
        sign_id=row[3],
        token=row[4],
        created_at=from_ms(row[5]),
        revoked_at=from_ms_or_none(row[6]),
    )


class SqlStaff(StaffRepository):
    """Desks over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, staff: Staff) -> None:
        self._db.run(
            _INSERT,
            {
                "partner_id": staff.partner_id,
                "staff_id": staff.staff_id,
                "login": staff.login,
                "label": staff.label,
                "password_hash": staff.password_hash,
                "state": staff.state.value,
                "created_at": to_ms(staff.created_at),
                "wrong_tries": staff.wrong_tries,
                "locked_until": to_ms_or_none(staff.locked_until),
                "second_factor": staff.second_factor,
                "used_step": staff.used_step,
            },
        )

    @override
    def get(self, partner_id: PartnerId, staff_id: str) -> Staff | None:
        row = self._db.one(_GET, {"partner_id": partner_id, "staff_id": staff_id})
        return None if row is None else _staff(row)

    @override
    def by_login(self, login: str) -> Staff | None:
        row = self._db.one(_BY_LOGIN, {"login": login})
        return None if row is None else _staff(row)

    @override
    def list(self, partner_id: PartnerId) -> Sequence[Staff]:
        return [_staff(row) for row in self._db.all(_LIST, {"partner_id": partner_id})]

    @override
    def set_tries(self, staff: Staff, *, expected: int) -> bool:
        params = {
            "of_partner": staff.partner_id,
            "of_staff": staff.staff_id,
            "expected": expected,
            "new_tries": staff.wrong_tries,
            "new_lock": to_ms_or_none(staff.locked_until),
        }
        return self._db.run(_SET_TRIES, params) == 1

    @override
    def set_state(self, staff: Staff, state: StaffState) -> None:
        self._db.run(_SET_STATE, _key_of(staff) | {"set_state": state.value})

    @override
    def set_password(self, staff: Staff, password_hash: str) -> None:
        fresh = {"set_password_hash": password_hash, "set_wrong_tries": 0, "set_locked_until": None}
        self._db.run(_SET_PASSWORD, _key_of(staff) | fresh)

    @override
    def set_up(self, staff: Staff, *, seen: str) -> bool:
        made = {
            "new_hash": staff.password_hash,
            "new_factor": staff.second_factor,
            "new_step": staff.used_step,
            "seen": seen,
        }
        return self._db.run(_SET_UP, _of(staff) | made) == 1

    @override
    def use_step(self, staff: Staff, step: int) -> bool:
        return self._db.run(_USE_STEP, _of(staff) | {"step": step, "new_step": step}) == 1

    @override
    def drop_factor(self, staff: Staff) -> None:
        self._db.run(_DROP_FACTOR, _of(staff))

    @override
    def add_session(self, session: StaffSession) -> None:
        self._db.run(
            _INSERT_SESSION,
            {
                "session_hash": session.session_hash,
                "partner_id": session.partner_id,
                "staff_id": session.staff_id,
                "desk": session.desk,
                "scene": session.scene,
                "created_at": to_ms(session.created_at),
                "active_at": to_ms(session.active_at),
                "ended_at": to_ms_or_none(session.ended_at),
            },
        )

    @override
    def session(self, session_hash: bytes) -> StaffSession | None:
        row = self._db.one(_SESSION, {"session_hash": session_hash})
        return None if row is None else _session(row)

    @override
    def update_session(self, session: StaffSession) -> bool:
        changed = self._db.run(
            _UPDATE_SESSION,
            {
                "of_session": session.session_hash,
                "set_desk": session.desk,
                "set_scene": session.scene,
                "set_active_at": to_ms(session.active_at),
                "set_ended_at": to_ms_or_none(session.ended_at),
            },
        )
        return changed == 1

    @override
    def end_sessions(self, partner_id: PartnerId, staff_id: str, *, now: datetime) -> int:
        return self._db.run(_END_SESSIONS, {"of_partner": partner_id, "of_staff": staff_id, "now": to_ms(now)})

    @override
    def give_up_places(self, partner_id: PartnerId, desk: str) -> int:
        return self._db.run(_GIVE_UP_PLACES, {"of_partner": partner_id, "of_desk": desk})

    @override
    def add_entry(self, entry: DeskEntry) -> None:
        self._db.run(
            _INSERT_ENTRY,
            {
                "partner_id": entry.partner_id,
                "desk": entry.desk,
                "entry_id": entry.entry_id,
                "staff_id": entry.staff_id,
                "scene": entry.scene,
                "verification_id": entry.verification_id,
                "request_id": entry.request_id,
                "created_at": to_ms(entry.created_at),
                "checklist": entry.checklist,
                "refusal": entry.refusal,
            },
        )

    @override
    def entries(self, partner_id: PartnerId, desk: str, *, limit: int) -> Sequence[DeskEntry]:
        params = {"partner_id": partner_id, "desk": desk, "at_most": limit}
        return [_entry(row) for row in self._db.all(_ENTRIES, params)]

    @override
    def entry(self, partner_id: PartnerId, desk: str, entry_id: str) -> DeskEntry | None:
        row = self._db.one(_ENTRY, {"partner_id": partner_id, "desk": desk, "entry_id": entry_id})
        return None if row is None else _entry(row)

    @override
    def entry_of(self, partner_id: PartnerId, desk: str, verification_id: VerificationId) -> DeskEntry | None:
        params = {"partner_id": partner_id, "desk": desk, "verification_id": verification_id, "at_most": 1}
        row = self._db.one(_ENTRY_OF, params)
        return None if row is None else _entry(row)

    @override
    def set_checklist(self, entry: DeskEntry, checklist: str) -> None:
        key = {"partner_id": entry.partner_id, "desk": entry.desk, "entry_id": entry.entry_id}
        self._db.run(_SET_CHECKLIST, key | {"set_checklist": checklist})

    @override
    def add_sign(self, sign: DeskSign) -> None:
        self._db.run(
            _INSERT_SIGN,
            {
                "partner_id": sign.partner_id,
                "desk": sign.desk,
                "scene": sign.scene,
                "sign_id": sign.sign_id,
                "token": sign.token,
                "created_at": to_ms(sign.created_at),
                "revoked_at": to_ms_or_none(sign.revoked_at),
            },
        )

    @override
    def sign_by_token(self, token: str) -> DeskSign | None:
        row = self._db.one(_BY_TOKEN, {"token": token})
        return None if row is None else _sign(row)

    @override
    def live_sign(self, partner_id: PartnerId, desk: str, scene: str) -> DeskSign | None:
        row = self._db.one(_LIVE_SIGN, {"partner_id": partner_id, "desk": desk, "scene": scene, "at_most": 1})
        return None if row is None else _sign(row)

    @override
    def revoke_sign(self, sign: DeskSign, *, now: datetime) -> bool:
        return self._db.run(_REVOKE_SIGN, {"of_token": sign.token, "now": to_ms(now)}) == 1


def _key_of(staff: Staff) -> dict[str, object]:
    return {"partner_id": staff.partner_id, "staff_id": staff.staff_id}


def _of(staff: Staff) -> dict[str, object]:
    return {"of_partner": staff.partner_id, "of_staff": staff.staff_id}
