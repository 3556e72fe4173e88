"""Many synthetic citizens: threads that register at once, so that group commit shares signatures and disk writes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from rich.progress import Progress

from eztong.adapters.sandbox_controls import SYNTHETIC
from eztong.domain.errors import NotPermitted
from eztong.domain.holder import HolderState
from eztong.ports.act import OPERATOR, Act
from eztong.usecases.sandbox.play_persona import play_registration

if TYPE_CHECKING:
    from eztong.wiring.build import Built

SETTING: Final = "sandbox_next_synthetic_citizen"
_STRIDE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Populated:
    """How it went."""

    registered: int
    known: int
    first: int
    seconds: float

    @property
    def rate(self) -> float:
        """Registrations per second."""
        return self.registered / self.seconds if self.seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the report for a machine."""
        return {
            "registered": self.registered,
            "known_before": self.known,
            "first_index": self.first,
            "seconds": round(self.seconds, 3),
            "per_second": round(self.rate, 1),
        }

    def words(self) -> str:
        """Return the report for a person."""
        known = f" ({self.known} were registered before)" if self.known else ""
        return f"Registered {self.registered} citizens{known} in {self.seconds:.1f} s: {self.rate:.0f} per second."


def populate_to(built: Built, number: int, *, threads: int, bar: Progress) -> Populated:
    """Register ``number`` citizens from the first index that was not reached yet.

    Raises:
        NotPermitted: there is no sandbox.
    """
    store = built.services.store
    with store.read() as stored:
        first = int(stored.settings.get(SETTING) or 0)
    task = bar.add_task("citizens", total=number)
    registered, started = 0, perf_counter()
    with ThreadPoolExecutor(threads, thread_name_prefix="populate") as pool:
        for start in range(first, first + number, _STRIDE):
            end = min(start + _STRIDE, first + number)
            for is_new in pool.map(lambda index: register(built, index), range(start, end)):
                registered += is_new
                bar.advance(task)
            _remember(built, end)
    seconds = perf_counter() - started
    return Populated(registered=registered, known=number - registered, first=first, seconds=seconds)


def register(built: Built, index: int) -> bool:
    """Register one synthetic citizen; return whether the account is new.

    Raises:
        NotPermitted: there is no sandbox, or the authority did not know the citizen.
    """
    if built.sandbox is None:
        raise NotPermitted("This exists in sandbox mode only.")
    played = play_registration(built.sandbox.persona(f"{SYNTHETIC}{index}"), services=built.services)
    if played.holder.state is not HolderState.ACTIVE:
        raise NotPermitted("A synthetic citizen did not become active: is a fault of the authority switched on?")
    return played.is_new


def _remember(built: Built, index: int) -> None:
    built.services.perform(OPERATOR, _keep, str(index))


def _keep(act: Act, value: str) -> None:
    act.uow.settings.set(SETTING, value)
