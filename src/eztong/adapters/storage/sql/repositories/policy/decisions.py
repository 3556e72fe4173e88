"""Decisions of the policy over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, exists, func, or_, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads, text_of, whole_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, key_of
from eztong.adapters.storage.sql.tables.holders import holders
from eztong.adapters.storage.sql.tables.policy.decisions import policy_decisions
from eztong.domain.damage import Listed, RowDamaged
from eztong.domain.identifiers import HolderId
from eztong.domain.policy.simulation import PastDecision
from eztong.domain.registration import Reason, Verdict
from eztong.ports.storage.policy.decisions import DecisionPage, DecisionPlace, PolicyDecisionRepository

_APPROVALS: Final = (Verdict.APPROVE.value, Verdict.APPROVE_RESTRICTED.value)
_ADD = insert_into(policy_decisions)
_OF_HOLDER = Statement(
    select(policy_decisions)
    .where(policy_decisions.c.holder_id == bindparam("of_holder"))
    .order_by(policy_decisions.c.decision_id)
)
_APPROVED = Statement(
    select(func.count()).select_from(
        select(policy_decisions.c.at)
        .where(
            policy_decisions.c.at >= bindparam("since"),
            or_(*(policy_decisions.c.verdict == verdict for verdict in _APPROVALS)),
        )
        .limit(bindparam("at_most"))
        .subquery()
    )
)
_PAGE = Statement(
    select(*as_bytes(policy_decisions.columns))
    .where(
        policy_decisions.c.at >= bindparam("since"),
        or_(policy_decisions.c.at > bindparam("since"), policy_decisions.c.decision_id > bindparam("after")),
    )
    .order_by(policy_decisions.c.at, policy_decisions.c.decision_id)
    .limit(bindparam("at_most"))
)
_UNRECORDED = Statement(
    select(func.count())
    .select_from(holders)
    .where(
        holders.c.decision.is_not(None),
        holders.c.number_index.is_not(None),
        ~exists().where(policy_decisions.c.holder_id == holders.c.holder_id),
    )
)
_ERASE = Statement(delete(policy_decisions).where(policy_decisions.c.holder_id == bindparam("of_holder")))


class SqlPolicyDecisions(PolicyDecisionRepository):
    """Decisions of the policy over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, decision: PastDecision) -> None:
        self._db.run(
            _ADD,
            {
                "holder_id": decision.holder_id,
                "decision_id": decision.decision_id,
                "at": to_ms(decision.at),
                "policy_version": decision.policy_version,
                "verdict": decision.verdict.value,
                "reason": None if decision.reason is None else decision.reason.value,
                "rules": decision.rules,
                "sealed_facts": decision.sealed_facts,
            },
        )

    @override
    def of_holder(self, holder_id: HolderId) -> Sequence[PastDecision]:
        return [_decision(row) for row in self._db.all(_OF_HOLDER, {"of_holder": holder_id})]

    @override
    def approved_since(self, moment: datetime, *, at_most: int) -> int:
        row = self._db.one(_APPROVED, {"since": to_ms(moment), "at_most": at_most})
        count: int = 0 if row is None else row[0]
        return count

    @override
    def page(self, *, since: datetime, after: DecisionPlace | None, limit: int) -> DecisionPage:
        start = (since, "") if after is None else after
        rows = self._db.all(_PAGE, {"since": to_ms(start[0]), "after": start[1], "at_most": limit})
        if len(rows) < limit:
            return DecisionPage(listed(_decision, policy_decisions, rows), None)
        # A row whose place cannot be read stands behind the last one whose place can be, and comes again then.
        places = Listed(rows).each(_place).those
        if not places:
            raise RowDamaged(policy_decisions.name, key_of(policy_decisions))
        last, upto = places[-1]
        return DecisionPage(listed(_decision, policy_decisions, rows[: rows.index(last) + 1]), upto)

    @override
    def count_unrecorded(self) -> int:
        row = self._db.one(_UNRECORDED, {})
        count: int = 0 if row is None else row[0]
        return count

    @override
    def erase(self, holder_id: HolderId) -> None:
        self._db.run(_ERASE, {"of_holder": holder_id})


@reads(policy_decisions)
def _place(row: Row) -> tuple[Row, DecisionPlace]:
    """Return the row, given as bytes, with its place."""
    return row, (from_ms(whole_of(row[2])), text_of(row[1]))


@reads(policy_decisions)
def _decision(row: Row) -> PastDecision:
    return PastDecision(
        holder_id=HolderId(row[0]),
        decision_id=row[1],
        at=from_ms(row[2]),
        policy_version=row[3],
        verdict=Verdict(row[4]),
        reason=None if row[5] is None else Reason(row[5]),
        rules=row[6],
        sealed_facts=row[7],
    )
