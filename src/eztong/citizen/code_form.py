"""The form that asks for a message code, and for a PIN where there is one: signing in, freezing, recovering."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.domain.errors import EztongError, OtpExpired, OtpWrong, TooMany
from eztong.domain.pin import PinLocked, PinMalformed, PinWrong
from eztong.pages.error_pages import form_status, sentence_of


def code_page(visit: Visit, template: str, error: EztongError | None = None, **more: Any) -> Response:  # noqa: ANN401 - whatever the template shows
    """Ask for the message code and the PIN, and say at which of them an error lies; ``more`` is carried along."""
    sentence = "" if error is None else sentence_of(error, visit)
    at_otp, at_pin = isinstance(error, OtpWrong), isinstance(error, (PinWrong, PinMalformed))
    return visit.form_page(
        template,
        status=form_status(error),
        otp=visit.form.get("otp", "") if at_pin else "",
        otp_error=sentence if at_otp else "",
        pin_error=sentence if at_pin else "",
        problem="" if at_otp or at_pin else sentence,
        over=isinstance(error, (OtpExpired, TooMany)) and not isinstance(error, PinLocked),
        **more,
    )
