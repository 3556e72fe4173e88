"""Take over the account that a guardian kept, at 14 or later, with a phone of one's own (PIPL art. 31).

Three things together: the document number, the ten digits that stand on the guardian's page, and a message code to the
phone. From that moment the account is like any other, and the guardian's consent ends: its holder consents alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from eztong.domain.access.otp import OtpChallenge, OtpPurpose
from eztong.domain.errors import InputInvalid, OtpExpired, StateConflict
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.guardianship.guardianship import Guardianship, HandOverWrong, parse_hand_over
from eztong.domain.holder import Holder, PhoneFull
from eztong.domain.identity.age import AgeBand, service_date
from eztong.domain.identity.citizen_number import CitizenNumber, parse_number_of_any_kind
from eztong.domain.identity.phone import Phone, parse_phone
from eztong.domain.notices import Topic
from eztong.domain.recovery import StoppedBy
from eztong.ports.act import HOLDER, Act
from eztong.ports.keys import Keys
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.message_code import (
    Asker,
    SendCode,
    TypedCode,
    check_message_code,
    send_message_code,
    use_message_code,
)
from eztong.usecases.access.open_session import Opening, open_session
from eztong.usecases.agreements.withdraw_authorisation import HANDED_OVER, end_authorisation
from eztong.usecases.contact.confirm_phone_change import with_number
from eztong.usecases.end_codes import end_codes
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.guardianship.care import TABLE, change, hand_over_hash, vouches
from eztong.usecases.guardianship.hand_over import may_be_handed_over
from eztong.usecases.guardianship.settle_relation import let_be_adult
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_account, tell_holder
from eztong.usecases.refusal import Refused
from eztong.usecases.registration.birthdays import band_of
from eztong.usecases.registration.confirm_phone import check_room_on_phone
from eztong.usecases.stop_waiting import stop_waiting
from eztong.usecases.vault import number_index, open_vault, phone_index


@dataclass(frozen=True, slots=True, kw_only=True)
class AskToTakeOver:
    """The own document number and phone, and the digits of the guardian's page."""

    asker: Asker
    number: str = field(repr=False)
    digits: str = field(repr=False)
    phone: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAgain:
    """Another code to the phone that the browser is proving already."""

    asker: Asker
    language: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Number, digits and phone as they are meant."""

    number: CitizenNumber
    digits: str = field(repr=False)
    phone: Phone


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """The digits of the message, whose account is the one that they were sent for."""

    opening: Opening
    code: TypedCode
    language: str
    """The one that the ward reads now: the agreements were accepted in the guardian's."""


def ask_to_take_over(command: AskToTakeOver, *, services: Services) -> OtpChallenge:
    """Send a code to the phone if number and digits are of an account that is handed over now.

    Raises:
        NumberInvalid, HandOverDigitsInvalid, PhoneInvalid: that cannot be right; nothing was tried.
        HandOverWrong: they do not fit.
        TooMany: this browser asked too often.
    """
    return services.perform(HOLDER, _ask, command, check_typed(command, services=services))


def check_typed(command: AskToTakeOver, *, services: Services) -> Typed:
    """Return what was typed as it is meant; what can be nobody's is refused before anything is counted.

    Raises:
        NumberInvalid, HandOverDigitsInvalid, PhoneInvalid: that cannot be right.
    """
    return Typed(_number(command, services=services), parse_hand_over(command.digits), parse_phone(command.phone))


def slips_of(command: AskToTakeOver, *, services: Services) -> Mapping[str, InputInvalid]:
    """Return what cannot be right, by field: every one, for a form that shows them all. Nothing is looked up."""
    parts: Mapping[str, Callable[[], object]] = {
        "number": lambda: _number(command, services=services),
        "digits": lambda: parse_hand_over(command.digits),
        "phone": lambda: parse_phone(command.phone),
    }
    found: dict[str, InputInvalid] = {}
    for name, parse in parts.items():
        try:
            parse()
        except InputInvalid as why:
            found[name] = why
    return found


def _number(command: AskToTakeOver, *, services: Services) -> CitizenNumber:
    # Of whatever kind: whose application was taken while a kind was keeps every way into the account.
    return parse_number_of_any_kind(command.number, today=service_date(services.clock.now()))


def ask_to_take_over_again(act: Act, command: AskAgain) -> OtpChallenge:
    """Send another code to the phone that this browser typed with the right digits; the budgets are those of before.

    Raises:
        OtpExpired: it asked for none, or what it asked for is handed over no more.
        TooMany: this browser asked too often.
    """
    ward, _, phone = _asked_for(command.asker.session_hash, stored=act.uow, keys=act.keys, now=act.now)
    return _send(act, command.asker, ward, phone, language=command.language)


def phone_to_prove(session_hash: bytes, *, stored: Repositories, keys: Keys, now: datetime) -> str:
    """Return the phone that this browser is proving, empty if none, for the page that it typed it on."""
    try:
        return _asked_for(session_hash, stored=stored, keys=keys, now=now)[2]
    except OtpExpired:
        return ""


