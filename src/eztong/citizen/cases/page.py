"""Decisions about misuse of the own account: what was decided and why, and the objection (clause 2.10)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.citizen.journey import own_tab
from eztong.citizen.visit import Visit
from eztong.domain.cases.case import AppealNotOpen, Case, evidence_counts
from eztong.domain.errors import EztongError, StateConflict
from eztong.domain.feedback.ticket import MAX_WORDS, WordsMissing, WordsTooLong, grouped, parse_number
from eztong.i18n.moments import date_words, moment_words
from eztong.pages.error_pages import sentence_of
from eztong.usecases.cases.appeal_case import AppealCase, appeal_case
from eztong.usecases.cases.find_decision import CaseProof, decisions_about, read_decision

ON_THE_PAGE: Final = (WordsMissing, WordsTooLong, AppealNotOpen, StateConflict)


def show(visit: Visit) -> Response:
    """List what was decided about the signed-in account, newest first.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    with visit.services.store.read() as stored:
        found = decisions_about(visit.session_hash, stored=stored, now=visit.now)
    rows = [(one, date_words(one.decided_at or visit.now, words=visit.words)) for one in found]
    return visit.form_page("cases/page.html", tab="me", rows=rows)


def show_one(visit: Visit) -> Response:
    """Show one decision about the signed-in account.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, CaseUnknown: it is none of it.
    """
    return decision_page(visit, _of_account(visit))


def appeal(visit: Visit) -> Response:
    """Object to it."""
    proof = _of_account(visit)
    try:
        send_appeal(visit, proof)
    except ON_THE_PAGE as error:
        return decision_page(visit, proof, error)
    return visit.redirect(visit.request.url.path)


def send_appeal(visit: Visit, proof: CaseProof) -> None:
    """Store what the form says against the decision."""
    command = AppealCase(proof=proof, words=visit.form.get("words", ""))
    visit.act(appeal_case, command, calendar=visit.services.deployment.calendar)


def decision_page(visit: Visit, proof: CaseProof, error: EztongError | None = None) -> Response:
    """Show the decision that ``proof`` opens, with the form of an objection while that is possible."""
    services = visit.services
    with services.store.read() as stored:
        found = read_decision(proof, stored=stored, keys=services.keys, now=visit.now)
    case, words = found.case, visit.words
    return visit.form_page(
        "cases/page_one.html",
        because=error,
        problem="" if error is None else sentence_of(error, visit),
        case=case,
        stands=_stands(case),
        number=grouped(case.number),
        secret=proof.secret,
        decided=date_words(case.decided_at or visit.now, words=words),
        until="" if case.appeal_until is None else date_words(case.appeal_until.at, words=words),
        due=date_words(case.due.at, words=words),
        evidence=evidence_counts(found.evidence),
        said=[(one.move, moment_words(one.at, now=visit.now, words=words), one.text) for one in found.said if one.text],
        may_appeal=case.may_appeal(visit.now),
        words=visit.form.get("words", "") if error is not None else "",
        most=MAX_WORDS,
        tab=own_tab(visit),
    )


def _stands(case: Case) -> str:
    """Return in one word where the decision stands."""
    if case.lifted_at is not None:
        return "lifted"
    return case.state.value if case.appealed_at is not None else "decided"


def _of_account(visit: Visit) -> CaseProof:
    number = parse_number(visit.request.path_params["number"])
    return CaseProof(number=number, secret=None, session_hash=visit.session_hash)
