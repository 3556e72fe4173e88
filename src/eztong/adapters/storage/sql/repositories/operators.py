"""Operators, what takes two of them, and attested acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, literal_column, null, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.operators import acts, operators, proposals
from eztong.domain.evidence.attested_act import ActKind, AttestedAct
from eztong.domain.identifiers import BatchId, HolderId
from eztong.domain.operators.operator import Operator, OperatorRole, OperatorState
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState, SecondStep
from eztong.ports.storage.operators.acts import ActRepository
from eztong.ports.storage.operators.operators import OperatorRepository
from eztong.ports.storage.operators.proposals import ProposalRepository

_OF: Final = operators.c.name == bindparam("of_name")
_ADD_OPERATOR = Statement(insert(operators).on_conflict_do_nothing(), keys=operators.columns.keys())
_OPERATOR = select_where(operators, "name")
_OPERATORS = Statement(select(operators).order_by(operators.c.name))
_SET_TRIES = Statement(
    update(operators)
    .where(_OF, operators.c.wrong_tries == bindparam("expected"))
    .values(wrong_tries=bindparam("new_tries"), locked_until=bindparam("new_lock"))
)
_MOVE = Statement(
    update(operators).where(_OF, operators.c.state == bindparam("seen")).values(state=bindparam("to_state"))
)
_SET_SECRET = Statement(
    update(operators)
    .where(_OF, operators.c.secret_hash == bindparam("seen"))
    .values(secret_hash=bindparam("new_hash"), wrong_tries=bindparam("no_tries"), locked_until=null())
)
_LINK = Statement(
    update(operators)
    .where(_OF, operators.c.holder_id.is_not_distinct_from(bindparam("seen")))
    .values(holder_id=bindparam("new_holder"))
)

_IS_OPEN: Final = proposals.c.state == literal_column("'open'")
_ADD_PROPOSAL = Statement(insert(proposals).on_conflict_do_nothing(), keys=proposals.columns.keys())
_PROPOSAL = select_where(proposals, "proposal_id")
_OF_SUBJECT = Statement(
    select(proposals)
    .where(proposals.c.kind == bindparam("kind"), proposals.c.subject == bindparam("subject"))
    .order_by(proposals.c.proposal_id.desc())
)
_NEWEST = Statement(select(proposals).order_by(proposals.c.proposal_id.desc()).limit(bindparam("at_most")))
_EXPIRE = Statement(
    update(proposals)
    .where(
        proposals.c.kind == bindparam("of_kind"),
        proposals.c.subject == bindparam("of_subject"),
        _IS_OPEN,
        proposals.c.until <= bindparam("now"),
    )
    .values(state=bindparam("to_state"))
)
_END = Statement(
    update(proposals)
    .where(proposals.c.proposal_id == bindparam("of_proposal"), _IS_OPEN, proposals.c.until > bindparam("now"))
    .values(
        state=bindparam("to_state"),
        ended_by=bindparam("by_name"),
        ended_at=bindparam("at_time"),
        end_reason=bindparam("why"),
    )
)

_ACT_FIELDS: Final = ("act_id", "kind", "subject", "actor", "operator", "holder_id", "at", "salt")
_ACT_COLUMNS: Final = tuple(acts.c[name] for name in _ACT_FIELDS)
_ADD_ACT = insert_into(acts)
_ACTS_OF_SUBJECT = Statement(
    select(*_ACT_COLUMNS).where(acts.c.subject == bindparam("subject")).order_by(acts.c.act_id)
)
_ACTS_OF_HOLDER = Statement(
    select(*_ACT_COLUMNS).where(acts.c.holder_id == bindparam("holder_id")).order_by(acts.c.act_id)
)


class SqlOperators(OperatorRepository):
    """Operators over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, operator: Operator) -> bool:
        row = {
            "name": operator.name,
            "roles": " ".join(sorted(operator.roles)),
            "state": operator.state.value,
            "secret_hash": operator.secret_hash,
            "created_at": to_ms(operator.created_at),
            "added_by": operator.added_by,
            "holder_id": operator.holder_id,
            "wrong_tries": operator.wrong_tries,
            "locked_until": to_ms_or_none(operator.locked_until),
        }
        return self._db.run(_ADD_OPERATOR, row) == 1

    @override
    def get(self, name: str) -> Operator | None:
        row = self._db.one(_OPERATOR, {"name": name})
        return None if row is None else _operator(row)

    @override
    def list(self) -> Sequence[Operator]:
        return [_operator(row) for row in self._db.all(_OPERATORS, {})]

    @override
    def set_tries(self, operator: Operator, *, expected: int) -> bool:
        params = {
            "of_name": operator.name,
            "expected": expected,
            "new_tries": operator.wrong_tries,
            "new_lock": to_ms_or_none(operator.locked_until),
        }
        return self._db.run(_SET_TRIES, params) == 1

    @override
    def move(self, name: str, state: OperatorState, *, seen: OperatorState) -> bool:
        return self._db.run(_MOVE, {"of_name": name, "seen": seen.value, "to_state": state.value}) == 1

    @override
    def set_secret(self, name: str, secret_hash: str, *, seen: str) -> bool:
        params = {"of_name": name, "seen": seen, "new_hash": secret_hash, "no_tries": 0}
        return self._db.run(_SET_SECRET, params) == 1

    @override
    def link(self, name: str, holder_id: HolderId | None, *, seen: HolderId | None) -> bool:
        return self._db.run(_LINK, {"of_name": name, "seen": seen, "new_holder": holder_id}) == 1


