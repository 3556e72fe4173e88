"""My phone: the number, how it changes, what waits, and what it was (clauses 2.6, 2.7; ADR 0058)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.responses import Response

from eztong.citizen.browser.asker import asker_of
from eztong.citizen.limits import SENDS, count
from eztong.citizen.visit import Visit
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.unlock import is_unlocked
from eztong.domain.contact.phone_change import (
    ChangeState,
    ChangeWay,
    ContactCooling,
    PhoneChange,
    PhoneSame,
    RecoveryInTheWay,
)
from eztong.domain.errors import EztongError, InputInvalid, TooMany
from eztong.domain.holder import Holder
from eztong.domain.identity.masking import mask_phone
from eztong.domain.identity.phone import Phone, PhoneInvalid, parse_phone
from eztong.domain.standing import is_usable
from eztong.i18n.moments import moment_words
from eztong.pages.error_pages import sentence_of
from eztong.usecases.contact.ask_phone_change import AskPhoneChange, ask_phone_change
from eztong.usecases.contact.cooling import contact_cools_until
from eztong.usecases.contact.keep_number import keep_from_session
from eztong.usecases.contact.numbers import current_number, new_number
from eztong.usecases.number_of_before import number_of_before, rests_on_staff_alone

HERE: Final = "/me/phone"
CODE: Final = "/me/phone/code"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A change as the page lists it: masked numbers, where it stands, and the moment that says most about it."""

    old: str
    new: str
    state: str
    at: str


def show(visit: Visit) -> Response:
    """Show the number, what waits or can be undone, the form, and the history.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    return _page(visit, "", ChangeWay.BOTH_NUMBERS.value)


def act(visit: Visit) -> Response:
    """Ask for another number; or keep the number of before.

    Raises:
        Locked: unlock first; the page is shown again after it.
        PhoneChangeOver: there is nothing to keep.
    """
    if visit.form.get("act") == "keep":
        visit.act(keep_from_session, visit.session_hash)
        return visit.redirect(HERE)
    typed, way = visit.form.get("phone", ""), visit.form.get("way", "")
    try:
        ask(visit, parse_phone(typed), _way(way))
    except (InputInvalid, TooMany, ContactCooling, RecoveryInTheWay) as error:
        return _page(visit, typed, way, error)
    return visit.redirect(CODE)


def ask(visit: Visit, phone: Phone, way: ChangeWay) -> None:
    """Send the codes.

    Raises:
        EztongError: as :func:`~eztong.usecases.contact.ask_phone_change.ask_phone_change` says.
    """
    count(SENDS[OtpPurpose.CHANGE_TO], visit)
    command = AskPhoneChange(asker=asker_of(visit), phone=phone, way=way, language=visit.words.language)
    visit.act(ask_phone_change, command)


def _way(typed: str) -> ChangeWay:
    try:
        return ChangeWay(typed)
    except ValueError as error:
        raise InputInvalid from error


def _page(visit: Visit, typed: str, way: str, error: EztongError | None = None) -> Response:
    keys = visit.services.keys
    with visit.services.store.read() as stored:
        signed_in = visit.bound(stored)
        holder = signed_in.holder
        changes = stored.phone_changes.list(holder.holder_id)
        cools_until = contact_cools_until(holder.holder_id, stored=stored, now=visit.now)
    at_field = isinstance(error, (PhoneInvalid, PhoneSame))
    sentence = "" if error is None else sentence_of(error, visit)
    newest = changes[0] if changes else None
    stands = _stands(newest, holder, visit)
    return visit.form_page(
        "contact/phone.html",
        because=error,
        tab="me",
        current=mask_phone(current_number(holder, keys=keys)),
        phone=typed,
        way=way,
        error=sentence if at_field else "",
        problem="" if at_field else sentence,
        stands=stands,
        came_over="" if stands else _moment(cools_until, visit),
        newest=None if newest is None else _row(newest, holder, visit),
        until=_moment(None if newest is None else newest.until, visit),
        has_codes=newest is not None and newest.takes_codes(visit.session_hash, now=visit.now),
        changes=_history(changes[1:] if stands else changes, holder, visit),
        may_change=is_usable(holder),
        unlocked=is_unlocked(signed_in.session.unlocked_until, now=visit.now),
        phone_told=True,
    )


def _stands(newest: PhoneChange | None, holder: Holder, visit: Visit) -> str:
    """Return what is true now: ``waiting``, ``staff`` (it waits, and staff alone stop it), ``undo``, or nothing."""
    if newest is None or newest.cools_until(now=visit.now) is None:
        return ""
    if not newest.is_waiting():
        return "undo"
    return "staff" if rests_on_staff_alone(newest, holder, keys=visit.services.keys) else "waiting"


def _moment(at: datetime | None, visit: Visit) -> str:
    # In a heading a moment is not broken between its day and its month.
    return "" if at is None else moment_words(at, now=visit.now, words=visit.words).replace(" ", "\N{NO-BREAK SPACE}")


def _history(changes: Sequence[PhoneChange], holder: Holder, visit: Visit) -> list[ChangeRow]:
    return [_row(one, holder, visit) for one in changes if one.state is not ChangeState.ASKED]


def _row(change: PhoneChange, holder: Holder, visit: Visit) -> ChangeRow:
    keys = visit.services.keys
    at = change.ended_at or change.begun_at or change.asked_at
    if change.state is ChangeState.DONE and change.way is ChangeWay.MATCHED and change.until is not None:
        at = change.until
    return ChangeRow(
        old=mask_phone(number_of_before(change, holder, keys=keys)),
        new=mask_phone(new_number(change, holder, keys=keys)),
        state=change.state.value,
        at=moment_words(at, now=visit.now, words=visit.words),
    )
