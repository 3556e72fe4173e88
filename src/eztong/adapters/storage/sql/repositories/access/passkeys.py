"""Passkeys and the challenges that they answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.access.passkeys import passkey_challenges, passkeys
from eztong.domain.access.passkey import Passkey, PasskeyPurpose
from eztong.domain.identifiers import DeviceId, HolderId
from eztong.ports.storage.access.passkeys import PasskeyRepository

_INSERT_PASSKEY = insert_into(passkeys)


_GET_PASSKEY = select_where(passkeys, "credential_id")


_PASSKEYS = Statement(
    select(passkeys)
    .where(passkeys.c.holder_id == bindparam("holder_id"))
    .order_by(passkeys.c.created_at.desc(), passkeys.c.credential_id)
)


_NOTE_USE = update_where(passkeys, keys=["credential_id", "sign_count"], columns=["sign_count", "last_used_at"])


_RENAME = update_where(passkeys, keys=["holder_id", "credential_id"], columns=["label"])


_REMOVE_PASSKEY = Statement(
    delete(passkeys).where(
        passkeys.c.holder_id == bindparam("of_holder"), passkeys.c.credential_id == bindparam("of_credential")
    )
)


_REMOVE_PASSKEYS = Statement(delete(passkeys).where(passkeys.c.holder_id == bindparam("of_holder")))


_INSERT_CHALLENGE = insert_into(passkey_challenges)


_USE_CHALLENGE = Statement(
    update(passkey_challenges)
    .where(
        passkey_challenges.c.challenge_hash == bindparam("of_challenge"),
        passkey_challenges.c.session_hash == bindparam("of_session"),
        passkey_challenges.c.purpose == bindparam("for_purpose"),
        passkey_challenges.c.created_at > bindparam("since"),
        passkey_challenges.c.used_at.is_(None),
        # Given to an account's session, it serves that account alone.
        or_(passkey_challenges.c.holder_id.is_(None), passkey_challenges.c.holder_id == bindparam("of_holder")),
    )
    .values(used_at=bindparam("now"))
)


_END_CHALLENGES = Statement(
    update(passkey_challenges)
    .where(
        passkey_challenges.c.session_hash == bindparam("of_session"),
        passkey_challenges.c.purpose == bindparam("for_purpose"),
        passkey_challenges.c.used_at.is_(None),
    )
    .values(used_at=bindparam("now"))
)


class SqlPasskeys(PasskeyRepository):
    """Passkeys and challenges over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, passkey: Passkey) -> None:
        self._db.run(
            _INSERT_PASSKEY,
            {
                "credential_id": passkey.credential_id,
                "holder_id": passkey.holder_id,
                "device_id": passkey.device_id,
                "public_key": passkey.public_key,
                "sign_count": passkey.sign_count,
                "label": passkey.label,
                "created_at": to_ms(passkey.created_at),
                "last_used_at": to_ms_or_none(passkey.last_used_at),
            },
        )

    @override
    def get(self, credential_id: bytes) -> Passkey | None:
        row = self._db.one(_GET_PASSKEY, {"credential_id": credential_id})
        return None if row is None else _passkey(row)

    @override
    def list(self, holder_id: HolderId) -> Sequence[Passkey]:
        return [_passkey(row) for row in self._db.all(_PASSKEYS, {"holder_id": holder_id})]

    @override
    def note_use(self, passkey: Passkey, *, sign_count: int, now: datetime) -> bool:
        changes = {"set_sign_count": sign_count, "set_last_used_at": to_ms(now)}
        found = {"credential_id": passkey.credential_id, "sign_count": passkey.sign_count}
        return self._db.run(_NOTE_USE, {**found, **changes}) == 1

    @override
    def rename(self, holder_id: HolderId, credential_id: bytes, label: str) -> bool:
        named = {"holder_id": holder_id, "credential_id": credential_id, "set_label": label}
        return self._db.run(_RENAME, named) == 1

    @override
    def remove(self, holder_id: HolderId, credential_id: bytes) -> bool:
        return self._db.run(_REMOVE_PASSKEY, {"of_holder": holder_id, "of_credential": credential_id}) == 1

    @override
    def remove_all(self, holder_id: HolderId) -> int:
        return self._db.run(_REMOVE_PASSKEYS, {"of_holder": holder_id})

    @override
    def add_challenge(
        self,
        challenge_hash: bytes,
        *,
        session_hash: bytes,
        purpose: PasskeyPurpose,
        holder_id: HolderId | None,
        now: datetime,
    ) -> None:
        ended = {"of_session": session_hash, "for_purpose": purpose.value, "now": to_ms(now)}
        self._db.run(_END_CHALLENGES, ended)
        self._db.run(
            _INSERT_CHALLENGE,
            {
                "challenge_hash": challenge_hash,
                "session_hash": session_hash,
                "purpose": purpose.value,
                "created_at": to_ms(now),
                "used_at": None,
                "holder_id": holder_id,
            },
        )

    @override
    def use_challenge(
        self,
        challenge_hash: bytes,
        *,
        session_hash: bytes,
        purpose: PasskeyPurpose,
        holder_id: HolderId | None,
        since: datetime,
        now: datetime,
    ) -> bool:
        wanted: dict[str, object] = {"of_challenge": challenge_hash, "of_session": session_hash}
        wanted |= {"for_purpose": purpose.value, "of_holder": holder_id}
        return self._db.run(_USE_CHALLENGE, {**wanted, "since": to_ms(since), "now": to_ms(now)}) == 1


@reads(passkeys)
def _passkey(row: Row) -> Passkey:
    return Passkey(
        credential_id=row[0],
        holder_id=HolderId(row[1]),
        device_id=DeviceId(row[2]),
        public_key=row[3],
        sign_count=row[4],
        label=row[5],
        created_at=from_ms(row[6]),
        last_used_at=from_ms_or_none(row[7]),
    )
