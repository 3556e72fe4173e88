"""The PIN: six digits that unlock a bound device. Five wrong ones in a row lock it, each time for longer (clause 2.6).

The counter lives with the account, not with the session, so neither a new browser nor a restart gives more tries.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from eztong.domain.errors import InputInvalid, TooMany
from eztong.domain.identifiers import HolderId

PIN_DIGITS: Final = 6
PIN_TRIES: Final = 5
FIRST_WAIT: Final = timedelta(minutes=1)
MAX_WAIT: Final = timedelta(hours=24)
_GROWTH: Final = 5
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９", "0123456789")
_MAX_TYPED: Final = 40
_RUN: Final = "01234567890"


class PinMalformed(InputInvalid):
    """A PIN has exactly six digits."""

    code = "pin_malformed"
    advice = "Type exactly six digits. No try was counted."


class PinWeak(InputInvalid):
    """The PIN is one that a stranger would try first."""

    code = "pin_weak"
    advice = "Choose six digits that do not repeat, run up or down, or come from your birth date or phone."


class PinUnequal(InputInvalid):
    """The two typings of a new PIN differ."""

    code = "pin_unequal"
    advice = "Type the same new PIN twice. Nothing was changed."


class PinWrong(InputInvalid):
    """The PIN is not the account's."""

    code = "pin_wrong"
    advice = "Type your six-digit PIN again. After five wrong tries in a row it is locked for a while."


class PinLocked(TooMany):
    """Five wrong PINs in a row; ``retry_after`` says when the next try is taken."""

    code = "pin_locked"
    advice = "Wait as long as Retry-After says, or unlock with a passkey."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """An account's PIN: its sealed hash, and how many wrong tries came in a row."""

    holder_id: HolderId
    sealed_hash: bytes = field(repr=False)
    wrong_tries: int
    locked_until: datetime | None
    changed_at: datetime

    def with_wrong_try(self, *, now: datetime) -> Pin:
        """Return the PIN after one more wrong try; each fifth one locks it for longer."""
        wrong = self.wrong_tries + 1
        if wrong % PIN_TRIES:
            return replace(self, wrong_tries=wrong)
        return replace(self, wrong_tries=wrong, locked_until=now + wait_after(wrong))

    def is_locked(self, *, now: datetime) -> bool:
        """Say whether no try is taken now."""
        return self.locked_until is not None and now < self.locked_until

    def with_right_try(self) -> Pin:
        """Return the PIN after the right digits."""
        return replace(self, wrong_tries=0, locked_until=None)


def wait_after(wrong_tries: int) -> timedelta:
    """Return how long the PIN is locked after so many wrong tries in a row: a minute, five, 25 ... at most a day."""
    rounds = wrong_tries // PIN_TRIES
    return min(FIRST_WAIT * _GROWTH ** min(rounds - 1, 6), MAX_WAIT) if rounds else timedelta(0)


def parse_pin(text: str) -> str:
    """Return six ASCII digits; spaces and full-width digits do no harm.

    Raises:
        PinMalformed: not six digits.
    """
    digits = "".join(text[:_MAX_TYPED].translate(_FULL_WIDTH).split())
    if len(digits) != PIN_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise PinMalformed
    return digits


def check_strong(pin: str, *, avoid: Collection[str] = ()) -> None:
    """Refuse the PINs that are guessed first; ``avoid`` are digits that others may know about the holder.

    Raises:
        PinWeak: repeated, running up or down, or one of ``avoid``.
    """
    half = PIN_DIGITS // 2
    repeats = len(set(pin)) <= 2 or pin[:half] == pin[half:] or pin[:2] * half == pin  # noqa: PLR2004 - two digits only
    runs = pin in _RUN or pin in _RUN[::-1]
    if repeats or runs or pin in avoid:
        raise PinWeak


def digits_of_birth(birth_date: date) -> frozenset[str]:
    """Return the six-digit spellings of a birth date that people choose."""
    return frozenset(birth_date.strftime(form) for form in ("%y%m%d", "%d%m%y", "%m%d%y", "%Y%m", "%m%Y"))


def check_may_try(pin: Pin, *, now: datetime) -> None:
    """Refuse a try while the PIN is locked, before looking at the digits.

    Raises:
        PinLocked: with the seconds to wait.
    """
    if pin.locked_until is not None and now < pin.locked_until:
        raise PinLocked(retry_after=int((pin.locked_until - now).total_seconds()) + 1)
