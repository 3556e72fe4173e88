"""Freeze without signing in: why, name and number, the code sent to the phone on file; then at once (clause 2.9)."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from eztong.citizen.browser.session import signed_out_of
from eztong.citizen.credentials.code_form import code_page, open_code, typed_code
from eztong.citizen.credentials.passkey_answer import answer_of, answered
from eztong.citizen.credentials.who import ON_THE_PAGE, send_code, who_page
from eztong.citizen.journey import FROZEN
from eztong.citizen.visit import Visit
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.errors import EztongError, InputInvalid, SessionMissing, TooMany
from eztong.domain.holder import FreezeReason
from eztong.usecases.access.challenge_passkey import PasskeyAnswer
from eztong.usecases.freezing.freeze_by_passkey import freeze_by_passkey
from eztong.usecases.freezing.freeze_without_sign_in import FreezeWithoutSignIn, freeze_without_sign_in
from eztong.usecases.refusal import accepted

OTHER = "other"
"""In the address: it is about another account than the one signed in here."""

_CHOICES = tuple(reason.value for reason in FreezeReason)


def ask(visit: Visit) -> Response:
    """Offer the three choices and ask who it is; who is signed in has a shorter way, unless it is for another."""
    if OTHER not in visit.request.query_params and _has_account(visit):
        return visit.redirect("/freeze")
    return _who_page(visit)


def send(visit: Visit) -> Response:
    """Send the message code, if there is such an account; the page that follows is the same either way."""
    try:
        reason = reason_of(visit)
        send_code(visit, OtpPurpose.FREEZE)
    except (InputInvalid, TooMany) as error:
        return _who_page(visit, error)
    return visit.redirect(f"/lost/code?reason={reason}")


def ask_code(visit: Visit) -> Response:
    """Ask for the code while one is open; else lead back to the start."""
    if open_code(visit, OtpPurpose.FREEZE) is None:
        return visit.redirect("/lost")
    return _code_page(visit, visit.request.query_params.get("reason", ""))


def confirm(visit: Visit) -> Response:
    """Freeze at once if the code is right."""
    try:
        command = FreezeWithoutSignIn(code=typed_code(visit), reason=reason_of(visit))
        frozen = accepted(visit.act(freeze_without_sign_in, command))
    except ON_THE_PAGE as error:
        return _code_page(visit, visit.form.get("reason", ""), error)
    return signed_out_of(visit, frozen.holder_id, FROZEN)


def confirm_passkey(visit: Visit) -> Response:
    """Freeze at once with a passkey: nothing typed, no message code."""
    answer = answer_of(visit, PasskeyPurpose.FREEZE)
    return answered(
        visit,
        lambda: _freeze_by(visit, answer),
        lambda _here: JSONResponse({"next": FROZEN}),
    )


def reason_of(visit: Visit) -> FreezeReason:
    """Return which of the three choices was made.

    Raises:
        InputInvalid: none of them.
    """
    try:
        return FreezeReason(visit.form.get("reason", ""))
    except ValueError as error:
        raise InputInvalid from error


def _freeze_by(visit: Visit, answer: PasskeyAnswer) -> None:
    # In an emergency no form is sent back for a missing choice.
    reason = visit.form.get("reason") or FreezeReason.PAUSE.value
    if reason not in _CHOICES:
        raise InputInvalid
    freeze_by_passkey(answer, FreezeReason(reason), services=visit.services)


def _has_account(visit: Visit) -> bool:
    try:
        with visit.services.store.read() as stored:
            holder = visit.signed_in(stored).holder
    except SessionMissing:
        return False
    return holder.has_account


def _who_page(visit: Visit, error: InputInvalid | TooMany | None = None) -> Response:
    return who_page(
        visit,
        "freezing/lost.html",
        OtpPurpose.FREEZE,
        error,
        choices=_CHOICES,
        chosen=visit.form.get("reason", ""),
        site=visit.services.passkeys.site,
    )


def _code_page(visit: Visit, reason: str, error: EztongError | None = None) -> Response:
    # In an emergency no form is sent back for a missing choice: whoever says nothing pauses.
    chosen = reason if reason in _CHOICES else FreezeReason.PAUSE.value
    return code_page(visit, "freezing/lost_code.html", OtpPurpose.FREEZE, error, reason=chosen)
