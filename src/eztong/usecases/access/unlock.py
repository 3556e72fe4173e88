"""Unlock a session by PIN: for three minutes it may show codes and answer requests (clauses 2.2, 2.6)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from eztong.domain.access.pin import Pin, PinWrong, check_may_try, parse_pin
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.ports.act import HOLDER, Act
from eztong.ports.keys import Keys
from eztong.ports.services import Services
from eztong.ports.storage.access.sessions import Session
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.note_event import note_event
from eztong.usecases.vault import open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockByPin:
    """The digits, from this session."""

    session_hash: bytes
    pin: str = field(repr=False)


def unlock_by_pin(command: UnlockByPin, *, services: Services) -> None:
    """Unlock the session if the PIN is right.

    1. Whoever may not unlock the account gets no turn to hash.
    2. The try is counted as a wrong one first, durably: tries at the same time cannot outrun the counter.
    3. The digits are compared, outside any unit of work.
    4. Right, and still the account's PIN: the counter starts again, and the session is unlocked for
       :data:`UNLOCK_LIFE`.

    Raises:
        PinMalformed: not six digits; nothing was counted.
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not unlock the account.
        Busy: no turn to hash; nothing was counted.
        PinWrong, PinLocked: no.
    """
    digits = parse_pin(command.pin)
    with services.store.read() as stored:
        find_bound(command.session_hash, stored=stored, now=services.clock.now())
    with services.secret_hasher.turn():
        holder, pin = services.perform(HOLDER, _count, command.session_hash)
        compared = check_pin(digits, holder, pin, services=services)
    services.perform(HOLDER, _unlock, command.session_hash, compared)


def _count(act: Act, session_hash: bytes) -> tuple[Holder, Pin | None]:
    signed_in = find_bound(session_hash, stored=act.uow, now=act.now)
    return signed_in.holder, count_try(act, signed_in.holder)


def _unlock(act: Act, session_hash: bytes, compared: Pin) -> None:
    signed_in = find_bound(session_hash, stored=act.uow, now=act.now)
    take_pin(act, signed_in.holder, compared)
    begin_unlock(act, signed_in.session)


def count_try(act: Act, holder: Holder) -> Pin | None:
    """Count a try as a wrong one before the digits are compared; return the PIN as it now stands.

    Raises:
        PinLocked: no try is taken now.
    """
    pin = act.uow.pins.get(holder.holder_id)
    if pin is None:
        return None
    check_may_try(pin, now=act.now)
    counted = pin.with_wrong_try(now=act.now)
    act.uow.pins.save(counted)
    return counted


def take_pin(act: Act, holder: Holder, compared: Pin) -> None:
    """Start the counter again, in the act that the right digits open, if what they were compared with is still there.

    Raises:
        PinWrong: the PIN was changed or removed meanwhile.
    """
    pin = act.uow.pins.get(holder.holder_id)
    if pin is None or pin.sealed_hash != compared.sealed_hash:
        raise PinWrong
    act.uow.pins.save(pin.with_right_try())


def check_pin(digits: str, holder: Holder | None, pin: Pin | None, *, services: Services) -> Pin:
    """Compare the digits with the account's PIN; nobody's PIN takes the same time. A try too many is written down.

    Returns:
        The PIN that they were compared with, for :func:`take_pin` in the act that opens.

    Raises:
        PinWrong: they differ, or there is no PIN.
        PinLocked: they differ, and it was one try too many.
    """
    if holder is None or pin is None:
        services.secret_hasher.is_right(digits, None)
        raise PinWrong
    if services.secret_hasher.is_right(digits, _open_hash(holder, pin, keys=services.keys)):
        return pin
    now = services.clock.now()
    if pin.is_locked(now=now):
        services.perform(HOLDER, _note_lock, holder.holder_id)
        check_may_try(pin, now=now)
    raise PinWrong


def _note_lock(act: Act, holder_id: HolderId) -> None:
    note_event(act, holder_id, EventKind.PIN_LOCKED)


def begin_unlock(act: Act, session: Session) -> None:
    """Unlock the session."""
    act.uow.sessions.update(replace(session, unlocked_until=act.now + UNLOCK_LIFE))


def _open_hash(holder: Holder, pin: Pin, *, keys: Keys) -> str:
    return open_vault(holder, keys=keys).open("sealed_hash", pin.sealed_hash, table="pins").decode()
