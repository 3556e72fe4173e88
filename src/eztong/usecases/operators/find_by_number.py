"""Find the account of a citizen number for an operator: numbers are typed, never listed, and no look leaves no trace.

Whoever may act by a number could ask of anybody whether they have an account. So what comes of nothing stands on record
before it is answered, too: where there is an account in its history, and else as an attested act without the number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from eztong.domain.errors import EztongError, NotFound
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.holder import Holder
from eztong.domain.identity.age import service_date
from eztong.domain.identity.citizen_number import parse_number_of_any_kind
from eztong.domain.operators.look_up import LOOK_UPS_IN_VAIN, NEVER_REFUSED, AskedFor
from eztong.domain.operators.permission import Permission
from eztong.domain.own_data.sighting import StaffReads
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.note_event import note_event
from eztong.usecases.operators.check_operator import check_about_another, check_operator, who_may
from eztong.usecases.refusal import Refused, accepted
from eztong.usecases.spend_budget import check_left, count
from eztong.usecases.vault import number_index

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """An operator who has ``permission`` looks for an account; ``missing`` is said where there is none.

    ``before`` is what has to be so before anything is looked for, such as an open ticket; what it writes stays.
    ``asks_elsewhere`` says that somebody else is asked before anything is done, so that a process that ends meanwhile
    would leave no trace: that an account was found is on record before, then, whatever comes of it.
    """

    index: bytes = field(repr=False)
    asked_for: AskedFor
    permission: Permission
    missing: str
    before: Callable[[Act], object] | None = None
    asks_elsewhere: bool = False


def index_of_number(text: str, *, services: Services) -> bytes:
    """Return the index by which the person of a citizen number is found, of whatever kind of document.

    Raises:
        NumberInvalid: this can be nobody's number.
    """
    today = service_date(services.clock.now())
    number = parse_number_of_any_kind(text, today=today)
    return number_index(number.document_type.value, number.value, keys=services.keys)


def look_up(look: LookUp, do: Callable[[], T], *, by: Acting, services: Services) -> T:
    """Do something with the account of a number, and leave a trace where it is not done.

    1. The operator may look, what has to be so before is so, and not too much was looked for in vain today.
    2. Where nobody has an account that is on record, and counted, before it is said.
    3. Where what was to be done is refused, the account's history says that it was looked for, before the refusal is.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        TooMany: too much was looked for in vain.
        NotFound: nobody with this number has an account.
        EztongError: what ``do`` raises.
    """
    accepted(services.perform(by, _look, look))
    try:
        return do()
    except EztongError:
        services.perform(by, _note_refused, look)
        raise


def find_by_number(act: Act, look: LookUp) -> Holder:
    """Return the account that an operator looks for, inside the act that does something with it.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        NotFound: nobody with this number has an account.
    """
    operator = check_operator(act, look.permission)
    found = account_of(look.index, stored=act.uow)
    if found is None:
        raise NotFound(look.missing)
    check_about_another(operator, found, stored=act.uow)
    return found


def account_of(index: bytes, *, stored: Repositories) -> Holder | None:
    """Return the account of the person with this number, if there is one."""
    person = stored.holders.person(index)
    found = None if person is None or person.holder_id is None else stored.holders.get(person.holder_id)
    return found if found is not None and found.has_account else None


def note_in_vain(act: Act, found: Holder | None, asked_for: AskedFor) -> None:
    """Count a look-up of which nothing came, and put it on record: with the account, or else without the number."""
    _count_in_vain(act, asked_for)
    if found is not None:
        _note_found(act, found, asked_for)
        return
    facts = {"asked_for": asked_for.value}
    attest_act(act, WhatWasDone(kind=ActKind.LOOKED_UP_IN_VAIN, subject=act.by.name, facts=facts))


def _count_in_vain(act: Act, asked_for: AskedFor) -> None:
    if asked_for not in NEVER_REFUSED:
        count(act, LOOK_UPS_IN_VAIN, act.by.name.encode())


def _note_found(act: Act, found: Holder, asked_for: AskedFor) -> None:
    note_event(act, found.holder_id, EventKind.STAFF_READ, detail=f"what={StaffReads.ACCOUNT} asked_for={asked_for}")


def _look(act: Act, look: LookUp) -> Refused | None:
    operator = who_may(act, look.permission)
    if look.before is not None:
        look.before(act)
    if look.asked_for not in NEVER_REFUSED:
        check_left(act, LOOK_UPS_IN_VAIN, operator.name.encode())
    found = account_of(look.index, stored=act.uow)
    if found is not None:
        if look.asks_elsewhere:
            _note_found(act, found, look.asked_for)
        return None
    note_in_vain(act, None, look.asked_for)
    return Refused(NotFound(look.missing))


def _note_refused(act: Act, look: LookUp) -> None:
    who_may(act, look.permission)
    found = account_of(look.index, stored=act.uow)
    if found is not None and look.asks_elsewhere:
        _count_in_vain(act, look.asked_for)
    else:
        note_in_vain(act, found, look.asked_for)
