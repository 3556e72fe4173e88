"""The form that asks for a message code, and for a PIN where there is one: signing in, freezing, recovering."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.domain.citizen_number import NumberInvalid
from eztong.domain.errors import EztongError, OtpExpired, OtpWrong, TooMany
from eztong.domain.pin import PinLocked, PinMalformed, PinWrong
from eztong.domain.real_name import NameInvalid
from eztong.domain.recovery import RecoveryPaused
from eztong.pages.error_pages import form_status, sentence_of


def code_page(visit: Visit, template: str, error: EztongError | None = None, **more: Any) -> Response:  # noqa: ANN401 - whatever the template shows
    """Ask for the message code and the PIN, and say at which of them an error lies; ``more`` is carried along."""
    sentence = "" if error is None else sentence_of(error, visit)
    at_otp, at_pin = isinstance(error, OtpWrong), isinstance(error, (PinWrong, PinMalformed))
    at_name, at_number = isinstance(error, NameInvalid), isinstance(error, NumberInvalid)
    return visit.form_page(
        template,
        status=form_status(error),
        otp=visit.form.get("otp", "") if at_pin or at_name or at_number else "",
        otp_error=sentence if at_otp else "",
        pin_error=sentence if at_pin else "",
        name_error=sentence if at_name else "",
        number_error=sentence if at_number else "",
        problem="" if at_otp or at_pin or at_name or at_number else sentence,
        over=isinstance(error, (OtpExpired, TooMany)) and not isinstance(error, (PinLocked, RecoveryPaused)),
        **more,
    )
