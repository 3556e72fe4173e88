"""Grants, and holders' switches for partners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, func, select, union, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import flag_of, reads
from eztong.adapters.storage.sql.statements import (
    Database,
    Params,
    Row,
    Statement,
    insert_into,
    select_where,
    update_where,
)
from eztong.adapters.storage.sql.tables.codes.verifications import verifications
from eztong.adapters.storage.sql.tables.grants import grants, partner_switches
from eztong.domain.claims import Claim
from eztong.domain.codes.verification import Outcome
from eztong.domain.grants import Grant, GrantState
from eztong.domain.identifiers import GrantId, HolderId, PartnerId, RequestId
from eztong.ports.storage.grants import GrantRepository

_INSERT = insert_into(grants)
_LIST = select_where(grants, "holder_id", "partner_id", "scene")
_END_ALL = Statement(
    update(grants)
    .where(grants.c.holder_id == bindparam("of_holder"), grants.c.state == bindparam("granted"))
    .values(state=bindparam("ended"), withdrawn_at=bindparam("now"))
)
_END_NEWER = Statement(
    update(grants)
    .where(
        grants.c.holder_id == bindparam("of_holder"),
        grants.c.state == bindparam("granted"),
        grants.c.granted_at > bindparam("than"),
        grants.c.expires_at > bindparam("now"),
    )
    .values(state=bindparam("ended"), withdrawn_at=bindparam("now"))
)
_OF_HOLDER = Statement(
    select(grants).where(grants.c.holder_id == bindparam("holder_id")).order_by(grants.c.grant_id.desc())
)
_WITHDRAW = Statement(
    update(grants)
    .where(
        grants.c.holder_id == bindparam("of_holder"),
        grants.c.grant_id == bindparam("of_grant"),
        grants.c.state == bindparam("granted"),
        grants.c.expires_at > bindparam("now"),
    )
    .values(state=bindparam("ended"), withdrawn_at=bindparam("now"))
)
_COUNT_LIVE = Statement(
    select(func.count())
    .select_from(grants)
    .where(
        grants.c.partner_id == bindparam("of_partner"),
        grants.c.state == bindparam("granted"),
        grants.c.expires_at > bindparam("now"),
    )
)
_KNOWN_BY = union(
    select(grants.c.holder_id).where(
        grants.c.partner_id == bindparam("of_partner"),
        grants.c.state == bindparam("granted"),
        grants.c.holder_id > bindparam("after"),
    ),
    select(verifications.c.holder_id).where(
        verifications.c.partner_id == bindparam("of_partner"),
        verifications.c.outcome == bindparam("passed"),
        verifications.c.holder_id > bindparam("after"),
    ),
)
_COUNT_KNOWN = Statement(select(func.count()).select_from(_KNOWN_BY.subquery()))
_KNOWN = Statement(_KNOWN_BY.order_by("holder_id").limit(bindparam("at_most")))
_END_AT_PARTNER = Statement(
    update(grants)
    .where(
        grants.c.holder_id == bindparam("of_holder"),
        grants.c.partner_id == bindparam("of_partner"),
        grants.c.state == bindparam("granted"),
    )
    .values(
        state=bindparam("ended"),
        expires_at=case((grants.c.expires_at > bindparam("now"), bindparam("now")), else_=grants.c.expires_at),
    )
)
_SWITCHES = Statement(
    select(partner_switches.c.partner_id, partner_switches.c.is_on).where(
        partner_switches.c.holder_id == bindparam("holder_id")
    )
)
_INSERT_SWITCH = insert_into(partner_switches)
_UPDATE_SWITCH = update_where(partner_switches, keys=["holder_id", "partner_id"], columns=["is_on", "changed_at"])


@reads(grants)
def _grant(row: Row) -> Grant:
    return Grant(
        holder_id=HolderId(row[0]),
        grant_id=GrantId(row[1]),
        partner_id=PartnerId(row[2]),
        scene=row[3],
        claims=frozenset(Claim(claim) for claim in row[4].split()),
        purpose=row[5],
        state=GrantState(row[6]),
        granted_at=from_ms(row[7]),
        expires_at=from_ms(row[8]),
        request_id=RequestId(row[9]) if row[9] else None,
        withdrawn_at=from_ms_or_none(row[10]),
    )


@reads(partner_switches)
def _switch(row: Row) -> tuple[PartnerId, bool]:
    return PartnerId(row[0]), flag_of(row[1])


class SqlGrants(GrantRepository):
    """Grants and switches over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, grant: Grant) -> None:
        self._db.run(
            _INSERT,
            {
                "holder_id": grant.holder_id,
                "grant_id": grant.grant_id,
                "partner_id": grant.partner_id,
                "scene": grant.scene,
                "claims": " ".join(sorted(grant.claims)),
                "purpose": grant.purpose,
                "state": grant.state.value,
                "granted_at": to_ms(grant.granted_at),
                "expires_at": to_ms(grant.expires_at),
                "request_id": grant.request_id,
                "withdrawn_at": to_ms_or_none(grant.withdrawn_at),
            },
        )

    @override
    def list(self, holder_id: HolderId, partner_id: PartnerId, scene: str) -> Sequence[Grant]:
        params = {"holder_id": holder_id, "partner_id": partner_id, "scene": scene}
        return [_grant(row) for row in self._db.all(_LIST, params)]

    @override
    def end_all(self, holder_id: HolderId, *, now: datetime) -> int:
        params = {
            "of_holder": holder_id,
            "granted": GrantState.GRANTED.value,
            "ended": GrantState.WITHDRAWN.value,
            "now": to_ms(now),
        }
        return self._db.run(_END_ALL, params)

    @override
    def end_newer(self, holder_id: HolderId, *, than: datetime, now: datetime) -> int:
        params = {
            "of_holder": holder_id,
            "granted": GrantState.GRANTED.value,
            "than": to_ms(than),
            "ended": GrantState.WITHDRAWN.value,
            "now": to_ms(now),
        }
        return self._db.run(_END_NEWER, params)

    @override
    def of_holder(self, holder_id: HolderId) -> Sequence[Grant]:
        return [_grant(row) for row in self._db.all(_OF_HOLDER, {"holder_id": holder_id})]

    @override
    def withdraw(self, holder_id: HolderId, grant_id: GrantId, *, now: datetime) -> bool:
        params = {
            "of_holder": holder_id,
            "of_grant": grant_id,
            "granted": GrantState.GRANTED.value,
            "ended": GrantState.WITHDRAWN.value,
            "now": to_ms(now),
        }
        return self._db.run(_WITHDRAW, params) == 1

    @override
    def count_live(self, partner_id: PartnerId, *, now: datetime) -> int:
        params = {"of_partner": partner_id, "granted": GrantState.GRANTED.value, "now": to_ms(now)}
        return self._count(_COUNT_LIVE, params)

    @override
    def count_known(self, partner_id: PartnerId) -> int:
        return self._count(_COUNT_KNOWN, _known_params(partner_id) | {"after": ""})

    @override
    def known(self, partner_id: PartnerId, *, after: HolderId, limit: int) -> Sequence[HolderId]:
        params = _known_params(partner_id) | {"after": after, "at_most": limit}
        return [HolderId(row[0]) for row in self._db.all(_KNOWN, params)]

    @override
    def end_at_partner(self, holder_id: HolderId, partner_id: PartnerId, *, now: datetime) -> int:
        params = {"of_holder": holder_id, "of_partner": partner_id, "now": to_ms(now)}
        states = {"granted": GrantState.GRANTED.value, "ended": GrantState.LAPSED.value}
        return self._db.run(_END_AT_PARTNER, params | states)

    def _count(self, statement: Statement, params: Params) -> int:
        row = self._db.one(statement, params)
        count: int = 0 if row is None else row[0]
        return count

    @override
    def set_switch(self, holder_id: HolderId, partner_id: PartnerId, *, on: bool, now: datetime) -> None:
        who = {"holder_id": holder_id, "partner_id": partner_id}
        changed = self._db.run(_UPDATE_SWITCH, {**who, "set_is_on": int(on), "set_changed_at": to_ms(now)})
        if not changed:
            self._db.run(_INSERT_SWITCH, {**who, "is_on": int(on), "changed_at": to_ms(now)})

    @override
    def switches(self, holder_id: HolderId) -> Mapping[PartnerId, bool]:
        return dict(map(_switch, self._db.all(_SWITCHES, {"holder_id": holder_id})))


def _known_params(partner_id: PartnerId) -> dict[str, str]:
    return {"of_partner": partner_id, "granted": GrantState.GRANTED.value, "passed": Outcome.PASSED.value}
