"""Phone and message code: what binds this browser to the application (clause 2.6)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.citizen.browser.agent import device_label
from eztong.citizen.browser.asker import asker_of, keep_known
from eztong.citizen.credentials.code_form import SLIP, check_sent_anew, open_code, typed_code
from eztong.citizen.journey import OTP, PHONE, next_path
from eztong.citizen.limits import SENDS, count
from eztong.citizen.visit import Visit
from eztong.domain.access.otp import OtpChallenge, OtpIncomplete, OtpPurpose
from eztong.domain.errors import EztongError, OtpExpired, OtpLocked, OtpWrong, TooMany
from eztong.domain.identity.masking import mask_phone
from eztong.domain.identity.phone import Phone, PhoneInvalid, parse_phone
from eztong.pages.error_pages import sentence_of
from eztong.usecases.refusal import accepted
from eztong.usecases.registration.confirm_phone import (
    AskForOtp,
    ConfirmOtp,
    confirm_registration_otp,
    send_registration_otp,
)
from eztong.usecases.vault import open_vault

_AGAIN: Final = "again"


def ask(visit: Visit) -> Response:
    """Ask for the phone, unless another step is due."""
    way_on = _way_on(visit)
    if way_on != PHONE:
        return visit.redirect(way_on)
    return _phone_page(visit, "")


def send(visit: Visit) -> Response:
    """Send a message code to the phone that was typed."""
    way_on = _way_on(visit)
    if way_on != PHONE:
        return visit.redirect(way_on)
    typed = visit.form.get("phone", "")
    try:
        _send(visit, parse_phone(typed))
    except PhoneInvalid as error:
        return _phone_page(visit, typed, error, field=True)
    except TooMany as error:
        return _phone_page(visit, typed, error, field=False)
    return visit.redirect(OTP)


def ask_otp(visit: Visit) -> Response:
    """Ask for the message code."""
    way_on = _way_on(visit)
    if way_on != PHONE:
        return visit.redirect(way_on)
    if _phone_of(visit) is None:
        return visit.redirect(PHONE)
    return _otp_page(visit, sent_again=visit.request.query_params.get("sent") == _AGAIN)


def confirm(visit: Visit) -> Response:
    """Check the message code and bind this browser; or send another message."""
    way_on = _way_on(visit)
    if way_on != PHONE:
        return visit.redirect(way_on)
    try:
        if visit.form.get("act") == "resend":
            return _resend(visit)
        _confirm(visit)
    except (OtpWrong, OtpIncomplete, OtpExpired, TooMany) as error:
        return _otp_page(visit, error)
    return keep_known(visit, visit.redirect(_way_on(visit)), token=visit.token)


def _send(visit: Visit, phone: Phone) -> OtpChallenge:
    count(SENDS[OtpPurpose.REGISTER], visit)
    command = AskForOtp(asker=asker_of(visit), phone=phone, language=visit.words.language)
    return visit.act(send_registration_otp, command)


def _resend(visit: Visit) -> Response:
    phone = _phone_of(visit)
    if phone is None:
        return visit.redirect(PHONE)
    before = open_code(visit, OtpPurpose.REGISTER)
    sent = _send(visit, phone)
    check_sent_anew(sent, before, now=visit.now)
    return visit.redirect(f"{OTP}?sent={_AGAIN}")


def _confirm(visit: Visit) -> None:
    command = ConfirmOtp(code=typed_code(visit), device_label=device_label(visit))
    accepted(visit.act(confirm_registration_otp, command))


def _phone_page(visit: Visit, typed: str, error: EztongError | None = None, *, field: bool = False) -> Response:
    sentence = "" if error is None else sentence_of(error, visit)
    return visit.form_page(
        "registration/phone.html",
        because=error,
        phone=typed,
        error=sentence if field else "",
        problem="" if field else sentence,
        has_code=_phone_of(visit) is not None and open_code(visit, OtpPurpose.REGISTER) is not None,
    )


def _otp_page(visit: Visit, error: EztongError | None = None, *, sent_again: bool = False) -> Response:
    phone = _phone_of(visit)
    at_field = isinstance(error, (OtpWrong, OtpIncomplete))
    code = open_code(visit, OtpPurpose.REGISTER)
    sentence = "" if error is None else sentence_of(error, visit)
    return visit.form_page(
        "registration/phone_otp.html",
        because=error,
        masked_phone="" if phone is None else mask_phone(phone.value),
        error=sentence if at_field else "",
        problem="" if at_field else sentence,
        code_problem=isinstance(error, (OtpExpired, OtpLocked)),
        locked=isinstance(error, OtpLocked),
        sent_again=sent_again,
        resend_in=0 if code is None else code.resend_in(now=visit.now),
        slip="" if code is None else visit.form.get(SLIP, code.challenge_id),
        is_reserve=code is not None and code.is_reserve,
        sent_ago=None if code is None else int((visit.now - code.created_at).total_seconds()),
    )


def _way_on(visit: Visit) -> str:
    with visit.services.store.read() as stored:
        return next_path(visit.signed_in(stored), stored=stored)


def _phone_of(visit: Visit) -> Phone | None:
    with visit.services.store.read() as stored:
        holder = visit.signed_in(stored).holder
    if holder.sealed_phone is None:
        return None
    return parse_phone(open_vault(holder, keys=visit.services.keys).open("sealed_phone", holder.sealed_phone).decode())
