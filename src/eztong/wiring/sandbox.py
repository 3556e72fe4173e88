"""Sandbox mode: a start makes what is missing, the clock moves, and messages stay in an inbox for all to read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import structlog

from eztong.adapters.authority.personas import SANDBOX_START
from eztong.adapters.clock import SandboxClock, SystemClock
from eztong.adapters.companion_source import SandboxCompanions
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.adapters.notifier.inbox import InboxNotifier
from eztong.adapters.notifier.message_words import MessageWords
from eztong.adapters.sandbox_controls import CLOCK_SETTING, FaultSwitch, StoredSandbox
from eztong.adapters.storage.sql.served import ServedStore
from eztong.adapters.storage.stored.reach import missing_ends
from eztong.domain.damage import RowDamaged
from eztong.domain.errors import ProofInvalid
from eztong.domain.identity.age import SHANGHAI
from eztong.ports.clock import Clock
from eztong.ports.notifier import Notifier
from eztong.ports.sandbox import SandboxControls
from eztong.ports.services import Services
from eztong.ports.storage.store import UnitOfWork
from eztong.wiring.agreement_values import changed_values
from eztong.wiring.belonging import check_belonging, check_pair
from eztong.wiring.checks.findings import english
from eztong.wiring.checks.stored_data import GO_ON, published_keys, said_of
from eztong.wiring.keys.token_settings import signing_token
from eztong.wiring.machine.stores import check_schema, seal_rows, upgrade_schema
from eztong.wiring.modes import ModeParts
from eztong.wiring.seed_merchants import seed_merchants
from eztong.wiring.seed_operators import seed_demo_operators
from eztong.wiring.seed_staff import seed_demo_people, seed_demo_staff
from eztong.wiring.settings import Settings

_OPENING_HOUR: Final = 9
_log = structlog.get_logger(__name__)


def sandbox_parts() -> ModeParts:
    """Return the parts of the sandbox, whose clock stands at its opening until the stored one is known."""
    clock = _opening_clock()
    return ModeParts(
        clock=clock,
        open_data=partial(_open_data, clock=clock),
        # Its clock is moved on purpose.
        before_writing=lambda _store, _settings, _now: None,
        after_seed=partial(_after_seed, clock=clock),
        companions=SandboxCompanions(clock),
        controls=partial(_controls, clock=clock),
        notifier=_inbox,
    )


def _opening_clock() -> SandboxClock:
    system = SystemClock()
    start = datetime(
        SANDBOX_START.year, SANDBOX_START.month, SANDBOX_START.day, _OPENING_HOUR, tzinfo=SHANGHAI
    ).astimezone(UTC)
    # Whole seconds: times then have the milliseconds that are stored, and no more.
    return SandboxClock(system, start - system.now().replace(microsecond=0))


def _open_data(settings: Settings, *, clock: Clock) -> FileKeyring:
    """Keyring and database are made where neither is there, and brought up to date."""
    check_pair(settings)
    keyring = _keyring(settings, clock=clock)
    keyring.complete(entropy=SystemEntropy(), now=clock.now())
    upgrade_schema(settings.stored_at)
    check_schema(settings.stored_at)
    check_belonging(settings.stored_at, keyring)
    seal_rows(settings.stored_at, keyring)
    if changed := changed_values(settings):
        _log.warning("agreements_name_others", settings=changed)
    _tell_reach(settings, keyring)
    return keyring


def _tell_reach(settings: Settings, keyring: FileKeyring) -> None:
    """Say loudly what live mode refuses: the database ends before its mark."""
    try:
        missing = missing_ends(settings.stored_at, published_keys(keyring))
    except (ProofInvalid, OSError):
        # The doctor and the check say that the mark is damaged or cannot be read.
        return
    if missing:
        _log.error("database_end_missing", message=said_of(missing).english, advice=english(GO_ON))


def _keyring(settings: Settings, *, clock: Clock) -> FileKeyring:
    if settings.keyring.exists():
        return FileKeyring(settings.keyring, settings.root, token=signing_token(settings))
    # The database first: a keyring without one would mean that it was lost.
    upgrade_schema(settings.stored_at)
    return create_keyring(settings.keyring, settings.root, entropy=SystemEntropy(), now=clock.now())


def _after_seed(store: ServedStore, now: datetime, *, clock: SandboxClock) -> None:
    store.write(partial(seed_merchants, now=now))
    _restore_clock(clock, store)


def _restore_clock(clock: SandboxClock, store: ServedStore) -> None:
    with store.read() as stored:
        offset = stored.settings.get(CLOCK_SETTING)
    if offset is None:
        store.write(partial(_keep_clock, value=str(clock.offset.total_seconds())))
    else:
        clock.set_offset(_offset_in(offset))


def _offset_in(stored: str) -> timedelta:
    try:
        return timedelta(seconds=float(stored))
    except (ValueError, OverflowError):
        raise RowDamaged("service_settings", "name") from None


def _keep_clock(uow: UnitOfWork, *, value: str) -> None:
    uow.settings.set(CLOCK_SETTING, value)


def _controls(services: Services, faults: FaultSwitch, *, clock: SandboxClock) -> SandboxControls:
    seed_demo_staff(services)
    seed_demo_operators(services)
    seed_demo_people(services)
    return StoredSandbox(clock=clock, store=services.store, faults=faults)


def _inbox(_settings: Settings, services: Services) -> Notifier:
    # Never the transports of the settings: numbers of invented people may be those of real ones.
    return InboxNotifier(
        services.store,
        services.keys,
        services.entropy,
        services.clock,
        mode=services.deployment.mode,
        words=MessageWords(services.brand, services.texts),
    )
