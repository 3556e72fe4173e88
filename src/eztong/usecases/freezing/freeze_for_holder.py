"""Freeze an account for a holder who called the hotline (clause 2.9): the operator's staff know who called, not we."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from eztong.domain.errors import NotFound
from eztong.domain.events import EventKind
from eztong.domain.holder import FreezeCause, FreezeReason, Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.look_up import AskedFor
from eztong.domain.operators.operator import Operator
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.ports.storage.holders import HolderEvent
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.apart import CARE, CONTACT, Unread, read_apart
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.operators.check_operator import check_operator, numbers_of_guardians
from eztong.usecases.operators.find_by_number import LookUp, account_of, index_of_number, look_up, note_in_vain


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeForHolder:
    """The number that the caller named, and why."""

    number: str = field(repr=False)
    reason: FreezeReason


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenForHolder:
    """The account as it stands now, and what became different by the call: a second freeze may still stop something.

    ``is_written_down``: it stands in the account's history with its reason, and the holder is told.
    ``recovery_stopped``: one that waited. ``phone_lost``: the account's device counts as lost from now on.
    """

    holder: Holder
    was_frozen: bool
    is_written_down: bool
    recovery_stopped: bool
    phone_lost: bool
    sessions_ended: int = 0
    codes_ended: int = 0

    @property
    def changed_nothing(self) -> bool:
        """Say whether all stands as it stood before the call."""
        return not (self.is_written_down or self.recovery_stopped or self.phone_lost)


def freeze_for_holder(command: FreezeForHolder, *, by: Acting, services: Services) -> FrozenForHolder:
    """Freeze the account as its holder would; the event names the operator, and the holder is told by message.

    It counts as the holder's own freeze: recovery lifts it. A child's account, which its holder cannot recover, is
    frozen as its guardian would, who called and lifts it again. A recovery that waits is stopped.

    Raises:
        NumberInvalid: this can be nobody's number.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: the operator who took the call may not. Operators
            freeze their own account as everybody does: on its pages, or by a call that another one takes.
        NotFound: nobody with this number has an account; that it was looked for is on record.
    """
    look = LookUp(
        index=index_of_number(command.number, services=services),
        asked_for=AskedFor.FREEZE,
        permission=Permission.ACCOUNTS_FREEZE,
        missing="Nobody with this number has an account here. Nothing was frozen.",
    )
    return look_up(look, partial(services.perform, by, _freeze, command, look), by=by, services=services)


def _freeze(act: Act, command: FreezeForHolder, look: LookUp) -> FrozenForHolder:
    operator = check_operator(act, look.permission)
    found = account_of(look.index, stored=act.uow)
    if found is None:
        raise NotFound(look.missing)
    _check_about_another(act, operator, found)
    freeze = FreezeHolder(
        holder_id=found.holder_id,
        cause=FreezeCause.SELF,
        channel="hotline",
        reason=command.reason,
    )
    seen = partial(_seen, found.holder_id, stored=act.uow)
    before = read_apart(act, CONTACT, seen)
    holder = freeze_holder(act, freeze)
    after = read_apart(act, CONTACT, seen)
    done = _done(found, holder, before, after)
    if done.changed_nothing:
        note_in_vain(act, holder, look.asked_for)
    return done


def _check_about_another(act: Act, operator: Operator, found: Holder) -> None:
    """Refuse the own account and that of an own ward; one that cannot be read keeps no call from freezing."""
    operator.check_not_about(found.number_index)
    guardians = read_apart(act, CARE, partial(numbers_of_guardians, found, stored=act.uow))
    for index in () if isinstance(guardians, Unread) else guardians:
        operator.check_not_about(index)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a freeze may change, besides the state."""

    events: tuple[HolderEvent, ...]
    has_device: bool


def _seen(holder_id: HolderId, *, stored: Repositories) -> _Seen:
    return _Seen(tuple(stored.holders.events(holder_id)), stored.devices.primary(holder_id) is not None)


def _done(found: Holder, holder: Holder, before: _Seen | Unread, after: _Seen | Unread) -> FrozenForHolder:
    """Tell from what was written, not from what was asked for; that it is frozen, where that cannot be read."""
    was_frozen = found.state is HolderState.FROZEN
    if isinstance(before, Unread) or isinstance(after, Unread):
        return FrozenForHolder(
            holder=holder, was_frozen=was_frozen, is_written_down=True, recovery_stopped=False, phone_lost=False
        )
    known = {event.event_id for event in before.events}
    written = {event.kind: event for event in after.events if event.event_id not in known}
    frozen = written.get(EventKind.FROZEN)
    return FrozenForHolder(
        holder=holder,
        was_frozen=was_frozen,
        is_written_down=frozen is not None,
        recovery_stopped=EventKind.RECOVERY_STOPPED in written,
        phone_lost=before.has_device and not after.has_device,
        sessions_ended=_number(frozen, "sessions_ended"),
        codes_ended=_number(frozen, "codes_cancelled"),
    )


def _number(event: HolderEvent | None, fact: str) -> int:
    return 0 if event is None else int(event.fact(fact) or 0)
