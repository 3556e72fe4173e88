"""Show a holder the own name, number and phone in full: after a step-up, and written down (clauses 3.1, 3.3)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.identity.masking import mask_name, mask_number, mask_phone
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.note_event import note_event
from eztong.usecases.vault import open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnIdentity:
    """What the account knows of its person; a value that is not there yet is empty."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    phone: str = field(repr=False)


def open_identity(holder: Holder, *, keys: Keys) -> OwnIdentity:
    """Open the sealed fields, to mask them or to show them.

    Raises:
        HolderErased: the account was erased.
    """
    vault = open_vault(holder, keys=keys)

    def opened(column: str, sealed: bytes | None) -> str:
        return "" if sealed is None else vault.open(column, sealed).decode()

    return OwnIdentity(
        name=opened("sealed_name", holder.sealed_name),
        number=opened("sealed_number", holder.sealed_number),
        phone=opened("sealed_phone", holder.sealed_phone),
    )


def mask_identity(own: OwnIdentity) -> OwnIdentity:
    """Return the values masked; one that is not there yet stays empty."""
    return OwnIdentity(
        name=mask_name(own.name) if own.name else "",
        number=mask_number(own.number) if own.number else "",
        phone=mask_phone(own.phone) if own.phone else "",
    )


def reveal_identity(act: Act, session_hash: bytes) -> OwnIdentity:
    """Return the values in full.

    1. The session is the holder's own, on a bound device, and freshly unlocked.
    2. The account's history says that the values were shown, before they are.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
    """
    signed_in = find_unlocked(session_hash, stored=act.uow, now=act.now)
    note_event(act, signed_in.holder.holder_id, EventKind.IDENTITY_REVEALED)
    return open_identity(signed_in.holder, keys=act.keys)
