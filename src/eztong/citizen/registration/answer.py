"""Answer what was asked in one's application, or withdraw it (clause 2.1)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.journey import RESULT
from eztong.citizen.registration.result import result_page
from eztong.citizen.visit import Visit
from eztong.domain.errors import InputInvalid
from eztong.usecases.registration.answer_supplement import AnswerSupplement, answer_supplement
from eztong.usecases.registration.withdraw_application import WithdrawApplication, withdraw_application


def send(visit: Visit) -> Response:
    """Put the application before a person again; the result's page then says by when."""
    command = AnswerSupplement(session_hash=visit.session_hash, words=visit.form.get("words", ""))
    try:
        visit.act(answer_supplement, command, calendar=visit.services.deployment.calendar)
    except InputInvalid as error:
        return result_page(visit, error)
    return visit.redirect(RESULT)


def withdraw(visit: Visit) -> Response:
    """Erase the application; the result's page then says that nothing was kept."""
    command = WithdrawApplication(session_hash=visit.session_hash, understood="understood" in visit.form)
    try:
        visit.act(withdraw_application, command)
    except InputInvalid as error:
        return result_page(visit, error)
    return visit.redirect(RESULT)
