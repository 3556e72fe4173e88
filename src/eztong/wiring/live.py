"""Live mode: nothing is made by a start, and nothing invented is there."""

from __future__ import annotations

from eztong.adapters.clock import SystemClock
from eztong.adapters.companion_source import MissingCompanions
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.notifier.message_words import MessageWords
from eztong.adapters.storage.stored.facts import check_rows_are_sealed
from eztong.ports.notifier import Notifier
from eztong.ports.services import Services
from eztong.wiring.agreement_values import check_values
from eztong.wiring.belonging import check_belonging, check_pair
from eztong.wiring.checks.clock_doubt import note_doubt
from eztong.wiring.doctor import check_live
from eztong.wiring.keys.token_settings import signing_token
from eztong.wiring.machine.stores import check_schema
from eztong.wiring.modes import ModeParts
from eztong.wiring.settings import Settings
from eztong.wiring.transports import make_notifier


def live_parts() -> ModeParts:
    """Return the parts of live mode."""
    return ModeParts(
        clock=SystemClock(),
        open_data=_open_data,
        before_writing=note_doubt,
        after_seed=lambda _store, _now: None,
        companions=MissingCompanions(),
        controls=lambda _services, _faults: None,
        notifier=_transports,
    )


def _transports(settings: Settings, services: Services) -> Notifier:
    return make_notifier(settings, clock=services.clock, words=MessageWords(services.brand, services.texts))


def _open_data(settings: Settings) -> FileKeyring:
    """Keyring and database must both be there, current and safe."""
    check_live(settings)
    check_pair(settings)
    keyring = FileKeyring(settings.keyring, settings.root, token=signing_token(settings))
    check_schema(settings.stored_at)
    check_rows_are_sealed(settings.stored_at)
    check_belonging(settings.stored_at, keyring)
    check_values(settings)
    return keyring
