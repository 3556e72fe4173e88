"""Proposals over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads
from eztong.adapters.storage.sql.statements import TOP, Database, Row, Statement, select_where
from eztong.adapters.storage.sql.tables.operators.proposals import proposals
from eztong.domain.damage import Listed
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState, SecondStep
from eztong.ports.storage.operators.proposals import ProposalRepository

_IS_OPEN: Final = proposals.c.state == literal_column("'open'")
_ADD_PROPOSAL = Statement(insert(proposals).on_conflict_do_nothing(), keys=proposals.columns.keys())
_PROPOSAL = select_where(proposals, "proposal_id")
_OF_SUBJECT = Statement(
    select(proposals)
    .where(proposals.c.kind == bindparam("kind"), proposals.c.subject == bindparam("subject"))
    .order_by(proposals.c.proposal_id.desc())
)
_NEWEST = Statement(
    select(*as_bytes(proposals.columns))
    .where(proposals.c.proposal_id < bindparam("edge"))
    .order_by(proposals.c.proposal_id.desc())
    .limit(bindparam("at_most"))
)
_OPEN = Statement(
    select(*as_bytes(proposals.columns))
    .where(_IS_OPEN)
    .order_by(proposals.c.until, proposals.c.proposal_id)
    .limit(bindparam("at_most"))
)
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
    def list(self, *, before: str | None = None, limit: int) -> Listed[Proposal]:
        params = {"edge": TOP if before is None else before, "at_most": limit}
        return listed(_proposal, proposals, self._db.all(_NEWEST, params))

    @override
    def open(self, *, limit: int) -> Listed[Proposal]:
        return listed(_proposal, proposals, self._db.all(_OPEN, {"at_most": limit}))

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


@reads(proposals)
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
