"""A case as commands show it: to people line by line, to programs as a document."""

from __future__ import annotations

from typing import Any

from eztong.cli.console import print_json, say
from eztong.domain.canonical_json import render_time
from eztong.domain.cases.case import Case
from eztong.ports.keys import Keys
from eztong.usecases.cases.read_case import CaseFile
from eztong.usecases.own_data.reveal_identity import mask_identity, open_identity


def row_of(case: Case) -> dict[str, Any]:
    """Return where a case stands; nothing of the person."""
    until = case.appeal_until
    return {
        "case_id": case.case_id,
        "number": case.number,
        "holder_id": case.holder_id,
        "reason": case.reason.value,
        "state": case.state.value,
        "measure": None if case.measure is None else case.measure.value,
        "ceiling": None if case.ceiling is None else case.ceiling.value,
        "due_at": render_time(case.due.at) if case.waits else None,
        "appeal_until": None if until is None else render_time(until.at),
        "lifted_at": None if case.lifted_at is None else render_time(case.lifted_at),
        "proposal": case.proposal_id,
        "claim_fen": case.claim,
    }


def file_of(file: CaseFile, *, keys: Keys) -> dict[str, Any]:
    """Return all there is of a case, with masked data of the person."""
    person: dict[str, str | None] = {"name": None, "document_number": None, "phone": None}
    if file.holder is not None and not file.holder.is_erased:
        own = mask_identity(open_identity(file.holder, keys=keys))
        person = {"name": own.name, "document_number": own.number, "phone": own.phone}
    stands = "erased" if file.holder is None else file.holder.standing
    said = [
        {"step": one.move.value, "at": render_time(one.at), "operator": one.operator, "words": one.text}
        for one in file.said
    ]
    tries = [{"id": one.attempt_id, "at": render_time(one.at), "why": one.reason} for one in file.signals.newest_tries]
    reports = [{"id": one.report_id, "record": one.record_id} for one in file.signals.reports]
    return {
        **row_of(file.case),
        "account": stands,
        **person,
        "evidence": [{"kind": one.kind.value, "id": one.evidence_id} for one in file.evidence],
        "refused_tries": dict(file.signals.tries),
        "newest_tries": tries,
        "reports": reports,
        "steps": said,
    }


def say_case(case: Case, told: str, *, as_json: bool) -> None:
    """Say what became of a case."""
    if as_json:
        print_json(row_of(case))
    else:
        say(told)
