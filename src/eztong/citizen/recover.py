"""Recover an account on this device, which lifts a freeze of the holder's own as well (clauses 2.6, 2.9)."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from eztong.citizen.agent import typed_digits
from eztong.citizen.claim import ON_THE_PAGE, claim, who_page
from eztong.citizen.code_form import code_page
from eztong.citizen.kept_way import kept_way
from eztong.citizen.limits import PIN_TRIES, count
from eztong.citizen.sign_in import opening_of, signed_in
from eztong.citizen.visit import Visit
from eztong.domain.errors import InputInvalid, TooMany, Unavailable
from eztong.domain.holder import RecoveryRefused
from eztong.domain.otp import OtpPurpose
from eztong.http.cookies import new_token
from eztong.usecases.claim_account import read_slip
from eztong.usecases.recover_account import RecoverAccount, recover_account

_FORGOT = "forgot"


def ask(visit: Visit) -> Response:
    """Ask who it is."""
    return who_page(visit, "recover.html")


def send(visit: Visit) -> Response:
    """Send the message code, if there is such an account; the page that follows is the same either way."""
    try:
        slip = claim(visit, OtpPurpose.RECOVER)
    except (InputInvalid, TooMany) as error:
        return who_page(visit, "recover.html", error)
    return code_page(visit, "recover_code.html", slip=slip)


def ask_code(visit: Visit) -> Response:
    """Lead back to the start: the page for the code comes only as the answer to it."""
    return visit.redirect("/recover")


def confirm(visit: Visit) -> Response:
    """Recover; a forgotten PIN is set anew right after."""
    services, slip = visit.services, visit.form.get("slip", "")
    token = new_token(entropy=services.entropy)
    forgot = visit.form.get("act") == _FORGOT
    try:
        count(PIN_TRIES, visit)
        holder_id = read_slip(slip, session_hash=visit.session_hash, purpose=OtpPurpose.RECOVER, keys=services.keys)
        command = RecoverAccount(
            opening=opening_of(visit, token),
            holder_id=holder_id,
            digits=typed_digits(visit.form.get("otp", "")),
            pin=None if forgot else visit.form.get("pin", ""),
        )
        recover_account(command, services=services)
    except (*ON_THE_PAGE, RecoveryRefused, Unavailable) as error:
        return code_page(visit, "recover_code.html", error, slip=slip)
    back = kept_way(visit) or "/code"
    return signed_in(visit, token, visit.redirect(f"/unlock/setup?next={quote(back)}" if forgot else back))
