"""Take over the account that a guardian kept, on a phone of one's own (PIPL art. 31)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from starlette.responses import Response

from eztong.citizen.browser.asker import asker_of
from eztong.citizen.browser.session import opening_of, signed_in
from eztong.citizen.credentials.code_form import check_sent_anew, code_page, open_code, typed_code
from eztong.citizen.journey import TAKE_OVER
from eztong.citizen.limits import SENDS, count
from eztong.citizen.visit import Visit
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.errors import EztongError, InputInvalid, OtpExpired, TooMany
from eztong.domain.guardianship.guardianship import HandOverWrong
from eztong.domain.holder import PhoneFull
from eztong.domain.identity.masking import mask_phone
from eztong.http.cookies import new_token
from eztong.pages.error_pages import sentence_of
from eztong.usecases.guardianship.take_over import (
    AskAgain,
    AskToTakeOver,
    TakeOver,
    ask_to_take_over,
    ask_to_take_over_again,
    phone_to_prove,
    slips_of,
    take_over,
)
from eztong.usecases.refusal import accepted

CODE: Final = f"{TAKE_OVER}/code"
SETUP: Final = "/unlock/setup?next=/register"
"""First a PIN or passkey of one's own, then one's own consent."""
_AGAIN: Final = "again"
_FIELDS: Final = ("number", "digits", "phone")


def ask(visit: Visit) -> Response:
    """Ask for number, digits and phone."""
    return _page(visit)


def send(visit: Visit) -> Response:
    """Send the message code, if the digits are right; else say all that cannot be right, and keep what was typed."""
    command = _typed(visit)
    slips = slips_of(command, services=visit.services)
    if slips:
        return _page(visit, next(iter(slips.values())), slips)
    try:
        count(SENDS[OtpPurpose.TAKE_OVER], visit)
        ask_to_take_over(command, services=visit.services)
    except HandOverWrong as error:
        return _page(visit, error, {"digits": error})
    except (InputInvalid, TooMany) as error:
        return _page(visit, error)
    return visit.redirect(CODE)


def ask_code(visit: Visit) -> Response:
    """Ask for the code while one is open; else lead back to the start."""
    if open_code(visit, OtpPurpose.TAKE_OVER) is None:
        return visit.redirect(TAKE_OVER)
    return _code_page(visit, sent_again=visit.request.query_params.get("sent") == _AGAIN)


def confirm(visit: Visit) -> Response:
    """Take the account over, or send another code; the session that opens has a fresh token."""
    if visit.form.get("act") == "resend":
        return _resend(visit)
    token = new_token(entropy=visit.services.entropy)
    command = TakeOver(opening=opening_of(visit, token), code=typed_code(visit), language=visit.words.language)
    try:
        accepted(visit.act(take_over, command))
    except (InputInvalid, OtpExpired, TooMany, PhoneFull) as error:
        return _code_page(visit, error)
    return signed_in(visit, token, visit.redirect(SETUP))


def _resend(visit: Visit) -> Response:
    before = open_code(visit, OtpPurpose.TAKE_OVER)
    command = AskAgain(asker=asker_of(visit), language=visit.words.language)
    try:
        count(SENDS[OtpPurpose.TAKE_OVER], visit)
        check_sent_anew(visit.act(ask_to_take_over_again, command), before, now=visit.now)
    except OtpExpired:
        return visit.redirect(TAKE_OVER)
    except TooMany as error:
        return _code_page(visit, error, may_type=before is not None)
    return visit.redirect(f"{CODE}?sent={_AGAIN}")


def _typed(visit: Visit) -> AskToTakeOver:
    form = visit.form
    return AskToTakeOver(
        asker=asker_of(visit),
        number=form.get("number", ""),
        digits=form.get("digits", ""),
        phone=form.get("phone", ""),
        language=visit.words.language,
    )


def _page(
    visit: Visit, error: EztongError | None = None, slips: Mapping[str, EztongError] = MappingProxyType({})
) -> Response:
    return visit.form_page(
        "guardianship/take_over.html",
        because=error,
        typed={name: visit.form.get(name, "") for name in _FIELDS},
        wrong={name: sentence_of(slips[name], visit) if name in slips else "" for name in _FIELDS},
        problem="" if error is None or slips else sentence_of(error, visit),
        has_code=open_code(visit, OtpPurpose.TAKE_OVER) is not None,
    )


def _code_page(
    visit: Visit, error: EztongError | None = None, *, sent_again: bool = False, may_type: bool = False
) -> Response:
    keys, code = visit.services.keys, open_code(visit, OtpPurpose.TAKE_OVER)
    with visit.services.store.read() as stored:
        phone = phone_to_prove(visit.session_hash, stored=stored, keys=keys, now=visit.now)
    return code_page(
        visit,
        "guardianship/take_over_code.html",
        OtpPurpose.TAKE_OVER,
        error,
        masked_phone=mask_phone(phone) if phone else "",
        resend_in=0 if code is None else code.resend_in(now=visit.now),
        sent_again=sent_again,
        may_type=may_type,
    )
