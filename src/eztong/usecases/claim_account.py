"""Claim an account from outside with name and number: a message code goes to the phone on file (clauses 2.9, 2.6).

The answer is the same whether or not there is such an account. Which one it was travels in a sealed slip on the page
that asks for the code, bound to the browser and the purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from eztong.domain.age import service_date
from eztong.domain.citizen_number import parse_citizen_number
from eztong.domain.errors import OtpExpired, TooMany
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.otp import OtpPurpose
from eztong.domain.real_name import NameOutcome, RealName, compare_names, parse_real_name
from eztong.domain.sealing import NONCE_BYTES
from eztong.gm.errors import GmError
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.repositories import Repositories
from eztong.ports.services import Services
from eztong.ports.storage import UnitOfWork
from eztong.usecases.message_code import SendCode, pretend_to_send, send_message_code
from eztong.usecases.vault import number_index, open_vault

_NOBODY: Final = "-" * 30
"""As long as a holder id, so that the slip's length tells nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAccount:
    """Name and number as they were typed, in this session, for this purpose."""

    session_hash: bytes
    purpose: OtpPurpose
    name: str = field(repr=False)
    number: str = field(repr=False)
    language: str


def claim_account(command: ClaimAccount, *, services: Services) -> str:
    """Send the message code if the account exists; return the sealed slip.

    Raises:
        NameInvalid, NumberInvalid: name or number cannot be right, whoever it is.
    """
    name = parse_real_name(command.name)
    number = parse_citizen_number(
        command.number,
        today=service_date(services.clock.now()),
        accept_hk_macau_taiwan=services.deployment.accept_hk_macau_taiwan,
        accept_foreigners=services.deployment.accept_foreigners,
    )
    index = number_index(number.document_type.value, number.value, keys=services.keys)
    with services.store.read() as stored:
        holder = _find(index, name, stored=stored, keys=services.keys)
    services.store.write(lambda uow: _send(command, index, holder, uow=uow, services=services))
    plain = (_NOBODY if holder is None else holder.holder_id).encode()
    nonce = services.entropy.token(NONCE_BYTES)
    return services.keys.seal(plain, nonce=nonce, place=_place(command.session_hash, command.purpose)).hex()


def read_slip(slip: str, *, session_hash: bytes, purpose: OtpPurpose, keys: Keys) -> HolderId | None:
    """Return the account that a slip names, or None for nobody's.

    Raises:
        OtpExpired: not made here for this browser and purpose: ask again.
    """
    try:
        plain = keys.open(bytes.fromhex(slip), place=_place(session_hash, purpose)).decode()
    except (GmError, ValueError) as error:
        raise OtpExpired from error
    return None if plain == _NOBODY else HolderId(plain)


def _find(index: bytes, name: RealName, *, stored: Repositories, keys: Keys) -> Holder | None:
    person = stored.holders.person(index)
    holder = None if person is None or person.holder_id is None else stored.holders.get(person.holder_id)
    if holder is None or not holder.has_account or holder.sealed_name is None:
        return None
    on_file = parse_real_name(open_vault(holder, keys=keys).open("sealed_name", holder.sealed_name).decode())
    is_same = compare_names(name, on_file).outcome in {NameOutcome.MATCH, NameOutcome.MATCH_WITH_NOTE}
    return holder if is_same else None


def _send(command: ClaimAccount, index: bytes, holder: Holder | None, *, uow: UnitOfWork, services: Services) -> None:
    keys, entropy, now = services.keys, services.entropy, services.clock.now()
    code = SendCode(
        session_hash=command.session_hash,
        purpose=command.purpose,
        # A budget of its own for each purpose: nobody can use up what a holder needs in order to freeze.
        phone_index=keys.mac(MacPurpose.LOOKUP, b"claim\x00" + command.purpose.encode() + b"\x00" + index),
        phone=None if holder is None else _phone(holder, keys=keys),
        language=command.language,
    )
    try:
        send_message_code(code, uow=uow, keys=keys, entropy=entropy, now=now)
    except TooMany:
        earlier = uow.sessions.newest_challenge(command.session_hash, command.purpose)
        if earlier is None or earlier.phone_index != code.phone_index:
            pretend_to_send(code, uow=uow, keys=keys, entropy=entropy, now=now)


def _phone(holder: Holder, *, keys: Keys) -> str | None:
    if holder.sealed_phone is None:
        return None
    return open_vault(holder, keys=keys).open("sealed_phone", holder.sealed_phone).decode()


def _place(session_hash: bytes, purpose: OtpPurpose) -> tuple[str, str, str]:
    return ("claim", session_hash.hex(), purpose.value)
