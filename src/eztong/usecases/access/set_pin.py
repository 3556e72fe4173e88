"""Set or change the PIN of an account (clause 2.6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from eztong.domain.access.device import Device
from eztong.domain.access.pin import PIN_DIGITS, Pin, PinUnequal, check_strong, digits_of_birth, parse_pin
from eztong.domain.access.unlock import check_unlocked
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.identity.age import service_date
from eztong.domain.identity.citizen_number import parse_number_of_any_kind
from eztong.domain.notices import Topic
from eztong.domain.standing import check_in_use
from eztong.ports.act import HOLDER, Act
from eztong.ports.secret_hasher import SALT_BYTES
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import SignedIn, find_session, require_device
from eztong.usecases.access.unlock import begin_unlock
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.vault import Vault, open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPin:
    """The new PIN, typed twice."""

    session_hash: bytes
    pin: str = field(repr=False)
    again: str = field(repr=False)


def set_pin(command: SetPin, *, services: Services) -> None:
    """Set the account's PIN, and unlock the session by that.

    1. Both typings are the same six digits.
    2. The first PIN needs the bound device of an account; another one needs a session that is unlocked (step-up). For
       whoever may not set one nothing is hashed.
    3. The digits are not ones that a stranger would try first.
    4. They are hashed, outside any unit of work.
    5. Whether the session may set them is asked again where they are stored, and the holder is told.

    Raises:
        PinMalformed, PinUnequal, PinWeak: nothing was changed.
        SessionMissing, HolderNotUsable, Locked: this session may not set it.
        Busy: no turn to hash.
    """
    pin = parse_pin(command.pin)
    if parse_pin(command.again) != pin:
        raise PinUnequal
    now = services.clock.now()
    with services.store.read() as stored:
        signed_in = find_session(command.session_hash, stored=stored, now=now)
        check_may_set(signed_in, stored=stored, now=now)
    vault = open_vault(signed_in.holder, keys=services.keys)
    check_strong(pin, avoid=_known_digits(signed_in.holder, vault, now=now))
    encoded = services.secret_hasher.make_hash(pin, salt=services.entropy.token(SALT_BYTES))
    services.perform(HOLDER, _store, command, encoded)


def check_may_set(signed_in: SignedIn, *, stored: Repositories, now: datetime) -> Device:
    """Return the session's device if a PIN or passkey may be set from it.

    The first one needs the bound device alone; once there is one, the session must be unlocked (step-up).

    Raises:
        HolderNotUsable, Locked: it may not.
    """
    holder_id = signed_in.holder.holder_id
    check_in_use(signed_in.holder)
    device = require_device(signed_in, stored=stored)
    if stored.pins.get(holder_id) is not None or stored.passkeys.list(holder_id):
        check_unlocked(signed_in.session.unlocked_until, now=now)
    return device


def _known_digits(holder: Holder, vault: Vault, *, now: datetime) -> frozenset[str]:
    known: set[str] = set()
    if holder.sealed_phone is not None:
        phone = vault.open("sealed_phone", holder.sealed_phone).decode()
        known |= {phone[:PIN_DIGITS], phone[-PIN_DIGITS:]}
    if holder.sealed_number is not None:
        text = vault.open("sealed_number", holder.sealed_number).decode()
        number = parse_number_of_any_kind(text, today=service_date(now))
        known |= digits_of_birth(number.birth_date) | {text[:PIN_DIGITS], text[-PIN_DIGITS:]}
    return frozenset(known)


def _store(act: Act, command: SetPin, encoded: str) -> None:
    signed_in = find_session(command.session_hash, stored=act.uow, now=act.now)
    holder = signed_in.holder
    check_may_set(signed_in, stored=act.uow, now=act.now)
    is_first = act.uow.pins.get(holder.holder_id) is None
    vault = open_vault(holder, keys=act.keys)
    act.uow.pins.save(
        Pin(
            holder_id=holder.holder_id,
            sealed_hash=vault.seal("sealed_hash", encoded.encode(), entropy=act.entropy, table="pins"),
            wrong_tries=0,
            locked_until=None,
            changed_at=act.now,
        )
    )
    note_event(act, holder.holder_id, EventKind.PIN_SET if is_first else EventKind.PIN_CHANGED)
    if not is_first:
        tell_holder(act, holder, Topic.PIN_CHANGED, {})
    begin_unlock(act, signed_in.session)
