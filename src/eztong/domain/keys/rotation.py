"""When a key may turn, what becomes of the others, and what two operators agree on about keys: pure decisions.

``active`` makes and checks; a rotation makes it ``retiring``, which only checks; the next rotation makes that
``retired``. Two kinds differ: keys that seal stay ``retiring`` for as long as something sealed with them is stored,
and the keys of look-ups and partner codes are never rotated (ADR 0087).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from eztong.domain.errors import StateConflict
from eztong.domain.keys.inventory import KeyPlace

SEALING: Final = frozenset({"kek", "service_seal"})
"""Purposes whose keys seal what is stored: what one sealed can be sealed again under the next."""

STABLE: Final = frozenset({"lookup", "partner_code"})
"""Purposes whose values are stored or given out as identifiers, and must never change."""

AT_SHELL: Final = frozenset({"authority_client"})
"""Purposes that are rotated at the command line alone: the authority has to be given the new key in that moment."""

ON_PAGE: Final = (
    "results",
    "kek",
    "service_seal",
    "code_handle",
    "qr_tag",
    "session",
    "otp",
    "api_key",
    "input_rsa",
    "input_sm2",
)
"""Purposes that are rotated from the console, too, in the order in which they are offered."""

ROTATION_PAUSE: Final = timedelta(minutes=10)
"""Between two rotations of a purpose: longer than a code or message code lives, and than a server takes to notice."""

MAX_NUMBER: Final = 999
"""The QR payload has three digits for it."""

_ROTATE: Final = "rotate "
_RESEAL: Final = "reseal"


class KeyState(StrEnum):
    """Where a key stands."""

    ACTIVE = "active"
    RETIRING = "retiring"
    RETIRED = "retired"


class RotationRefused(StateConflict):
    """This key cannot be rotated. Nothing was changed."""

    code = "rotation_refused"
    advice = "Leave the key as it is."


class RotatedJustNow(RotationRefused):
    """The last rotation is too young: servers, or codes on screens, may still use the key that would retire."""

    code = "rotated_just_now"
    advice = f"Wait {ROTATION_PAUSE // timedelta(minutes=1)} minutes after a rotation, then rotate again."


class RotatedMeanwhile(RotationRefused):
    """The key that was agreed on is not the next one any more: somebody else rotated meanwhile."""

    code = "rotated_meanwhile"
    advice = "Look at the keys; what is still wanted has to be proposed again."


class ChangedAtShell(RotationRefused):
    """This key is changed at the command line alone: it lies in a token, or somebody outside needs the new one."""

    code = "changed_at_shell"
    advice = "Rotate it at the command line: eztong keys rotate PURPOSE."


class KnownKey(Protocol):
    """What is known of a key of the ring."""

    @property
    def purpose(self) -> str:
        """What it is for."""
        ...

    @property
    def number(self) -> int:
        """Which one of its purpose it is, from 1."""
        ...

    @property
    def state(self) -> KeyState:
        """Where it stands."""
        ...

    @property
    def created_at(self) -> datetime:
        """When it was made."""
        ...


class PlacedKey(KnownKey, Protocol):
    """The same, and where it is used."""

    @property
    def place(self) -> KeyPlace:
        """Memory, or a token."""
        ...


def state_after(purpose: str, state: KeyState) -> KeyState:
    """Return where a key stands after the next rotation of its purpose."""
    if state is KeyState.ACTIVE:
        return KeyState.RETIRING
    if state is KeyState.RETIRING and purpose not in SEALING:
        return KeyState.RETIRED
    return state


def next_number(purpose: str, keys: Sequence[KnownKey], *, now: datetime) -> int:
    """Return the number of the key that a rotation of ``purpose`` makes now. ``keys`` may hold others' as well.

    Raises:
        RotationRefused: a purpose that stays, or all numbers were given.
        RotatedJustNow: the last rotation was only just now, and this one would retire a key.
    """
    if purpose in STABLE:
        raise RotationRefused(f"{purpose} cannot be rotated: look-ups and partner codes would change for everybody.")
    own = [key for key in keys if key.purpose == purpose]
    number = 1 + max((key.number for key in own), default=0)
    if number > MAX_NUMBER:
        raise RotationRefused(f"{purpose} has had {MAX_NUMBER} keys; there are no numbers left.")
    if any(key.state is KeyState.RETIRING and state_after(purpose, key.state) is not key.state for key in own):
        youngest = max(key.created_at for key in own if key.state is KeyState.ACTIVE)
        if abs(now - youngest) < ROTATION_PAUSE:
            raise RotatedJustNow
    return number


def key_made_on_page(purpose: str, keys: Sequence[PlacedKey], *, now: datetime) -> str:
    """Return the id of the key that a rotation from the console makes now.

    Raises:
        ChangedAtShell: its key lies in a token, which a key in memory must not replace unseen, or stays at the shell.
        RotationRefused: no such purpose, or as :func:`next_number` says.
    """
    in_token = {key.purpose for key in keys if key.state is KeyState.ACTIVE and key.place is KeyPlace.TOKEN}
    if purpose in AT_SHELL | in_token:
        raise ChangedAtShell
    if purpose not in ON_PAGE:
        raise RotationRefused
    return f"{purpose}-{next_number(purpose, keys, now=now)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """What two operators agree on: a rotation that makes the key ``key_id``, or, without one, sealing again."""

    key_id: str = ""

    @property
    def purpose(self) -> str:
        """The purpose of the key that is made; empty for sealing again."""
        return self.key_id.rpartition("-")[0]

    @property
    def words(self) -> str:
        """The subject of the proposal, in machine words: ``rotate results-2``, ``reseal``."""
        return f"{_ROTATE}{self.key_id}" if self.key_id else _RESEAL


def parse_change(words: str) -> KeyChange | None:
    """Return what :attr:`KeyChange.words` says; None for what else keys are agreed on."""
    if words == _RESEAL:
        return KeyChange()
    change = KeyChange(key_id=words.removeprefix(_ROTATE))
    return change if words.startswith(_ROTATE) and change.purpose in ON_PAGE else None
