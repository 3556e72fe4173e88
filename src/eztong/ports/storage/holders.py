"""The port of accounts, the persons behind them, and what happened to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from eztong.domain.events import Actor, EventKind
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.standing import HolderToVerify


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is kept about a citizen number, by its blind index only: who holds it, in which generation.

    Of a person whose service was ended, or who left in the middle of a case of the operator or the risk rules, it
    outlives the account, under an index of its own purpose, from ``left_at`` on.
    """

    number_index: bytes
    holder_id: HolderId | None
    generation: bytes
    service_ended: bool
    left_at: datetime | None = None

    @property
    def has_open_case(self) -> bool:
        """Say whether the person left in the middle of a case: a person decides before there is another account."""
        return self.left_at is not None and not self.service_ended


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderEvent:
    """Something that happened to an account: ``detail`` is ``fact=value`` words, without personal data.

    Where this version does not know what or who is stored, that is ``OTHER``, and ``detail`` begins with the stored
    word as the fact ``kind`` or ``actor``.
    """

    holder_id: HolderId
    event_id: str
    kind: EventKind
    actor: Actor
    detail: str
    at: datetime

    def fact(self, name: str) -> str | None:
        """Return the value of a fact in the detail."""
        found = (word.partition("=") for word in self.detail.split(" "))
        return next((value for key, _, value in found if key == name), None)


class HolderRepository(Protocol):
    """Accounts and the persons behind them."""

    def add(self, holder: Holder) -> None:
        """Store a new account."""
        ...

    def get(self, holder_id: HolderId) -> Holder | None:
        """Return the account."""
        ...

    def readable_part(self, holder_id: HolderId) -> Holder | None:
        """Return of an account whose row is damaged what can be read, as one that is being deregistered.

        It is for erasing it: what names it, its keyed indexes and sealed values are as they stand; every word or
        moment that cannot be read is left out.
        """
        ...

    def bar(self, holder_id: HolderId) -> None:
        """Let nothing of an account pass, whatever its row says, until it is erased; its row is not read."""
        ...

    def to_verify(self, holder_id: HolderId) -> HolderToVerify | None:
        """Return of the account what verifying it asks."""
        ...

    def update(self, holder: Holder) -> None:
        """Store every changeable field of the account."""
        ...

    def move(self, before: Holder, after: Holder) -> bool:
        """Store the state of ``after`` if the account still stands as ``before``; return whether it did."""
        ...

    def change_phone(self, before: Holder, after: Holder) -> bool:
        """Store the phone of ``after`` if the account still has that of ``before``; return whether it did."""
        ...

    def change_name(self, before: Holder, after: Holder) -> bool:
        """Store the name of ``after`` if the account still has that of ``before``; return whether it did."""
        ...

    def choose_after_death(self, holder_id: HolderId, wish: str | None) -> None:
        """Store what the holder wants done with the account after the own death."""
        ...

    def by_number_index(self, number_index: bytes) -> Holder | None:
        """Return the newest account that carries this number, whatever its state."""
        ...

    def all_of_number(self, number_index: bytes, *, limit: int) -> Sequence[Holder]:
        """Return the accounts and applications that carry this number, newest first, whatever their states."""
        ...

    def is_number_in(self, number_index: bytes, state: HolderState, *, phone_index: bytes | None) -> bool:
        """Say whether an account or application with this number, made with this phone, is in ``state``."""
        ...

    def by_phone_index(self, phone_index: bytes) -> Sequence[Holder]:
        """Return the accounts that carry this phone, oldest first, whatever their states."""
        ...

    def person(self, number_index: bytes) -> Person | None:
        """Return what is kept about a citizen number."""
        ...

    def save_person(self, person: Person) -> None:
        """Store what is kept about a citizen number, replacing what was."""
        ...

    def remove_person(self, number_index: bytes) -> bool:
        """Remove what is kept about a citizen number; return whether there was anything."""
        ...

    def add_event(self, event: HolderEvent) -> None:
        """Store an event."""
        ...

    def events(self, holder_id: HolderId) -> Sequence[HolderEvent]:
        """Return the account's events, newest first; also those of another version, as far as they are known."""
        ...

    def accounts_after(self, holder_id: HolderId, *, limit: int) -> Sequence[HolderId]:
        """Return the ids of accounts that have not ended, in their order, from behind ``holder_id``.

        One that cannot be read is left out: nobody can do anything for an account that has no name.
        """
        ...

    def counts(self) -> dict[str, int]:
        """Return how many accounts there are per state; a damaged one counts under what is no state."""
        ...