def take_over(act: Act, command: TakeOver) -> Holder | Refused:
    """Give the account the phone, and this browser a session of it as its device; return it as it stands.

    1. The code is compared; a wrong one is counted. The account is still handed over, to the phone that it went to.
    2. What the guardian shows of it ends, and the authorisation that the guardian gave.
    3. An adult is nobody's ward any more. Both sides are told, and the act is attested.

    Raises:
        OtpIncomplete, OtpExpired, OtpLocked: no code, or none that can still be used.
        StateConflict: the account changed meanwhile.
    """
    challenge = check_message_code(act, command.code, OtpPurpose.TAKE_OVER)
    if isinstance(challenge, Refused):
        return challenge
    ward, offered, number = _still_offered(challenge, stored=act.uow, keys=act.keys, now=act.now)
    use_message_code(act, challenge)
    try:
        check_room_on_phone(challenge.phone_index, but=ward, stored=act.uow)
    except PhoneFull as why:
        return Refused(why)
    # Before the account has a phone: its holder withdrew nothing.
    end_authorisation(act, ward, why=HANDED_OVER)
    end_codes(act, ward.holder_id)
    kept = change(act, offered, offered.taken_over(now=act.now))
    is_adult = band_of(ward, keys=act.keys, now=act.now) is AgeBand.ADULT
    if is_adult:
        ward = let_be_adult(act.by_itself(), ward)
    holder = with_number(act, ward, number)
    if not act.uow.holders.change_phone(ward, holder):
        raise StateConflict
    # Nobody who had the account before waits for it any more.
    stop_waiting(act, holder, StoppedBy.FREEZE)
    _note(act, holder, kept, is_adult=is_adult, language=command.language)
    open_session(act, holder, command.opening, device=None, how="hand_over")
    return holder


def _ask(act: Act, command: AskToTakeOver, typed: Typed) -> OtpChallenge:
    number, phone = typed.number, typed.phone
    index = number_index(number.document_type.value, number.value, keys=act.keys)
    offered = act.uow.guardianships.by_invitation(hand_over_hash(typed.digits, index, keys=act.keys))
    ward = None if offered is None else act.uow.holders.get(offered.ward_id)
    if offered is None or ward is None or not _stands(offered, ward, stored=act.uow, keys=act.keys, now=act.now):
        raise HandOverWrong
    vault = open_vault(ward, keys=act.keys)
    sealed = vault.seal(_place(offered), phone.value.encode(), entropy=act.entropy, table=TABLE)
    change(act, offered, replace(offered, sealed_phone=sealed))
    return _send(act, command.asker, ward, phone.value, language=command.language)


def _send(act: Act, asker: Asker, ward: Holder, phone: str, *, language: str) -> OtpChallenge:
    code = SendCode(
        asker=asker,
        purpose=OtpPurpose.TAKE_OVER,
        subject=phone_index(phone, keys=act.keys),
        holder_id=ward.holder_id,
        phone=phone,
        language=language,
    )
    return send_message_code(act, code)


def _stands(offered: Guardianship, ward: Holder, *, stored: Repositories, keys: Keys, now: datetime) -> bool:
    guardian = None if offered.guardian_id is None else stored.holders.get(offered.guardian_id)
    if guardian is None or not vouches(guardian, stored=stored, keys=keys, now=now):
        return False
    return offered.hands_over(now=now) and may_be_handed_over(ward, stored=stored, keys=keys, now=now)


def _asked_for(
    session_hash: bytes, *, stored: Repositories, keys: Keys, now: datetime
) -> tuple[Holder, Guardianship, str]:
    """Return what this browser's newest code is for, also where that code is too old by now.

    Raises:
        OtpExpired: there is none, it was used, or it serves no more.
    """
    newest = stored.sessions.newest_challenge(session_hash, OtpPurpose.TAKE_OVER)
    if newest is None or newest.used_at is not None:
        raise OtpExpired
    return _still_offered(newest, stored=stored, keys=keys, now=now)


def _still_offered(
    challenge: OtpChallenge, *, stored: Repositories, keys: Keys, now: datetime
) -> tuple[Holder, Guardianship, str]:
    """Return the account, its guardianship, and the phone that the code went to.

    Raises:
        OtpExpired: it is handed over no more, or another phone is being proved.
    """
    ward = None if challenge.holder_id is None else stored.holders.get(challenge.holder_id)
    offered = None if ward is None else stored.guardianships.active_of(ward.holder_id)
    if ward is None or offered is None or offered.sealed_phone is None:
        raise OtpExpired
    if not _stands(offered, ward, stored=stored, keys=keys, now=now):
        raise OtpExpired
    number = open_vault(ward, keys=keys).open(_place(offered), offered.sealed_phone, table=TABLE).decode()
    if phone_index(number, keys=keys) != challenge.phone_index:
        raise OtpExpired
    return ward, offered, number


def _place(offered: Guardianship) -> str:
    return f"{offered.guardianship_id}.phone"


def _note(act: Act, holder: Holder, kept: Guardianship, *, is_adult: bool, language: str) -> None:
    note_event(act, holder.holder_id, EventKind.TAKEN_OVER, detail=f"guardianship={kept.guardianship_id}")
    done = WhatWasDone(
        kind=ActKind.ACCOUNT_TAKEN_OVER,
        subject=kept.guardianship_id,
        facts={"state": kept.state.value, "role": "ward"},
        holder_id=holder.holder_id,
    )
    attest_act(act, done)
    # Of somebody of age nothing is had back.
    what = {"what": EventKind.TAKEN_OVER.value} | ({"case": "of_age"} if is_adult else {})
    tell_holder(act, holder, Topic.TAKEN_OVER, what | {"role": "ward"}, language=language)
    tell_account(act, kept.guardian_id, Topic.TAKEN_OVER, what | {"role": "guardian"})
