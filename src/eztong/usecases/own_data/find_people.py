"""Find accounts and applications for staff by a whole citizen number or a whole phone, never by a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from eztong.domain.errors import NotFound
from eztong.domain.holder import Holder
from eztong.domain.identity.phone import PhoneInvalid, parse_phone
from eztong.domain.operators.look_up import LOOK_UPS_IN_VAIN, AskedFor
from eztong.domain.operators.permission import Permission
from eztong.domain.own_data.sighting import StaffReads
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.usecases.operators.check_operator import who_may
from eztong.usecases.operators.find_by_number import index_of_number, note_in_vain
from eztong.usecases.own_data.note_reading import note_reading
from eztong.usecases.refusal import Refused, accepted
from eztong.usecases.spend_budget import check_left
from eztong.usecases.vault import phone_index

MOST_FOUND: Final = 20


@dataclass(frozen=True, slots=True)
class FindPeople:
    """A citizen number or a phone, as it was typed."""

    typed: str = field(repr=False)


def find_people(command: FindPeople, *, by: Acting, services: Services) -> Sequence[Holder]:
    """Return what carries exactly this number or phone, newest first; what was erased carries neither.

    1. The operator may look, and not too much was looked for in vain today.
    2. The history of each that is found says that staff found it, before it is shown.
    3. What nobody carries is on record without it, and counted, before that is said.

    Raises:
        NumberInvalid: this can be nobody's number, and is no phone.
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        TooMany: too much was looked for in vain.
        NotFound: nobody carries it.
    """
    try:
        phone = parse_phone(command.typed)
    except PhoneInvalid:
        index = index_of_number(command.typed, services=services)
        return accepted(services.perform(by, _find, index, is_phone=False))
    return accepted(services.perform(by, _find, phone_index(phone.value, keys=services.keys), is_phone=True))


def _find(act: Act, index: bytes, *, is_phone: bool) -> Sequence[Holder] | Refused:
    operator = who_may(act, Permission.ACCOUNTS_READ)
    check_left(act, LOOK_UPS_IN_VAIN, operator.name.encode())
    if is_phone:
        found = list(reversed(act.uow.holders.by_phone_index(index)))[:MOST_FOUND]
    else:
        found = list(act.uow.holders.all_of_number(index, limit=MOST_FOUND))
    if not found:
        note_in_vain(act, None, AskedFor.FIND)
        return Refused(NotFound("Nobody has this number or phone here."))
    note_reading(act, StaffReads.ACCOUNT, [one.holder_id for one in found])
    return found
