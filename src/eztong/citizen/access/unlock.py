"""Unlock by passkey or PIN, and the pages that set them (clauses 2.2, 2.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from eztong.citizen.browser.asker import keep_known
from eztong.citizen.limits import PIN_TRIES, count
from eztong.citizen.visit import Visit
from eztong.citizen.ways_back import own_path
from eztong.citizen.words.own_phrase import own_phrase
from eztong.domain.access.pin import Pin, PinLocked, check_may_try
from eztong.domain.access.unlock import check_unlocked
from eztong.domain.errors import EztongError, InputInvalid, TooMany
from eztong.domain.standing import check_in_use
from eztong.pages.error_pages import sentence_of
from eztong.usecases.access.find_session import require_device
from eztong.usecases.access.set_pin import SetPin, set_pin
from eztong.usecases.access.unlock import UnlockByPin, unlock_by_pin

SETUP = "/unlock/setup"
_ALSO_WHEN_STOPPED: Final = frozenset({"/me/deregister"})
"""Pages that an account which is frozen, terminated or being deregistered unlocks for."""


@dataclass(frozen=True, slots=True)
class Means:
    """What the account can be unlocked with; ``locked`` says that its PIN takes no try now."""

    pin: bool
    passkeys: int
    locked: PinLocked | None = None

    @property
    def any(self) -> bool:
        """Say whether there is anything at all."""
        return self.pin or self.passkeys > 0


def ask(visit: Visit) -> Response:
    """Ask for passkey or PIN; an account that has neither sets one first."""
    back = own_path(visit.form.get("next", "") or visit.request.query_params.get("next", ""))
    means = _means(visit, back)
    if not means.any:
        return visit.redirect(f"{SETUP}?next={quote(back)}")
    return _unlock_page(visit, means, back)


def unlock(visit: Visit) -> Response:
    """Check the PIN and go back to where the unlock was needed."""
    back = own_path(visit.form.get("next", ""))
    count(PIN_TRIES, visit)
    command = UnlockByPin(session_hash=visit.session_hash, pin=visit.form.get("pin", ""))
    return _tried(
        lambda: unlock_by_pin(command, services=visit.services),
        then=lambda: keep_known(visit, visit.redirect(back), token=visit.token),
        otherwise=lambda error: _unlock_page(visit, _means(visit, back), back, error),
    )


def ask_setup(visit: Visit) -> Response:
    """Show how to set a passkey or a PIN; changing one needs a fresh unlock."""
    means = _means(visit)
    if means.any:
        _require_unlocked(visit)
    return _setup_page(visit, means, own_path(visit.request.query_params.get("next", "")))


def setup(visit: Visit) -> Response:
    """Set the PIN; the session is unlocked by that."""
    back = own_path(visit.form.get("next", ""))
    command = SetPin(session_hash=visit.session_hash, pin=visit.form.get("pin", ""), again=visit.form.get("again", ""))

    def set_it() -> None:
        count(PIN_TRIES, visit)
        set_pin(command, services=visit.services)

    return _tried(
        set_it,
        then=lambda: visit.redirect(back),
        otherwise=lambda error: _setup_page(visit, _means(visit), back, error),
    )


def _tried(
    act: Callable[[], None],
    *,
    then: Callable[[], Response],
    otherwise: Callable[[EztongError], Response],
) -> Response:
    try:
        act()
    except (InputInvalid, TooMany) as error:
        return otherwise(error)
    return then()


def _means(visit: Visit, back: str = "") -> Means:
    with visit.services.store.read() as stored:
        signed_in = visit.signed_in(stored)
        # Whoever ends the account proves to be its holder, whatever stopped it.
        if not (back in _ALSO_WHEN_STOPPED and signed_in.holder.has_account):
            check_in_use(signed_in.holder)
        require_device(signed_in, stored=stored)
        holder_id = signed_in.holder.holder_id
        pin = stored.pins.get(holder_id)
        return Means(pin is not None, len(stored.passkeys.list(holder_id)), _lock_of(pin, now=visit.now))


def _lock_of(pin: Pin | None, *, now: datetime) -> PinLocked | None:
    try:
        if pin is not None:
            check_may_try(pin, now=now)
    except PinLocked as locked:
        return locked
    return None


def _require_unlocked(visit: Visit) -> None:
    with visit.services.store.read() as stored:
        check_unlocked(visit.signed_in(stored).session.unlocked_until, now=visit.now)


def _unlock_page(visit: Visit, means: Means, back: str, error: EztongError | None = None) -> Response:
    waits = error if isinstance(error, TooMany) else means.locked
    return visit.form_page(
        "access/unlock.html",
        because=error,
        means=means,
        back=back,
        site=visit.services.passkeys.site,
        phrase=own_phrase(visit),
        error="" if error is None or waits else sentence_of(error, visit),
        problem="" if waits is None else sentence_of(waits, visit),
    )


def _setup_page(visit: Visit, means: Means, back: str, error: EztongError | None = None) -> Response:
    return visit.form_page(
        "access/unlock_setup.html",
        because=error,
        means=means,
        back=back,
        site=visit.services.passkeys.site,
        phrase=own_phrase(visit),
        error="" if error is None else sentence_of(error, visit),
    )