class SqlProposals(ProposalRepository):
    """Proposals over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, proposal: Proposal) -> bool:
        ended = proposal.ended
        row = {
            "proposal_id": proposal.proposal_id,
            "kind": proposal.kind.value,
            "subject": proposal.subject,
            "about": proposal.about,
            "reason": proposal.reason,
            "proposed_by": proposal.by,
            "proposed_at": to_ms(proposal.at),
            "until": to_ms(proposal.until),
            "state": proposal.state.value,
            "ended_by": None if ended is None else ended.by,
            "ended_at": None if ended is None else to_ms(ended.at),
            "end_reason": None if ended is None else ended.reason,
        }
        return self._db.run(_ADD_PROPOSAL, row) == 1

    @override
    def get(self, proposal_id: str) -> Proposal | None:
        row = self._db.one(_PROPOSAL, {"proposal_id": proposal_id})
        return None if row is None else _proposal(row)

    @override
    def of_subject(self, kind: ProposalKind, subject: str) -> Sequence[Proposal]:
        return [_proposal(row) for row in self._db.all(_OF_SUBJECT, {"kind": kind.value, "subject": subject})]

    @override
    def list(self, *, limit: int) -> Sequence[Proposal]:
        return [_proposal(row) for row in self._db.all(_NEWEST, {"at_most": limit})]

    @override
    def expire(self, kind: ProposalKind, subject: str, *, now: datetime) -> bool:
        params = {
            "of_kind": kind.value,
            "of_subject": subject,
            "now": to_ms(now),
            "to_state": ProposalState.EXPIRED.value,
        }
        return self._db.run(_EXPIRE, params) == 1

    @override
    def end(self, proposal: Proposal) -> bool:
        if proposal.ended is None:
            raise ValueError("a proposal that is ended says by whom and when")
        params = {
            "of_proposal": proposal.proposal_id,
            "now": to_ms(proposal.ended.at),
            "to_state": proposal.state.value,
            "by_name": proposal.ended.by,
            "at_time": to_ms(proposal.ended.at),
            "why": proposal.ended.reason,
        }
        return self._db.run(_END, params) == 1


class SqlActs(ActRepository):
    """Attested acts over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, attested: AttestedAct, *, document: bytes, batch_id: BatchId, leaf_index: int) -> None:
        self._db.run(
            _ADD_ACT,
            {
                "act_id": attested.act_id,
                "kind": attested.kind.value,
                "subject": attested.subject,
                "actor": attested.actor,
                "operator": attested.operator,
                "holder_id": attested.holder_id,
                "at": to_ms(attested.at),
                "salt": attested.salt,
                "document": document,
                "batch_id": batch_id,
                "leaf_index": leaf_index,
            },
        )

    @override
    def of_subject(self, subject: str) -> Sequence[AttestedAct]:
        return [_act(row) for row in self._db.all(_ACTS_OF_SUBJECT, {"subject": subject})]

    @override
    def of_holder(self, holder_id: HolderId) -> Sequence[AttestedAct]:
        return [_act(row) for row in self._db.all(_ACTS_OF_HOLDER, {"holder_id": holder_id})]


def _operator(row: Row) -> Operator:
    return Operator(
        name=row[0],
        roles=frozenset(OperatorRole(role) for role in row[1].split()),
        state=OperatorState(row[2]),
        secret_hash=row[3],
        created_at=from_ms(row[4]),
        added_by=row[5],
        holder_id=HolderId(row[6]) if row[6] else None,
        wrong_tries=row[7],
        locked_until=from_ms_or_none(row[8]),
    )


def _proposal(row: Row) -> Proposal:
    return Proposal(
        proposal_id=row[0],
        kind=ProposalKind(row[1]),
        subject=row[2],
        about=HolderId(row[3]) if row[3] else None,
        reason=row[4],
        by=row[5],
        at=from_ms(row[6]),
        until=from_ms(row[7]),
        state=ProposalState(row[8]),
        ended=None if row[9] is None else SecondStep(by=row[9], at=from_ms(row[10]), reason=row[11]),
    )


def _act(row: Row) -> AttestedAct:
    return AttestedAct(
        act_id=row[0],
        kind=ActKind(row[1]),
        subject=row[2],
        actor=row[3],
        operator=row[4],
        holder_id=HolderId(row[5]) if row[5] else None,
        at=from_ms(row[6]),
        salt=row[7],
    )
