"""Recover an account on this device, which lifts a freeze of the holder's own as well (clauses 2.6, 2.9)."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from eztong.citizen.browser.kept_way import kept_way
from eztong.citizen.browser.session import opening_of, signed_in
from eztong.citizen.credentials.code_form import code_page, open_code, typed_code
from eztong.citizen.credentials.passkey_answer import answer_of, answered
from eztong.citizen.credentials.who import ON_THE_PAGE, send_code, who_page
from eztong.citizen.limits import RECOVERY_QUESTIONS, count
from eztong.citizen.visit import Visit
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.access.pin import PinWrong
from eztong.domain.errors import EztongError, InputInvalid, TooMany, Unavailable
from eztong.domain.recovery import RecoveryRefused
from eztong.domain.standing import is_usable
from eztong.http.cookies import new_token
from eztong.usecases.access.challenge_passkey import PasskeyAnswer
from eztong.usecases.access.match_again import TypedIdentity
from eztong.usecases.recovery.recover_account import RecoverAccount, recover_account

DONE = "/recover/done"
WAITING = "/recover/waiting"
_FORGOT = "forgot"


def ask(visit: Visit) -> Response:
    """Ask who it is."""
    return who_page(visit, "recovery/recover.html", OtpPurpose.RECOVER, wait_hours=wait_hours(visit))


def send(visit: Visit) -> Response:
    """Send the message code, if there is such an account; the page that follows is the same either way."""
    try:
        send_code(visit, OtpPurpose.RECOVER)
    except (InputInvalid, TooMany) as error:
        return who_page(visit, "recovery/recover.html", OtpPurpose.RECOVER, error, wait_hours=wait_hours(visit))
    return visit.redirect("/recover/code")


def ask_code(visit: Visit) -> Response:
    """Ask for the code while one is open; else lead back to the start."""
    if open_code(visit, OtpPurpose.RECOVER) is None:
        return visit.redirect("/recover")
    return _code_page(visit)


def confirm(visit: Visit) -> Response:
    """Recover with the PIN; without it name and number are typed again, and the recovery waits."""
    forgot = visit.form.get("act") == _FORGOT
    typed = TypedIdentity(name=visit.form.get("name", ""), number=visit.form.get("number", ""))
    token = new_token(entropy=visit.services.entropy)
    try:
        if forgot and open_code(visit, OtpPurpose.RECOVER) is not None:
            count(RECOVERY_QUESTIONS, visit)
        command = (
            _command(visit, token, typed=typed) if forgot else _command(visit, token, pin=visit.form.get("pin", ""))
        )
        recover_account(command, services=visit.services)
    except (*ON_THE_PAGE, RecoveryRefused, Unavailable) as error:
        return _code_page(visit, error)
    return signed_in(visit, token, visit.redirect(WAITING if forgot else DONE))


def confirm_passkey(visit: Visit) -> Response:
    """Recover with a passkey of the account, besides the message code."""
    token = new_token(entropy=visit.services.entropy)
    answer = answer_of(visit, PasskeyPurpose.RECOVER)
    return answered(
        visit,
        lambda: _recover_by(visit, token, answer),
        lambda here: signed_in(here, token, JSONResponse({"next": DONE})),
    )


def done(visit: Visit) -> Response:
    """Say that the account works again, and what to look at."""
    with visit.services.store.read() as stored:
        holder = visit.signed_in(stored).holder
    return visit.page("recovery/recover_done.html", works=is_usable(holder), back=kept_way(visit))


def wait_hours(visit: Visit) -> int:
    """Return how long a recovery without passkey and PIN waits, in whole hours."""
    return int(visit.services.deployment.recovery_wait.total_seconds()) // 3600


def _recover_by(visit: Visit, token: str, answer: PasskeyAnswer) -> None:
    recover_account(_command(visit, token, passkey=answer), services=visit.services)


def _command(
    visit: Visit,
    token: str,
    *,
    pin: str | None = None,
    passkey: PasskeyAnswer | None = None,
    typed: TypedIdentity | None = None,
) -> RecoverAccount:
    return RecoverAccount(
        opening=opening_of(visit, token), code=typed_code(visit), pin=pin, passkey=passkey, typed=typed
    )


def _code_page(visit: Visit, error: EztongError | None = None) -> Response:
    return code_page(
        visit,
        "recovery/recover_code.html",
        OtpPurpose.RECOVER,
        error,
        site=visit.services.passkeys.site,
        wait_hours=wait_hours(visit),
        # Who types a wrong PIN here may have none any more.
        forgot=visit.form.get("act") == _FORGOT or isinstance(error, PinWrong),
    )
