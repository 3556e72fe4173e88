"""The form that asks for a message code, and for a PIN where there is one: signing in, freezing, recovering.

It has an address of its own while a code is open, so that a reload, a second press of «send» or a tab that the phone
dropped leads back to it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.domain.access.otp import OtpChallenge, OtpIncomplete, OtpPurpose
from eztong.domain.access.pin import PinLocked, PinMalformed, PinWrong
from eztong.domain.errors import EztongError, OtpExpired, OtpWrong, TooMany
from eztong.domain.identity.citizen_number import NumberInvalid
from eztong.domain.identity.real_name import NameInvalid
from eztong.domain.recovery import RecoveryPaused
from eztong.pages.error_pages import sentence_of
from eztong.usecases.access.message_code import TypedCode, find_open_code

SLIP = "slip"


def open_code(visit: Visit, purpose: OtpPurpose) -> OtpChallenge | None:
    """Return the code that this browser asked for and may still type."""
    with visit.services.store.read() as stored:
        return find_open_code(visit.session_hash, purpose, stored=stored, now=visit.now)


def check_sent_anew(sent: OtpChallenge, before: OtpChallenge | None, *, now: datetime) -> None:
    """Refuse to say that another code was sent where the one of before still is the newest.

    Raises:
        TooMany: with the seconds until another one is sent.
    """
    if before is not None and sent.challenge_id == before.challenge_id:
        raise TooMany(retry_after=sent.resend_in(now=now))


def typed_code(visit: Visit) -> TypedCode:
    """Return what was typed, with the code that the form is for."""
    form = visit.form
    return TypedCode(session_hash=visit.session_hash, slip=form.get(SLIP, ""), digits=form.get("otp", ""))


def code_page(
    visit: Visit,
    template: str,
    purpose: OtpPurpose,
    error: EztongError | None = None,
    **more: Any,  # noqa: ANN401 - whatever the template shows
) -> Response:
    """Ask for the message code and the PIN, and say at which of them an error lies; ``more`` is carried along."""
    sentence = "" if error is None else sentence_of(error, visit)
    at_otp = isinstance(error, (OtpWrong, OtpIncomplete))
    at_pin = isinstance(error, (PinWrong, PinMalformed))
    at_name, at_number = isinstance(error, NameInvalid), isinstance(error, NumberInvalid)
    return visit.form_page(
        template,
        because=error,
        otp=visit.form.get("otp", "") if at_pin or at_name or at_number else "",
        otp_error=sentence if at_otp else "",
        pin_error=sentence if at_pin else "",
        name_error=sentence if at_name else "",
        number_error=sentence if at_number else "",
        problem="" if at_otp or at_pin or at_name or at_number else sentence,
        over=isinstance(error, (OtpExpired, TooMany)) and not isinstance(error, (PinLocked, RecoveryPaused)),
        **_sent(visit, purpose),
        **more,
    )


def _sent(visit: Visit, purpose: OtpPurpose) -> dict[str, Any]:
    code = open_code(visit, purpose)
    if code is None:
        return {SLIP: "", "sent_ago": None, "is_reserve": False}
    # A form that was answered keeps its own code: if a newer one was asked for meanwhile, it serves no more.
    slip = visit.form.get(SLIP, code.challenge_id)
    return {SLIP: slip, "sent_ago": int((visit.now - code.created_at).total_seconds()), "is_reserve": code.is_reserve}
