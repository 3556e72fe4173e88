"""Browser sessions and message codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import flag_of, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.access.sessions import otp_challenges, sessions
from eztong.domain.access.otp import OTP_DIGITS, OtpChallenge, OtpPurpose
from eztong.domain.identifiers import DeviceId, HolderId
from eztong.ports.storage.access.sessions import Session, SessionRepository

_INSERT_SESSION = insert_into(sessions)


_GET_SESSION = select_where(sessions, "session_hash")


_SESSION_CHANGES = ["holder_id", "device_id", "phone_index", "expires_at", "revoked_at", "unlocked_until"]


_UPDATE_SESSION = update_where(sessions, keys=["session_hash"], columns=_SESSION_CHANGES)


_REVOKE_SESSIONS = Statement(
    update(sessions)
    .where(sessions.c.holder_id == bindparam("of_holder"), sessions.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)


_SESSIONS = Statement(
    select(sessions)
    .where(sessions.c.holder_id == bindparam("holder_id"), sessions.c.revoked_at.is_(None))
    .order_by(sessions.c.created_at.desc(), sessions.c.session_hash)
)


_ERASE_CHALLENGES = Statement(
    delete(otp_challenges).where(
        otp_challenges.c.session_hash.in_(
            select(sessions.c.session_hash).where(sessions.c.holder_id == bindparam("of_holder"))
        )
    )
)


_ERASE_PHONE = Statement(
    update(sessions)
    .where(sessions.c.holder_id == bindparam("of_holder"))
    .values(phone_index=bindparam("nothing"), device_id=bindparam("nothing"))
)


_INSERT_CHALLENGE = insert_into(otp_challenges)


_NEWEST_CHALLENGE = Statement(
    select(otp_challenges)
    .where(
        otp_challenges.c.session_hash == bindparam("session_hash"),
        otp_challenges.c.purpose == bindparam("purpose"),
    )
    .order_by(otp_challenges.c.created_at.desc(), otp_challenges.c.challenge_id.desc())
    .limit(bindparam("at_most"))
)


_COUNT_TRY = Statement(
    update(otp_challenges)
    .where(otp_challenges.c.challenge_id == bindparam("of_challenge"))
    .values(tries=otp_challenges.c.tries + bindparam("one"))
)


_USE_CHALLENGE = Statement(
    update(otp_challenges)
    .where(otp_challenges.c.challenge_id == bindparam("of_challenge"), otp_challenges.c.used_at.is_(None))
    .values(used_at=bindparam("now"))
)


@reads(sessions)
def session_of(row: Row) -> Session:
    """Return the session of a whole row."""
    return Session(
        session_hash=row[0],
        holder_id=HolderId(row[1]) if row[1] else None,
        device_id=DeviceId(row[2]) if row[2] else None,
        phone_index=row[3],
        created_at=from_ms(row[4]),
        expires_at=from_ms(row[5]),
        revoked_at=from_ms_or_none(row[6]),
        unlocked_until=from_ms_or_none(row[7]),
    )


@reads(otp_challenges)
def _challenge(row: Row) -> OtpChallenge:
    return OtpChallenge(
        challenge_id=row[0],
        session_hash=row[1],
        purpose=OtpPurpose(row[2]),
        phone_index=row[3],
        code_hash=row[4],
        tries=row[5],
        created_at=from_ms(row[6]),
        used_at=from_ms_or_none(row[7]),
        holder_id=HolderId(row[8]) if row[8] else None,
        is_sent=row[9] is not None and flag_of(row[9]),
        digits=row[10] or OTP_DIGITS,
    )


class SqlSessions(SessionRepository):
    """Sessions and message codes over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, session: Session) -> None:
        self._db.run(
            _INSERT_SESSION,
            {
                "session_hash": session.session_hash,
                "holder_id": session.holder_id,
                "device_id": session.device_id,
                "phone_index": session.phone_index,
                "created_at": to_ms(session.created_at),
                "expires_at": to_ms(session.expires_at),
                "revoked_at": to_ms_or_none(session.revoked_at),
                "unlocked_until": to_ms_or_none(session.unlocked_until),
            },
        )

    @override
    def get(self, session_hash: bytes) -> Session | None:
        known = self._db.known.sessions
        if session_hash in known:
            return known[session_hash]
        row = self._db.one(_GET_SESSION, {"session_hash": session_hash})
        if row is None:
            return None
        session = session_of(row)
        if self._db.gathers:
            known[session_hash] = session
        return session

    @override
    def update(self, session: Session) -> None:
        self._db.run(
            _UPDATE_SESSION,
            {
                "session_hash": session.session_hash,
                "set_holder_id": session.holder_id,
                "set_device_id": session.device_id,
                "set_phone_index": session.phone_index,
                "set_expires_at": to_ms(session.expires_at),
                "set_revoked_at": to_ms_or_none(session.revoked_at),
                "set_unlocked_until": to_ms_or_none(session.unlocked_until),
            },
        )

    @override
    def list(self, holder_id: HolderId) -> Sequence[Session]:
        return [session_of(row) for row in self._db.all(_SESSIONS, {"holder_id": holder_id})]

    @override
    def revoke_all(self, holder_id: HolderId, *, now: datetime) -> int:
        return self._db.run(_REVOKE_SESSIONS, {"of_holder": holder_id, "now": to_ms(now)})

    @override
    def erase_phone(self, holder_id: HolderId) -> None:
        self._db.run(_ERASE_CHALLENGES, {"of_holder": holder_id})
        self._db.run(_ERASE_PHONE, {"of_holder": holder_id, "nothing": None})

    @override
    def add_challenge(self, challenge: OtpChallenge) -> None:
        self._db.run(
            _INSERT_CHALLENGE,
            {
                "challenge_id": challenge.challenge_id,
                "session_hash": challenge.session_hash,
                "purpose": challenge.purpose.value,
                "phone_index": challenge.phone_index,
                "code_hash": challenge.code_hash,
                "tries": challenge.tries,
                "created_at": to_ms(challenge.created_at),
                "used_at": to_ms_or_none(challenge.used_at),
                "holder_id": challenge.holder_id,
                "is_sent": int(challenge.is_sent),
                "digits": challenge.digits,
            },
        )

    @override
    def newest_challenge(self, session_hash: bytes, purpose: str) -> OtpChallenge | None:
        row = self._db.one(_NEWEST_CHALLENGE, {"session_hash": session_hash, "purpose": purpose, "at_most": 1})
        return None if row is None else _challenge(row)

    @override
    def count_try(self, challenge_id: str) -> None:
        self._db.run(_COUNT_TRY, {"of_challenge": challenge_id, "one": 1})

    @override
    def use_challenge(self, challenge_id: str, *, now: datetime) -> bool:
        return self._db.run(_USE_CHALLENGE, {"of_challenge": challenge_id, "now": to_ms(now)}) == 1
