"""Stop a change of the phone that waits, at an operator's word: whoever objects may have no other way (2.6, 3.3)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.contact.phone_change import EndedBy, PhoneChange, PhoneChangeOver
from eztong.domain.operators.look_up import AskedFor
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.usecases.contact.keep_number import newest_or_ended, stop_change
from eztong.usecases.operators.find_by_number import LookUp, find_by_number, index_of_number, look_up
from eztong.usecases.refusal import Refused, accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPhoneChange:
    """Whose phone stays what it is: the citizen number of who objected, and proved to staff who they are."""

    number: str = field(repr=False)


def stop_phone_change(command: StopPhoneChange, *, by: Acting, services: Services) -> PhoneChange:
    """Stop the change that waits for the account of a citizen number, as the operator ``by``; both numbers are told.

    One operator is enough: nothing changes by it, and a number appeal may be asked anew.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        NumberInvalid: this can be nobody's number.
        NotFound: nobody with this number has an account; that it was looked for is on record.
        TooMany: the operator looked for too much in vain today.
        PhoneChangeOver: nothing waits.
    """
    look = LookUp(
        index=index_of_number(command.number, services=services),
        asked_for=AskedFor.NUMBER_APPEAL,
        permission=Permission.NUMBERS_KEEP,
        missing="Nobody with this number has an account here. Nothing was stopped.",
    )
    return look_up(look, lambda: accepted(services.perform(by, _stop, look)), by=by, services=services)


def _stop(act: Act, look: LookUp) -> PhoneChange | Refused:
    holder = find_by_number(act, look)
    newest = newest_or_ended(act, holder.holder_id, EndedBy.OPERATOR)
    if newest is None or not newest.is_waiting():
        # One that cannot be read has ended, and stays so.
        return Refused(PhoneChangeOver())
    stop_change(act, holder, newest, EndedBy.OPERATOR)
    return newest
