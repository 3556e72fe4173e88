"""See one's application again from any browser, and object to its refusal (clause 2.1)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.browser.asked_phone import keep_phone, kept_phone
from eztong.citizen.browser.asker import asker_of
from eztong.citizen.credentials.code_form import check_sent_anew, code_page, open_code, typed_code
from eztong.citizen.journey import RESULT
from eztong.citizen.limits import SENDS, count
from eztong.citizen.registration.result import result_page
from eztong.citizen.visit import Visit
from eztong.domain.access.otp import OtpChallenge, OtpPurpose
from eztong.domain.errors import EztongError, InputInvalid, OtpExpired, TooMany
from eztong.domain.identity.masking import mask_phone
from eztong.domain.identity.phone import Phone, PhoneInvalid, parse_phone
from eztong.domain.registration import ApplicationMissing
from eztong.http.cookies import new_token
from eztong.pages.error_pages import sentence_of
from eztong.usecases.access.find_session import hash_session
from eztong.usecases.refusal import accepted
from eztong.usecases.registration.appeal_application import AppealApplication, appeal_application
from eztong.usecases.registration.see_application import (
    AskForApplication,
    SeeApplication,
    ask_for_application,
    see_application,
)

PHONE_PAGE = "/register/application"
CODE_PAGE = "/register/application/code"
_AGAIN = "again"


def ask(visit: Visit) -> Response:
    """Ask for the phone of the application."""
    return _phone_page(visit)


def send(visit: Visit) -> Response:
    """Send a message code, if an application names the phone; the page that follows is the same either way."""
    try:
        phone = parse_phone(visit.form.get("phone", ""))
        _send(visit, phone)
    except (PhoneInvalid, TooMany) as error:
        return _phone_page(visit, error)
    return keep_phone(visit, visit.redirect(CODE_PAGE), phone)


def ask_code(visit: Visit) -> Response:
    """Ask for the code while one is open; else lead back to the phone."""
    if open_code(visit, OtpPurpose.APPLICATION) is None:
        return visit.redirect(PHONE_PAGE)
    return _code_page(visit, sent_again=visit.request.query_params.get("sent") == _AGAIN)


def confirm(visit: Visit) -> Response:
    """Check code and digits, and open a session that sees the application alone; or send another message."""
    token = new_token(entropy=visit.services.entropy)
    command = SeeApplication(
        fresh_hash=hash_session(token, keys=visit.services.keys),
        code=typed_code(visit),
        last_four=visit.form.get("last_four", ""),
    )
    try:
        if visit.form.get("act") == "resend":
            return _resend(visit)
        accepted(visit.act(see_application, command))
    except (InputInvalid, OtpExpired, TooMany, ApplicationMissing) as error:
        return _code_page(visit, error)
    response = visit.redirect(RESULT)
    visit.door.cookies.keep_session(response, token)
    return response


def _send(visit: Visit, phone: Phone) -> OtpChallenge:
    count(SENDS[OtpPurpose.APPLICATION], visit)
    command = AskForApplication(asker=asker_of(visit), phone=phone, language=visit.words.language)
    return visit.act(ask_for_application, command)


def _resend(visit: Visit) -> Response:
    phone = kept_phone(visit)
    if phone is None:
        return visit.redirect(PHONE_PAGE)
    before = open_code(visit, OtpPurpose.APPLICATION)
    sent = _send(visit, phone)
    check_sent_anew(sent, before, now=visit.now)
    return keep_phone(visit, visit.redirect(f"{CODE_PAGE}?sent={_AGAIN}"), phone)


def appeal(visit: Visit) -> Response:
    """Put the application before a person; the result's page then says by when."""
    command = AppealApplication(session_hash=visit.session_hash, words=visit.form.get("words", ""))
    try:
        visit.act(appeal_application, command, calendar=visit.services.deployment.calendar)
    except InputInvalid as error:
        return result_page(visit, error)
    return visit.redirect(RESULT)


def _phone_page(visit: Visit, error: EztongError | None = None) -> Response:
    at_field = isinstance(error, PhoneInvalid)
    sentence = "" if error is None else sentence_of(error, visit)
    return visit.form_page(
        "registration/application.html",
        because=error,
        phone=visit.form.get("phone", ""),
        error=sentence if at_field else "",
        problem="" if at_field else sentence,
        code_path=CODE_PAGE if open_code(visit, OtpPurpose.APPLICATION) else "",
    )


def _code_page(visit: Visit, error: EztongError | None = None, *, sent_again: bool = False) -> Response:
    phone, code = kept_phone(visit), open_code(visit, OtpPurpose.APPLICATION)
    return code_page(
        visit,
        "registration/application_code.html",
        OtpPurpose.APPLICATION,
        error,
        missing=isinstance(error, ApplicationMissing),
        not_sent=isinstance(error, TooMany) and visit.form.get("act") == "resend",
        masked_phone="" if phone is None else mask_phone(phone.value),
        resend_in=0 if code is None else code.resend_in(now=visit.now),
        sent_again=sent_again,
        again=PHONE_PAGE,
    )
