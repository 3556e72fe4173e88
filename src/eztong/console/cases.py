"""Cases of misuse: the queue by due day, one of them with masked data, and what staff do in it (clause 2.10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starlette.responses import Response

from eztong.console.visit import Visit, cursor
from eztong.domain.cases.case import Case, CaseReason, CaseState, Measure
from eztong.domain.errors import EztongError
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.incomplete import ChoiceMissing
from eztong.domain.operators.permission import Permission
from eztong.domain.own_data.sighting import StaffReads
from eztong.domain.restrictions.mark import Ceiling
from eztong.usecases.cases.appeal_case import DecideAppeal, decide_appeal
from eztong.usecases.cases.hold_evidence import AddEvidence, add_evidence
from eztong.usecases.cases.open_case import CaseNote, OpenCase, claim_damages, dismiss_case, find_case, open_case
from eztong.usecases.cases.read_case import CaseFile, read_case
from eztong.usecases.cases.take_measure import TakeMeasure, propose_measure, warn_account
from eztong.usecases.own_data.note_reading import note_reading
from eztong.usecases.own_data.reveal_identity import OwnIdentity, mask_identity, open_identity

HOME: Final = "/console/cases"
SHOWN: Final = 50
MEASURES: Final = ("warn", "restrict", "terminate")
ANSWERS: Final = ("uphold", "lift")
NOTES: Final = ("evidence", "dismiss", "claim")


GONE: Final = OwnIdentity(name="—", number="—", phone="—")
"""What is shown of somebody of whom nothing is kept."""


def show(visit: Visit) -> Response:
    """Show the queue, what is due first at the top; the next page begins after the last row of this one."""
    return _queue(visit)


def open_one(visit: Visit) -> Response:
    """Open a case about the account of an id that was typed, as tickets and applications name it."""
    services = visit.services
    holder_id = HolderId(visit.form.get("account", "").strip())
    evidence = tuple(visit.form.get("evidence", "").split())
    try:
        reason = _chosen(CaseReason, visit.form.get("reason", ""))
        command = OpenCase(reason=reason, words=visit.form.get("words", ""), evidence=evidence)
        calendar = services.deployment.calendar
        case = visit.audited(
            lambda: services.perform(visit.acting, open_case, holder_id, command, calendar=calendar),
            subject=holder_id,
        )
    except EztongError as error:
        return _queue(visit, error=error)
    return visit.redirect_done(f"{HOME}/{case.case_id}")


def show_one(visit: Visit) -> Response:
    """Show one case; that it was shown stands in the account's history before."""
    return _page(visit)


def note(visit: Visit) -> Response:
    """Add evidence or damages, or close the case, as the form says."""
    case_id, words = _id(visit), visit.form.get("words", "")
    perform = visit.services.perform
    acts: dict[str, Callable[[], object]] = {
        "evidence": lambda: perform(
            visit.acting,
            add_evidence,
            AddEvidence(case_id=case_id, evidence=tuple(visit.form.get("evidence", "").split())),
        ),
        "claim": lambda: perform(
            visit.acting, claim_damages, CaseNote(case_id=case_id, claim=visit.form.get("claim", ""), words=words)
        ),
        "dismiss": lambda: perform(visit.acting, dismiss_case, CaseNote(case_id=case_id, words=words)),
    }
    return _done(visit, acts)


def take_measure(visit: Visit) -> Response:
    """Warn, or propose what takes two operators, in words that the holder reads."""
    services, measure = visit.services, visit.form.get("do", "")
    how_far = visit.form.get("ceiling", "") if measure == Measure.RESTRICT else ""

    def act() -> object:
        chosen = _chosen(Measure, measure)
        ceiling = _chosen(Ceiling, how_far) if how_far else None
        words = visit.form.get("words", "")
        command = TakeMeasure(case_id=_id(visit), measure=chosen, ceiling=ceiling, words=words)
        if chosen is Measure.WARN:
            return services.perform(visit.acting, warn_account, command, calendar=services.deployment.calendar)
        return services.perform(visit.acting, propose_measure, command)

    return _done(visit, dict.fromkeys(MEASURES, act))


def decide(visit: Visit) -> Response:
    """Let the decision stand, or take it back, in words that the holder reads."""
    words = visit.form.get("words", "")

    def act() -> object:
        command = DecideAppeal(case_id=_id(visit), uphold=visit.form.get("do") == "uphold", words=words)
        return visit.services.perform(visit.acting, decide_appeal, command)

    return _done(visit, dict.fromkeys(ANSWERS, act))


def _done(visit: Visit, acts: dict[str, Callable[[], object]]) -> Response:
    act = acts.get(visit.form.get("do", ""))
    if act is None:
        raise ChoiceMissing
    try:
        visit.audited(act, subject=_id(visit))
    except EztongError as error:
        return _page(visit, error=error)
    return visit.redirect_done(f"{HOME}/{_id(visit)}")


def _queue(visit: Visit, *, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        waiting = stored.cases.waiting(after=visit.after(), limit=SHOWN + 1)
    rows = [(one, one.is_overdue(visit.now)) for one in waiting.those[:SHOWN]]
    return visit.form_page(
        "cases.html",
        because=error,
        rows=rows,
        next_page=cursor(rows[-1][0].due.at, rows[-1][0].case_id) if len(waiting.those) > SHOWN else "",
        unreadable=waiting.unreadable,
        may_open=visit.may(Permission.CASES_OPEN),
        reasons=list(CaseReason),
        typed=visit.form,
    )


def _page(visit: Visit, *, error: EztongError | None = None) -> Response:
    services, case_id = visit.services, _id(visit)
    with services.store.read() as stored:
        about = find_case(case_id, stored=stored).holder_id
    services.perform(visit.acting, note_reading, StaffReads.CASE, [about])
    with services.store.read() as stored:
        file = read_case(case_id, stored=stored, keys=services.keys, now=visit.now)
    return visit.form_page(
        "cases_one.html",
        because=error,
        case=file.case,
        holder=file.holder,
        person=_masked(visit, file),
        said=file.said,
        evidence=file.evidence,
        signals=file.signals,
        is_overdue=file.case.is_overdue(visit.now),
        ceilings=list(Ceiling),
        typed=visit.form,
        **_may(visit, file.case),
    )


def _may(visit: Visit, case: Case) -> dict[str, bool]:
    took_part = visit.on_duty.operator.name in {case.proposed_by, case.decided_by}
    return {
        "may_add": not case.is_over(visit.now) and visit.may(Permission.CASES_OPEN),
        "may_measure": case.state is CaseState.OPEN and visit.may(Permission.CASES_MEASURE),
        "may_dismiss": case.state is CaseState.OPEN and visit.may(Permission.CASES_OPEN),
        "may_uphold": case.state is CaseState.APPEALED and not took_part and visit.may(Permission.CASES_APPEALS),
        "may_lift": (case.state is CaseState.APPEALED or case.holds)
        and not took_part
        and visit.may(Permission.CASES_APPEALS),
    }


def _masked(visit: Visit, file: CaseFile) -> OwnIdentity:
    if file.holder is None or file.holder.is_erased:
        return GONE
    return mask_identity(open_identity(file.holder, keys=visit.services.keys))


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["case_id"])


def _chosen(kind: Any, value: str) -> Any:  # noqa: ANN401 - one of several enumerations
    try:
        return kind(value)
    except ValueError:
        raise ChoiceMissing from None
