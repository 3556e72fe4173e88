"""A PKCS#11 token, used over one session that is opened when it is first needed and again when it is lost.

A wrong PIN is tried once and never again: tokens lock after a few. This process remembers which PIN was refused; the
token itself remembers that one was (``CKF_USER_PIN_COUNT_LOW``), so that a service that is started again and again
does not try it either, until somebody gave the right one by ``eztong keys token --try-pin``.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import pkcs11
from pkcs11 import TokenFlag
from pkcs11.exceptions import (
    DeviceError,
    DeviceRemoved,
    FunctionFailed,
    FunctionNotSupported,
    MechanismInvalid,
    MechanismParamInvalid,
    NoSuchToken,
    PinExpired,
    PinIncorrect,
    PinLenRange,
    PinLocked,
    PKCS11Error,
    RandomNoRNG,
    SessionClosed,
    SessionHandleInvalid,
    TokenNotPresent,
    TokenNotRecognised,
    UserAlreadyLoggedIn,
    UserNotLoggedIn,
)
from typing_extensions import override

from eztong.adapters.keys.private_files import read_private
from eztong.adapters.keys.problems import (
    TokenMechanismMissing,
    TokenMissing,
    TokenPinWrong,
    TokenProblem,
)
from eztong.gm.sm3 import sm3

if TYPE_CHECKING:
    from pkcs11._pkcs11 import lib as Library  # noqa: N812 - a class with the name of a function

T = TypeVar("T")
_LOST: Final = (
    DeviceError,
    DeviceRemoved,
    FunctionFailed,
    SessionClosed,
    SessionHandleInvalid,
    TokenNotPresent,
    TokenNotRecognised,
    UserNotLoggedIn,
)
"""What a new session may mend: the token was taken out and put back, its network was away, somebody logged out."""

_PROBE_BITS: Final = 64
_NOT_OFFERED: Final = (MechanismInvalid, MechanismParamInvalid)
_BAD_PIN: Final = (PinIncorrect, PinLenRange, PinExpired)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenConfig:
    """Which token, and how to log in. The PIN is one of ``pin`` and ``pin_file``; neither stands in any ``repr``."""

    module: Path
    label: str | None = None
    serial: str | None = None
    pin: str | None = field(default=None, repr=False)
    pin_file: Path | None = field(default=None, repr=False)

    def read_pin(self) -> str:
        """Return the PIN.

        Raises:
            KeyringMissing, KeyringExposed: its file is not there, or others may read it.
            TokenPinWrong: none is given.
        """
        if self.pin_file is not None:
            return read_private(self.pin_file).decode("utf-8", "replace").strip()
        if self.pin:
            return self.pin
        raise TokenPinWrong("The token needs a PIN: set EZTONG_TOKEN_PIN_FILE to a file of mode 0600 that holds it.")


class Token:
    """One token. Safe to share between threads: its session does one thing at a time."""

    def __init__(self, config: TokenConfig) -> None:
        """Keep ``config``; nothing is opened."""
        self.config = config
        self._gate = threading.RLock()
        self._session: pkcs11.Session | None = None
        self._refused: set[bytes] = set()
        self._process = os.getpid()

    def use(self, work: Callable[[pkcs11.Session], T]) -> T:
        """Do ``work`` over the session; a session that was lost is opened once more, and the work done again.

        Raises:
            TokenMissing, TokenPinWrong, TokenMechanismMissing, TokenProblem: as the names say.
        """
        with self._gate:
            try:
                return self._done(work)
            except _LOST:
                self.close()
            try:
                return self._done(work)
            except _LOST as error:
                self.close()
                raise TokenProblem(f"The token does not answer: {_name(error)}. {TokenProblem.advice}") from error

    def describe(self) -> str:
        """Return what the token says of itself, in one line; nobody logs in for it.

        Raises:
            TokenMissing: it is not there.
        """
        with self._gate:
            token = self._find()
            made = " ".join(part.strip() for part in (str(token.manufacturer_id), str(token.model)) if part.strip())
            return f"{token.label.strip()} ({made}, serial {_text(token.serial)})"

    def check_pin(self) -> None:
        """Try the PIN once, although the token remembers a wrong one: for a person, never for a program.

        Raises:
            TokenMissing, TokenPinWrong, TokenProblem: as the names say.
        """
        with self._gate:
            self.close()
            self._refused.clear()
            self._open(although_wrong_before=True)

    def close(self) -> None:
        """Let go of the session."""
        with self._gate:
            session, self._session = self._session, None
            if session is not None and self._process == os.getpid():
                try:
                    session.close()
                except PKCS11Error:
                    # It is lost already.
                    return

    def _done(self, work: Callable[[pkcs11.Session], T]) -> T:
        session = self._opened()
        try:
            return work(session)
        except _NOT_OFFERED as error:
            raise TokenMechanismMissing(
                f"The token does not do this: {_name(error)}. {TokenMechanismMissing.advice}"
            ) from error
        except _LOST:
            raise
        except PKCS11Error as error:
            raise TokenProblem(f"The token refused: {_name(error)}. {TokenProblem.advice}") from error

    def _opened(self) -> pkcs11.Session:
        if self._process != os.getpid():
            # A session does not outlive a fork.
            self._session, self._process = None, os.getpid()
            self._library().reinitialize()
        if self._session is None:
            self._open(although_wrong_before=False)
        else:
            _check_alive(self._session)
        if self._session is None:
            raise TokenProblem("The token gave no session.")
        return self._session

    def _open(self, *, although_wrong_before: bool) -> None:
        token, pin = self._find(), self.config.read_pin()
        tried = sm3(pin.encode())
        if tried in self._refused:
            raise TokenPinWrong(f"The token refused this PIN before; it is not tried again. {TokenPinWrong.advice}")
        flags = token.flags
        if TokenFlag.USER_PIN_LOCKED in flags:
            raise TokenPinWrong("The token's PIN is locked. Its security officer sets a new one.")
        if not although_wrong_before and TokenFlag.USER_PIN_COUNT_LOW in flags:
            raise TokenPinWrong(
                f"A wrong PIN was given to the token, and the right one not since; it is left alone. "
                f"{TokenPinWrong.advice}"
            )
        try:
            self._session = token.open(rw=True, user_pin=pin)
        except _BAD_PIN as error:
            self._refused.add(tried)
            raise TokenPinWrong(f"The token does not take the PIN. {TokenPinWrong.advice}") from error
        except PinLocked as error:
            self._refused.add(tried)
            raise TokenPinWrong("The token's PIN is locked. Its security officer sets a new one.") from error
        except UserAlreadyLoggedIn:
            # Another part of this process logged in; the token counts by process.
            self._session = token.open(rw=True)
        except PKCS11Error as error:
            raise TokenProblem(f"The token gives no session: {_name(error)}. {TokenProblem.advice}") from error

    def _library(self) -> Library:
        try:
            return pkcs11.lib(str(self.config.module))
        except (PKCS11Error, RuntimeError, OSError) as error:
            raise TokenMissing(
                f"The PKCS#11 module {self.config.module} cannot be loaded. {TokenMissing.advice}"
            ) from error

    def _find(self) -> pkcs11.Token:
        wanted = {"token_label": self.config.label, "token_serial": _bytes(self.config.serial)}
        asked = {name: value for name, value in wanted.items() if value is not None}
        library = self._library()
        try:
            return library.get_token(**asked)
        except NoSuchToken as error:
            named = " and ".join(f"{name.removeprefix('token_')} {_text(value)}" for name, value in asked.items())
            raise TokenMissing(f"There is no token with {named or 'anything in it'}. {TokenMissing.advice}") from error
        except PKCS11Error as error:
            raise TokenMissing(f"No single token is meant: {_name(error)}. {TokenMissing.advice}") from error

    @override
    def __repr__(self) -> str:
        return f"Token({self.config.label or self.config.serial or 'the only one'})"


@cache
def token_of(config: TokenConfig) -> Token:
    """Return the token of these settings: one for each in a process, so that a refused PIN is remembered."""
    return Token(config)


def _check_alive(session: pkcs11.Session) -> None:
    """Ask for something small: a search over a session that was lost would complain once more when it is forgotten."""
    try:
        session.generate_random(_PROBE_BITS)
    except (RandomNoRNG, FunctionNotSupported):
        return


def _name(error: PKCS11Error) -> str:
    return type(error).__name__


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def _text(value: object) -> str:
    return value.decode("utf-8", "replace").strip() if isinstance(value, bytes) else str(value)
