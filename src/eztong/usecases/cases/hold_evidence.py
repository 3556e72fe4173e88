"""Hold something as evidence of a case: it is kept as long as the case (clause 2.10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eztong.domain.cases.case import MAX_EVIDENCE, Case, CaseEvidence, CaseUnknown, EvidenceKind, EvidenceUnknown
from eztong.domain.errors import NotFound
from eztong.domain.feedback.ticket import TicketUnknown, parse_number
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act
from eztong.usecases.operators.check_operator import check_about_another, check_operator
from eztong.usecases.records.list_records import find_record

_RECORDS: Final = ("ver_", "att_")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvidence:
    """What a case holds from now on: ids of records of its account, and numbers of tickets."""

    case_id: str
    evidence: tuple[str, ...]


def add_evidence(act: Act, command: AddEvidence) -> Sequence[CaseEvidence]:
    """Hold it, and return what is new.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        CaseUnknown: there is no such case, or it is over, so that it holds nothing more.
        EvidenceUnknown: one of the ids is nothing that could be held, or the case holds as much as it may.
    """
    operator = check_operator(act, Permission.CASES_OPEN, command.case_id)
    case = act.uow.cases.get(command.case_id)
    if case is None or case.is_over(act.now):
        raise CaseUnknown
    check_about_another(operator, case.holder_id, stored=act.uow)
    found = (hold(act, case, evidence_id) for evidence_id in command.evidence)
    return [one for one in found if one is not None]


def hold(act: Act, case: Case, named: str) -> CaseEvidence | None:
    """Hold one thing; None if the case holds it already.

    Raises:
        EvidenceUnknown: it is not there, or another account's record; or the case holds as much as it may.
    """
    kind, evidence_id = _found(act, case, named.strip())
    if len(act.uow.cases.evidence(case.case_id)) >= MAX_EVIDENCE:
        raise EvidenceUnknown(f"A case holds {MAX_EVIDENCE} things at most.")
    item = CaseEvidence(
        holder_id=case.holder_id,
        case_id=case.case_id,
        evidence_id=evidence_id,
        kind=kind,
        added_by=act.by.name,
        added_at=act.now,
    )
    return item if act.uow.cases.add_evidence(item) else None


def _found(act: Act, case: Case, named: str) -> tuple[EvidenceKind, str]:
    if named.startswith(_RECORDS):
        try:
            record = find_record(case.holder_id, named, stored=act.uow)
        except NotFound:
            raise EvidenceUnknown from None
        return EvidenceKind.VERIFICATION if record.is_use else EvidenceKind.REFUSED_TRY, record.record_id
    try:
        ticket = act.uow.tickets.by_number(parse_number(named))
    except TicketUnknown:
        ticket = None
    if ticket is None:
        raise EvidenceUnknown
    return EvidenceKind.TICKET, ticket.ticket_id
