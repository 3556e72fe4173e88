"""See one's application again from any browser, by message code and the document number's end (clause 2.1).

An application is no account: this session reads where it stands, objects and answers what is asked, and does nothing
else. It has no device, which all that ends or binds the application takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from eztong.domain.access.otp import OtpChallenge, OtpPurpose
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identity.phone import Phone
from eztong.domain.registration import ApplicationMissing
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.access.sessions import Session
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.message_code import (
    Asker,
    SendCode,
    TypedCode,
    check_message_code,
    send_message_code,
    use_message_code,
)
from eztong.usecases.refusal import Refused
from eztong.usecases.vault import open_vault, phone_index

LIFE: Final = timedelta(hours=1)
"""How long such a session lasts: to read and to write an objection."""

_LAST: Final = 4
_SEEN: Final = frozenset(
    {HolderState.APPLIED, HolderState.UNDER_REVIEW, HolderState.SUPPLEMENT_NEEDED, HolderState.REFUSED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForApplication:
    """Send a message code to ``phone``, if an application names it."""

    asker: Asker
    phone: Phone
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeApplication:
    """The digits of the message, and the last four characters of the document number."""

    fresh_hash: bytes = field(repr=False)
    code: TypedCode
    last_four: str = field(repr=False)


def ask_for_application(act: Act, command: AskForApplication) -> OtpChallenge:
    """Send a message code; for a phone without an application a code is made that nobody gets.

    Raises:
        TooMany: this browser asked too often.
    """
    index = phone_index(command.phone.value, keys=act.keys)
    code = SendCode(
        asker=command.asker,
        purpose=OtpPurpose.APPLICATION,
        subject=index,
        holder_id=None,
        phone=command.phone.value if _with_phone(index, stored=act.uow) else None,
        language=command.language,
        known_as=None,
    )
    return send_message_code(act, code)


def see_application(act: Act, command: SeeApplication) -> Session | Refused:
    """Open a session that sees the application.

    1. The message code is compared; a wrong one is counted.
    2. It is used up, also where the digits of the number do not fit: each costs a message.
    3. The browser's session is replaced by a fresh one of an hour, without a device.

    Raises:
        OtpIncomplete, OtpExpired, OtpLocked: no.
    """
    checked = check_message_code(act, command.code, OtpPurpose.APPLICATION)
    if isinstance(checked, Refused):
        return checked
    use_message_code(act, checked)
    holder = _fitting(checked, command.last_four, stored=act.uow, keys=act.keys)
    if holder is None:
        return Refused(ApplicationMissing())
    before = act.uow.sessions.get(command.code.session_hash)
    if before is not None and before.revoked_at is None:
        act.uow.sessions.update(replace(before, revoked_at=act.now))
    session = Session(
        session_hash=command.fresh_hash,
        holder_id=holder.holder_id,
        device_id=None,
        phone_index=None,
        created_at=act.now,
        expires_at=act.now + LIFE,
    )
    act.uow.sessions.add(session)
    return session


def _with_phone(index: bytes, *, stored: Repositories) -> list[Holder]:
    return [one for one in stored.holders.by_phone_index(index) if one.state in _SEEN and one.sealed_number]


def _fitting(challenge: OtpChallenge, last_four: str, *, stored: Repositories, keys: Keys) -> Holder | None:
    wanted = last_four.strip().upper()
    found = [one for one in _with_phone(challenge.phone_index, stored=stored) if _last_four(one, keys=keys) == wanted]
    return max(found, key=lambda one: one.holder_id, default=None)


def _last_four(holder: Holder, *, keys: Keys) -> str:
    return open_vault(holder, keys=keys).open("sealed_number", holder.sealed_number or b"").decode()[-_LAST:]
