"""Sign in and out: passkey first, message code and PIN for those without (clause 2.6)."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from eztong.citizen.browser.asker import asker_of
from eztong.citizen.browser.session import opening_of, signed_in, signed_out
from eztong.citizen.credentials.code_form import code_page, open_code, typed_code
from eztong.citizen.credentials.passkey_answer import answer_of, answered
from eztong.citizen.journey import has_session
from eztong.citizen.limits import SENDS, count
from eztong.citizen.visit import Visit
from eztong.citizen.ways_back import own_path, sign_in_path
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.errors import EztongError, InputInvalid, OtpExpired, TooMany
from eztong.domain.identity.phone import PhoneInvalid, parse_phone
from eztong.http.cookies import new_token
from eztong.pages.error_pages import sentence_of
from eztong.usecases.access.sign_in import (
    AskToSignIn,
    SignInByPin,
    ask_to_sign_in,
    sign_in_by_passkey,
    sign_in_by_pin,
    sign_out,
)


def ask(visit: Visit) -> Response:
    """Offer the passkey, and ask for the phone."""
    back = own_path(visit.form.get("next", "") or visit.request.query_params.get("next", ""))
    return visit.redirect(back) if has_session(visit) else _phone_page(visit, back)


def send(visit: Visit) -> Response:
    """Send a message code, if an account carries the phone; the page that follows is the same either way."""
    back = own_path(visit.form.get("next", ""))
    try:
        phone = parse_phone(visit.form.get("phone", ""))
        count(SENDS[OtpPurpose.SIGN_IN], visit)
        command = AskToSignIn(asker=asker_of(visit), phone=phone, language=visit.words.language)
        visit.act(ask_to_sign_in, command)
    except (PhoneInvalid, TooMany) as error:
        return _phone_page(visit, back, error)
    return visit.redirect(_code_path(back))


def ask_code(visit: Visit) -> Response:
    """Ask for the code while one is open; else lead back to the phone."""
    back = own_path(visit.request.query_params.get("next", ""))
    if open_code(visit, OtpPurpose.SIGN_IN) is None:
        return visit.redirect(sign_in_path(back))
    return _code_page(visit, back)


def confirm(visit: Visit) -> Response:
    """Check message code and PIN; the session that opens has a fresh token."""
    back = own_path(visit.form.get("next", ""))
    token = new_token(entropy=visit.services.entropy)
    command = SignInByPin(
        opening=opening_of(visit, token),
        code=typed_code(visit),
        pin=visit.form.get("pin", ""),
        last_four=visit.form.get("last_four", ""),
    )
    try:
        sign_in_by_pin(command, services=visit.services)
    except (InputInvalid, OtpExpired, TooMany) as error:
        return _code_page(visit, back, error)
    return signed_in(visit, token, visit.redirect(back))


def confirm_passkey(visit: Visit) -> Response:
    """Sign in with the passkey that was chosen."""
    token = new_token(entropy=visit.services.entropy)
    answer = answer_of(visit, PasskeyPurpose.SIGN_IN)
    back = own_path(visit.form.get("next", ""))
    return answered(
        visit,
        lambda: sign_in_by_passkey(answer, opening_of(visit, token), services=visit.services),
        lambda here: signed_in(here, token, JSONResponse({"next": back})),
    )


def leave(visit: Visit) -> Response:
    """Sign out."""
    visit.act(sign_out, visit.session_hash)
    return signed_out(visit, "/")


def _phone_page(visit: Visit, back: str, error: EztongError | None = None) -> Response:
    at_field = isinstance(error, PhoneInvalid)
    sentence = "" if error is None else sentence_of(error, visit)
    return visit.form_page(
        "access/sign_in.html",
        because=error,
        back=back,
        site=visit.services.passkeys.site,
        phone=visit.form.get("phone", ""),
        error=sentence if at_field else "",
        problem="" if at_field else sentence,
        came_from_a_page="next" in visit.request.query_params,
        was_signed_in=visit.cookie is not None,
        has_code=open_code(visit, OtpPurpose.SIGN_IN) is not None,
        code_path=_code_path(back),
    )


def _code_page(visit: Visit, back: str, error: EztongError | None = None) -> Response:
    return code_page(visit, "access/sign_in_code.html", OtpPurpose.SIGN_IN, error, back=back, again=sign_in_path(back))


def _code_path(back: str) -> str:
    return f"/sign-in/code?next={quote(back)}"
