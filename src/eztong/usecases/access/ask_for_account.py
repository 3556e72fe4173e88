"""Claim an account from outside with name and number: a message code goes to the phone on file (clauses 2.9, 2.6).

The answer is the same whether or not there is such an account. Which one it was stands in the challenge alone: the
code serves that account, and the form that takes it names the challenge.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import service_date
from eztong.domain.identity.citizen_number import CitizenNumber, parse_number_of_any_kind
from eztong.domain.identity.real_name import NameOutcome, RealName, compare_names, parse_real_name
from eztong.ports.act import HOLDER
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.message_code import Asker, SendCode, send_message_code
from eztong.usecases.number_of_before import still_serves
from eztong.usecases.vault import new_vault, number_index, open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForAccount:
    """Name and number as they were typed, in this browser, for this purpose."""

    asker: Asker
    purpose: OtpPurpose
    name: str = field(repr=False)
    number: str = field(repr=False)
    language: str


def ask_for_account(command: AskForAccount, *, services: Services) -> None:
    """Send the message code if the account exists.

    What is counted belongs to name and number together, so a wrong name costs the holder nothing.

    Raises:
        NameInvalid, NumberInvalid: name or number cannot be right, whoever it is.
        TooMany: this browser asked too often.
    """
    keys = services.keys
    name, number = check_claim(command, services=services)
    index = number_index(number.document_type.value, number.value, keys=keys)
    with services.store.read() as stored:
        holder = _find(index, name, stored=stored, services=services)
        before = None if holder is None else still_serves(holder, stored=stored, keys=keys, now=services.clock.now())
    code = SendCode(
        asker=command.asker,
        purpose=command.purpose,
        subject=keys.mac(MacPurpose.LOOKUP, b"claim\x00" + index + name.same_name_key.encode()),
        holder_id=None if holder is None else holder.holder_id,
        phone=None if holder is None else _phone(holder, keys=keys),
        language=command.language,
        also_to=before,
        known_as=holder.holder_id if holder is not None and holder.holder_id in command.asker.known_to else None,
    )
    services.perform(HOLDER, send_message_code, code)


def check_claim(command: AskForAccount, *, services: Services) -> tuple[RealName, CitizenNumber]:
    """Return name and number as they are meant; what can be nobody's is refused before anything is counted.

    Raises:
        NameInvalid, NumberInvalid: name or number cannot be right, whoever it is.
    """
    name = parse_real_name(command.name)
    # Of whatever kind: who registered while a kind was taken keeps every way into the account.
    number = parse_number_of_any_kind(command.number, today=service_date(services.clock.now()))
    return name, number


def _find(index: bytes, name: RealName, *, stored: Repositories, services: Services) -> Holder | None:
    person = stored.holders.person(index)
    holder = None if person is None or person.holder_id is None else stored.holders.get(person.holder_id)
    if holder is None or not holder.is_entered or holder.sealed_name is None:
        _work_as_for_somebody(name, services=services)
        return None
    on_file = parse_real_name(open_vault(holder, keys=services.keys).open("sealed_name", holder.sealed_name).decode())
    is_same = compare_names(name, on_file).outcome in {NameOutcome.MATCH, NameOutcome.MATCH_WITH_NOTE}
    return holder if is_same else None


def _work_as_for_somebody(name: RealName, *, services: Services) -> None:
    # As long as opening and comparing takes, so that the time of an answer tells nothing either.
    nobody = HolderId("-" * 30)
    vault, _wrapped = new_vault(nobody, keys=services.keys, entropy=services.entropy)
    sealed = vault.seal("sealed_name", name.display.encode(), entropy=services.entropy)
    compare_names(name, parse_real_name(vault.open("sealed_name", sealed).decode()))


def _phone(holder: Holder, *, keys: Keys) -> str | None:
    if holder.sealed_phone is None:
        return None
    return open_vault(holder, keys=keys).open("sealed_phone", holder.sealed_phone).decode()
