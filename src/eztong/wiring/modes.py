"""What differs between sandbox and live: everything else of the service is built the same way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.sandbox_controls import FaultSwitch
from eztong.adapters.storage.sql.served import ServedStore
from eztong.ports.clock import Clock
from eztong.ports.companion_source import CompanionSource
from eztong.ports.notifier import Notifier
from eztong.ports.sandbox import SandboxControls
from eztong.ports.services import Services
from eztong.wiring.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeParts:
    """The parts of one mode, in the order in which a start needs them."""

    clock: Clock
    open_data: Callable[[Settings], FileKeyring]
    """Sees to keyring and database before the store is opened, and returns the keyring.

    Raises:
        KeyringProblem, StateConflict, NotPermitted, Unavailable: saying what to do first.
    """

    before_writing: Callable[[ServedStore, Settings, datetime], None]
    """Looks at what is stored, before anything is written or signed by the clock that says so.

    Raises:
        Unavailable: it cannot be read, or what follows from it not be written.
    """

    after_seed: Callable[[ServedStore, datetime], None]
    """Writes what the mode adds to the seed of every installation, at the same moment."""

    companions: CompanionSource
    controls: Callable[[Services, FaultSwitch], SandboxControls | None]
    """Makes what moves the sandbox, and whoever works there; None in live mode."""

    notifier: Callable[[Settings, Services], Notifier]
    """Makes what delivers messages.

    Raises:
        SettingsInvalid: the settings of a transport cannot be used.
    """
