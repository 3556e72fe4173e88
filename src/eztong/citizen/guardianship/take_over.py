"""Take over the account that a guardian kept, on a phone of one's own (PIPL art. 31)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.citizen.browser.asker import asker_of
from eztong.citizen.browser.session import opening_of, signed_in
from eztong.citizen.credentials.code_form import code_page, open_code, typed_code
from eztong.citizen.journey import TAKE_OVER
from eztong.citizen.limits import SENDS, count
from eztong.citizen.visit import Visit
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.errors import EztongError, InputInvalid, OtpExpired, TooMany
from eztong.domain.guardianship.guardianship import HandOverDigitsInvalid, HandOverWrong
from eztong.domain.holder import PhoneFull
from eztong.domain.identity.citizen_number import NumberInvalid
from eztong.domain.identity.phone import PhoneInvalid
from eztong.http.cookies import new_token
from eztong.pages.error_pages import sentence_of
from eztong.usecases.guardianship.take_over import AskToTakeOver, TakeOver, ask_to_take_over, check_typed, take_over
from eztong.usecases.refusal import accepted

CODE: Final = f"{TAKE_OVER}/code"
SETUP: Final = "/unlock/setup?next=/register"
"""First a PIN or passkey of one's own, then one's own consent."""


def ask(visit: Visit) -> Response:
    """Ask for number, digits and phone."""
    return _page(visit)


def send(visit: Visit) -> Response:
    """Send the message code, if the digits are right."""
    form = visit.form
    command = AskToTakeOver(
        asker=asker_of(visit),
        number=form.get("number", ""),
        digits=form.get("digits", ""),
        phone=form.get("phone", ""),
        language=visit.words.language,
    )
    try:
        check_typed(command, services=visit.services)
        count(SENDS[OtpPurpose.TAKE_OVER], visit)
        ask_to_take_over(command, services=visit.services)
    except (InputInvalid, TooMany) as error:
        return _page(visit, error)
    return visit.redirect(CODE)


def ask_code(visit: Visit) -> Response:
    """Ask for the code while one is open; else lead back to the start."""
    if open_code(visit, OtpPurpose.TAKE_OVER) is None:
        return visit.redirect(TAKE_OVER)
    return _code_page(visit)


def confirm(visit: Visit) -> Response:
    """Take the account over; the session that opens has a fresh token."""
    token = new_token(entropy=visit.services.entropy)
    command = TakeOver(opening=opening_of(visit, token), code=typed_code(visit))
    try:
        accepted(visit.act(take_over, command))
    except (InputInvalid, OtpExpired, TooMany, PhoneFull) as error:
        return _code_page(visit, error)
    return signed_in(visit, token, visit.redirect(SETUP))


def _page(visit: Visit, error: EztongError | None = None) -> Response:
    sentence = "" if error is None else sentence_of(error, visit)
    at_number, at_phone = isinstance(error, NumberInvalid), isinstance(error, PhoneInvalid)
    at_digits = isinstance(error, (HandOverDigitsInvalid, HandOverWrong))
    return visit.form_page(
        "guardianship/take_over.html",
        because=error,
        number=visit.form.get("number", ""),
        phone=visit.form.get("phone", ""),
        number_error=sentence if at_number else "",
        digits_error=sentence if at_digits else "",
        phone_error=sentence if at_phone else "",
        problem="" if at_number or at_digits or at_phone else sentence,
        has_code=open_code(visit, OtpPurpose.TAKE_OVER) is not None,
    )


def _code_page(visit: Visit, error: EztongError | None = None) -> Response:
    return code_page(visit, "guardianship/take_over_code.html", OtpPurpose.TAKE_OVER, error)
