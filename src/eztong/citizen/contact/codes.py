"""The codes of a change of the phone: of both numbers, or of the new one with name and number typed again (2.7)."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from eztong.citizen.contact.phone import HERE, ask
from eztong.citizen.credentials.code_form import open_code
from eztong.citizen.limits import RECOVERY_QUESTIONS, count
from eztong.citizen.visit import Visit
from eztong.domain.access.otp import OtpIncomplete, OtpPurpose
from eztong.domain.contact.phone_change import COOLING, ChangeWay, ContactCooling, PhoneChange, RecoveryInTheWay
from eztong.domain.errors import EztongError, InputInvalid, OtpExpired, OtpWrong, TooMany, Unavailable
from eztong.domain.holder import Holder, PhoneFull
from eztong.domain.identity.citizen_number import NumberInvalid
from eztong.domain.identity.masking import mask_phone
from eztong.domain.identity.phone import parse_phone
from eztong.domain.identity.real_name import NameInvalid
from eztong.domain.recovery import RecoveryRefused
from eztong.pages.error_pages import sentence_of
from eztong.usecases.access.match_again import TypedIdentity
from eztong.usecases.access.message_code import TypedCode
from eztong.usecases.contact.confirm_phone_change import ConfirmPhoneChange, confirm_phone_change
from eztong.usecases.contact.numbers import new_number
from eztong.usecases.contact.wait_phone_change import WaitPhoneChange, wait_phone_change
from eztong.usecases.number_of_before import number_of_before
from eztong.usecases.refusal import accepted

_ON_THE_PAGE = (
    InputInvalid,
    OtpExpired,
    TooMany,
    PhoneFull,
    RecoveryRefused,
    Unavailable,
    ContactCooling,
    RecoveryInTheWay,
)


def show(visit: Visit) -> Response:
    """Ask for the codes while this browser may type them; else lead back to the phone.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    asked = _asked(visit)
    return visit.redirect(HERE) if asked is None else _page(visit, *asked)


def confirm(visit: Visit) -> Response:
    """Change the phone, or let the change wait; or send the codes again.

    Raises:
        Locked: unlock first; the page is shown again after it.
    """
    asked = _asked(visit)
    if asked is None:
        return visit.redirect(HERE)
    holder, change = asked
    try:
        if visit.form.get("act") == "again":
            ask(visit, parse_phone(new_number(change, holder, keys=visit.services.keys)), change.way)
            return visit.redirect(visit.request.url.path)
        _confirm(visit, change)
    except _ON_THE_PAGE as error:
        return _page(visit, holder, change, error)
    return visit.redirect(HERE)


def _confirm(visit: Visit, change: PhoneChange) -> None:
    new = _typed(visit, "new")
    if change.way is ChangeWay.BOTH_NUMBERS:
        command = ConfirmPhoneChange(session_hash=visit.session_hash, old=_typed(visit, "old"), new=new)
        accepted(visit.act(confirm_phone_change, command, public_url=visit.services.deployment.public_url))
        return
    count(RECOVERY_QUESTIONS, visit)
    typed = TypedIdentity(name=visit.form.get("name", ""), number=visit.form.get("number", ""))
    wait_phone_change(WaitPhoneChange(session_hash=visit.session_hash, new=new, typed=typed), services=visit.services)


def _typed(visit: Visit, which: str) -> TypedCode:
    form = visit.form
    return TypedCode(
        session_hash=visit.session_hash, slip=form.get(f"slip_{which}", ""), digits=form.get(f"otp_{which}", "")
    )


def _asked(visit: Visit) -> tuple[Holder, PhoneChange] | None:
    with visit.services.store.read() as stored:
        holder = visit.bound(stored).holder
        newest = stored.phone_changes.newest(holder.holder_id)
    if newest is None or not newest.takes_codes(visit.session_hash, now=visit.now):
        return None
    return holder, newest


def _page(visit: Visit, holder: Holder, change: PhoneChange, error: EztongError | None = None) -> Response:
    keys = visit.services.keys
    sentence = "" if error is None else sentence_of(error, visit)
    at_name, at_number = isinstance(error, NameInvalid), isinstance(error, NumberInvalid)
    return visit.form_page(
        "contact/codes.html",
        because=error,
        tab="me",
        way=change.way.value,
        old=mask_phone(number_of_before(change, holder, keys=keys)),
        new=mask_phone(new_number(change, holder, keys=keys)),
        hours=int(COOLING.total_seconds()) // 3600,
        name_error=sentence if at_name else "",
        number_error=sentence if at_number else "",
        problem="" if at_name or at_number else _at_codes(error, sentence, visit),
        phone_told=True,
        **_slips(visit),
    )


def _at_codes(error: EztongError | None, sentence: str, visit: Visit) -> str:
    # With two codes on the page nobody is told which one was wrong: the sentence is about both.
    if isinstance(error, (OtpWrong, OtpIncomplete)):
        return visit.words.text("phone_codes.wrong")
    return sentence


def _slips(visit: Visit) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for which, purpose in (("old", OtpPurpose.CHANGE_FROM), ("new", OtpPurpose.CHANGE_TO)):
        code = open_code(visit, purpose)
        found[f"slip_{which}"] = "" if code is None else code.challenge_id
        found[f"reserve_{which}"] = code is not None and code.is_reserve
    return found
