"""Partner-started requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, func, or_, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import TOP, Database, Row, Statement, insert_into
from eztong.adapters.storage.sql.tables.codes.verifications import verifications
from eztong.adapters.storage.sql.tables.requests import requests
from eztong.domain.claims import Claim
from eztong.domain.codes.verification import Outcome
from eztong.domain.identifiers import ULID_RANDOM_BYTES, HolderId, PartnerId, RequestId, VerificationId, make_id
from eztong.domain.requests.cool_down import EarlierAnswer
from eztong.domain.requests.request import REQUEST_LIFE, Request, RequestState
from eztong.ports.storage.requests import RequestRepository, SetAside

REQUEST_COLUMNS: Final = [c for c in requests.columns if c.name not in ("token_hash", "aside_for", "declines_at")]
_INSERT = insert_into(requests)


def _select(*conditions: object) -> Statement:
    return Statement(select(*REQUEST_COLUMNS).where(*conditions))  # type: ignore[arg-type]  # conditions are expressions


_GET = _select(requests.c.partner_id == bindparam("partner_id"), requests.c.request_id == bindparam("request_id"))
_BY_TOKEN = _select(requests.c.token_hash == bindparam("token_hash"))
_FIND = _select(requests.c.request_id == bindparam("request_id"))
_LIST = Statement(
    select(*REQUEST_COLUMNS)
    .where(requests.c.partner_id == bindparam("partner_id"), requests.c.request_id < bindparam("before"))
    .order_by(requests.c.request_id.desc())
    .limit(bindparam("at_most"))
)
_ADVANCE = Statement(
    update(requests)
    .where(
        requests.c.partner_id == bindparam("of_partner"),
        requests.c.request_id == bindparam("of_request"),
        requests.c.state == bindparam("expected"),
    )
    .values(
        state=bindparam("new_state"),
        holder_id=bindparam("new_holder"),
        verification_id=bindparam("new_verification"),
    )
)
# Ids sort by time, so that what the partner asked long ago is not read.
_WAITS = (
    requests.c.partner_id == bindparam("of_partner"),
    requests.c.request_id > bindparam("not_before"),
    or_(requests.c.state == bindparam("init"), requests.c.state == bindparam("doing")),
    requests.c.expires_at > bindparam("now"),
)
_COUNT_OPEN = Statement(select(func.count()).select_from(requests).where(*_WAITS))
_END_OF_PARTNER = Statement(update(requests).where(*_WAITS).values(expires_at=bindparam("now")))
_ANSWERS = Statement(
    select(verifications.c.created_at, verifications.c.outcome, verifications.c.reason, requests.c.claims)
    .join(
        requests,
        and_(requests.c.partner_id == verifications.c.partner_id, requests.c.request_id == verifications.c.request_id),
    )
    .where(
        verifications.c.holder_id == bindparam("holder_id"),
        verifications.c.partner_id == bindparam("partner_id"),
        verifications.c.scene == bindparam("scene"),
        verifications.c.created_at >= bindparam("since"),
    )
    .order_by(verifications.c.verification_id.desc())
)
_SET_ASIDE = Statement(
    update(requests)
    .where(
        requests.c.partner_id == bindparam("of_partner"),
        requests.c.request_id == bindparam("of_request"),
        requests.c.aside_for.is_(None),
        or_(requests.c.state == bindparam("init"), requests.c.state == bindparam("doing")),
    )
    .values(aside_for=bindparam("for_holder"), declines_at=bindparam("at"))
)
_ASIDE_OF = Statement(
    select(requests.c.partner_id, requests.c.request_id, requests.c.aside_for, requests.c.declines_at).where(
        requests.c.request_id == bindparam("request_id"), requests.c.aside_for.is_not(None)
    )
)
_TAKE_UP = Statement(
    update(requests)
    .where(
        requests.c.request_id == bindparam("of_request"),
        requests.c.aside_for == bindparam("of_holder"),
        requests.c.declines_at.is_not(None),
        or_(requests.c.state == bindparam("init"), requests.c.state == bindparam("doing")),
    )
    .values(declines_at=bindparam("nothing"))
)
_BEGIN_DECLINING = Statement(
    update(requests)
    .where(
        requests.c.partner_id == bindparam("of_partner"),
        requests.c.request_id == bindparam("of_request"),
        requests.c.declines_at <= bindparam("now"),
        or_(requests.c.state == bindparam("init"), requests.c.state == bindparam("doing")),
    )
    .values(declines_at=bindparam("nothing"))
)
_STATES_OPEN: Final = {"init": RequestState.INIT.value, "doing": RequestState.DOING.value}


@reads(requests)
def request_of(row: Row) -> Request:
    """Return the request of a row of :data:`REQUEST_COLUMNS`."""
    return Request(
        partner_id=PartnerId(row[0]),
        request_id=RequestId(row[1]),
        scene=row[2],
        desk=row[3],
        claims=frozenset(Claim(claim) for claim in row[4].split()),
        grant_days=row[5],
        match_number=row[6],
        state=RequestState(row[7]),
        reference=row[8],
        created_at=from_ms(row[9]),
        expires_at=from_ms(row[10]),
        holder_id=HolderId(row[11]) if row[11] else None,
        verification_id=VerificationId(row[12]) if row[12] else None,
    )


@reads(requests)
def _aside(row: Row) -> SetAside:
    return SetAside(
        partner_id=PartnerId(row[0]),
        request_id=RequestId(row[1]),
        holder_id=HolderId(row[2]),
        declines_at=from_ms_or_none(row[3]),
    )


@reads(requests)
def _answer(row: Row) -> EarlierAnswer:
    return EarlierAnswer(
        at=from_ms(row[0]),
        outcome=Outcome(row[1]),
        reason=row[2],
        claims=frozenset(Claim(claim) for claim in row[3].split()),
    )


class SqlRequests(RequestRepository):
    """Requests over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, request: Request, *, token_hash: bytes) -> None:
        self._db.run(
            _INSERT,
            {
                "partner_id": request.partner_id,
                "request_id": request.request_id,
                "token_hash": token_hash,
                "scene": request.scene,
                "desk": request.desk,
                "claims": " ".join(sorted(request.claims)),
                "grant_days": request.grant_days,
                "match_number": request.match_number,
                "state": request.state.value,
                "reference": request.reference,
                "created_at": to_ms(request.created_at),
                "expires_at": to_ms(request.expires_at),
                "holder_id": request.holder_id,
                "verification_id": request.verification_id,
                "aside_for": None,
                "declines_at": None,
            },
        )

    @override
    def get(self, partner_id: PartnerId, request_id: RequestId) -> Request | None:
        return self._one(_GET, {"partner_id": partner_id, "request_id": request_id})

    @override
    def by_token(self, token_hash: bytes) -> Request | None:
        return self._one(_BY_TOKEN, {"token_hash": token_hash})

    @override
    def find(self, request_id: RequestId) -> Request | None:
        return self._one(_FIND, {"request_id": request_id})

    @override
    def list(self, partner_id: PartnerId, *, before: str | None, limit: int) -> Sequence[Request]:
        params = {"partner_id": partner_id, "before": before or TOP, "at_most": limit}
        return [request_of(row) for row in self._db.all(_LIST, params)]

    @override
    def advance(self, request: Request, *, expected: Sequence[str]) -> bool:
        params = {
            "of_partner": request.partner_id,
            "of_request": request.request_id,
            "new_state": request.state.value,
            "new_holder": request.holder_id,
            "new_verification": request.verification_id,
        }
        return any(self._db.run(_ADVANCE, {**params, "expected": state}) == 1 for state in expected)

    @override
    def count_open(self, partner_id: PartnerId, *, now: datetime) -> int:
        row = self._db.one(_COUNT_OPEN, _waiting_params(partner_id, now))
        count: int = 0 if row is None else row[0]
        return count

    @override
    def end_of_partner(self, partner_id: PartnerId, *, now: datetime) -> int:
        return self._db.run(_END_OF_PARTNER, _waiting_params(partner_id, now))

    @override
    def answers(
        self, holder_id: HolderId, partner_id: PartnerId, scene: str, *, since: datetime
    ) -> Sequence[EarlierAnswer]:
        params = {"holder_id": holder_id, "partner_id": partner_id, "scene": scene, "since": to_ms(since)}
        return [_answer(row) for row in self._db.all(_ANSWERS, params)]

    @override
    def set_aside(self, aside: SetAside) -> bool:
        params = {
            "of_partner": aside.partner_id,
            "of_request": aside.request_id,
            "for_holder": aside.holder_id,
            "at": to_ms_or_none(aside.declines_at),
        }
        return self._db.run(_SET_ASIDE, params | _STATES_OPEN) == 1

    @override
    def set_aside_of(self, request_id: RequestId) -> SetAside | None:
        row = self._db.one(_ASIDE_OF, {"request_id": request_id})
        return None if row is None else _aside(row)

    @override
    def take_up(self, request_id: RequestId, holder_id: HolderId) -> bool:
        params = {"of_request": request_id, "of_holder": holder_id, "nothing": None}
        return self._db.run(_TAKE_UP, params | _STATES_OPEN) == 1

    @override
    def begin_declining(self, aside: SetAside, *, now: datetime) -> bool:
        params = {
            "of_partner": aside.partner_id,
            "of_request": aside.request_id,
            "now": to_ms(now),
            "nothing": None,
        }
        return self._db.run(_BEGIN_DECLINING, params | _STATES_OPEN) == 1

    def _one(self, statement: Statement, params: dict[str, object]) -> Request | None:
        row = self._db.one(statement, params)
        return None if row is None else request_of(row)


def _waiting_params(partner_id: PartnerId, now: datetime) -> dict[str, Any]:
    return {
        "of_partner": partner_id,
        "not_before": make_id("req", now=now - 2 * REQUEST_LIFE, random=bytes(ULID_RANDOM_BYTES)),
        "init": RequestState.INIT.value,
        "doing": RequestState.DOING.value,
        "now": to_ms(now),
    }
