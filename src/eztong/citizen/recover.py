"""Recover an account on this device, which lifts a freeze of the holder's own as well (clauses 2.6, 2.9)."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from eztong.citizen.claim import ON_THE_PAGE, claim, who_page
from eztong.citizen.code_form import code_page, open_code, typed_code
from eztong.citizen.kept_way import kept_way
from eztong.citizen.limits import PIN_TRIES, count
from eztong.citizen.sign_in import opening_of, signed_in
from eztong.citizen.visit import Visit
from eztong.domain.errors import InputInvalid, TooMany, Unavailable
from eztong.domain.holder import RecoveryRefused
from eztong.domain.otp import OtpPurpose
from eztong.http.cookies import new_token
from eztong.usecases.recover_account import RecoverAccount, recover_account

_FORGOT = "forgot"


def ask(visit: Visit) -> Response:
    """Ask who it is."""
    return who_page(visit, "recover.html", OtpPurpose.RECOVER)


def send(visit: Visit) -> Response:
    """Send the message code, if there is such an account; the page that follows is the same either way."""
    try:
        claim(visit, OtpPurpose.RECOVER)
    except (InputInvalid, TooMany) as error:
        return who_page(visit, "recover.html", OtpPurpose.RECOVER, error)
    return visit.redirect("/recover/code")


def ask_code(visit: Visit) -> Response:
    """Ask for the code while one is open; else lead back to the start."""
    if open_code(visit, OtpPurpose.RECOVER) is None:
        return visit.redirect("/recover")
    return code_page(visit, "recover_code.html", OtpPurpose.RECOVER)


def confirm(visit: Visit) -> Response:
    """Recover; a forgotten PIN is set anew right after."""
    services = visit.services
    token = new_token(entropy=services.entropy)
    forgot = visit.form.get("act") == _FORGOT
    try:
        count(PIN_TRIES, visit)
        command = RecoverAccount(
            opening=opening_of(visit, token),
            code=typed_code(visit),
            pin=None if forgot else visit.form.get("pin", ""),
        )
        recover_account(command, services=services)
    except (*ON_THE_PAGE, RecoveryRefused, Unavailable) as error:
        return code_page(visit, "recover_code.html", OtpPurpose.RECOVER, error)
    back = kept_way(visit) or "/code"
    return signed_in(visit, token, visit.redirect(f"/unlock/setup?next={quote(back)}" if forgot else back))
