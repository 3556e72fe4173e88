"""Settings in, a working service out: explicit, in one place, without a container."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from eztong.adapters.authority.http_client import HttpAuthority
from eztong.adapters.authority.personas import SANDBOX_START
from eztong.adapters.clock import SandboxClock, SystemClock
from eztong.adapters.companion_source import MissingCompanions, SandboxCompanions
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.adapters.limiter import MemoryLimiter
from eztong.adapters.live_person import DeviceUnlock
from eztong.adapters.notifier.inbox import InboxNotifier
from eztong.adapters.notifier.missing import MissingNotifier
from eztong.adapters.passkeys import WebAuthnPasskeys
from eztong.adapters.sandbox_controls import (
    CLOCK_SETTING,
    StoredSandbox,
)
from eztong.adapters.secret_hasher import Argon2Hasher, HashCost
from eztong.adapters.storage.rounds.group_commit import Signing
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import check_schema, upgrade_schema
from eztong.adapters.storage.sqlite.store import SqliteStore
from eztong.domain.errors import Unavailable
from eztong.domain.identity.age import SHANGHAI
from eztong.gm.errors import BackendUnavailable
from eztong.gm.probe import check_backend
from eztong.http.metrics import Metrics
from eztong.http.streams import EventStreams
from eztong.ports.clock import Clock
from eztong.ports.notifier import Notifier
from eztong.ports.sandbox import SandboxControls
from eztong.ports.services import Mode, Services
from eztong.ports.storage.store import UnitOfWork
from eztong.wiring.agreement_values import VALUES_SETTING, changed_values, check_values, printed_values
from eztong.wiring.authority import make_authority
from eztong.wiring.belonging import FINGERPRINT_SETTING, check_belonging, check_pair, fingerprint
from eztong.wiring.doctor import check_live
from eztong.wiring.seed import seed
from eztong.wiring.seed_merchants import seed_merchants
from eztong.wiring.seed_staff import seed_demo_staff
from eztong.wiring.settings import Settings
from eztong.wiring.starting import one_at_a_time

_OPENING_HOUR = 9
_HASHES_AT_ONCE = 2
_STAFF_HASHES_WAITING = 4
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A service that is ready to be served or used by a command."""

    settings: Settings
    services: Services
    store: SqliteStore
    keyring: FileKeyring
    notifier: Notifier
    metrics: Metrics
    sandbox: SandboxControls | None
    streams: EventStreams

    def close(self) -> None:
        """Finish every accepted write, then let go of the files and connections."""
        self.store.close()
        if isinstance(self.services.authority, HttpAuthority):
            self.services.authority.close()


def build(settings: Settings) -> Built:
    """Build the service.

    In sandbox mode keyring and database are made where neither is there; in live mode both must be there, current and
    safe. Starts of several processes on one data folder take turns.

    Raises:
        SettingsInvalid, KeyringProblem, StateConflict, NotPermitted, Unavailable: saying what to do first.
    """
    _check_sm2()
    with one_at_a_time(settings.data_dir):
        return _build(settings)


def _build(settings: Settings) -> Built:
    entropy = SystemEntropy()
    clock = _clock(settings)
    keyring = _open_data(settings, clock=clock)
    metrics = Metrics()
    signing = Signing(keys=keyring, clock=clock, entropy=entropy, origin=settings.origin)
    store = SqliteStore(settings.database, signing, on_commit=metrics.commit)
    _fill(store, settings, keyring=keyring, now=clock.now())
    if isinstance(clock, SandboxClock):
        _restore_clock(clock, store)
    authority, faults = make_authority(settings, keyring=keyring, clock=clock, entropy=entropy)
    services = Services(
        deployment=settings.deployment(),
        store=store,
        keys=keyring,
        clock=clock,
        entropy=entropy,
        authority=authority,
        limiter=MemoryLimiter(clock),
        observer=metrics,
        secret_hasher=Argon2Hasher(HashCost(), at_once=_HASHES_AT_ONCE),
        staff_hasher=Argon2Hasher(HashCost(), at_once=1, waiting=_STAFF_HASHES_WAITING),
        live_person=DeviceUnlock(),
        companions=SandboxCompanions(clock) if settings.mode is Mode.SANDBOX else MissingCompanions(),
        passkeys=WebAuthnPasskeys(settings.base_url, name=settings.operator_name),
    )
    sandbox = None
    if isinstance(clock, SandboxClock):
        seed_demo_staff(services)
        sandbox = StoredSandbox(clock=clock, store=store, faults=faults)
    return Built(
        settings=settings,
        services=services,
        store=store,
        keyring=keyring,
        notifier=_notifier(services),
        metrics=metrics,
        sandbox=sandbox,
        streams=EventStreams(),
    )


def _open_data(settings: Settings, *, clock: Clock) -> FileKeyring:
    is_live = settings.mode is Mode.LIVE
    if is_live:
        check_live(settings)
    check_pair(settings)
    if not is_live and not settings.keyring.exists():
        # The database first: a keyring without one would mean that it was lost.
        upgrade_schema(settings.database)
        keyring = create_keyring(settings.keyring, settings.root_key, entropy=SystemEntropy(), now=clock.now())
    else:
        keyring = FileKeyring(settings.keyring, settings.root_key)
    if not is_live:
        keyring.complete(entropy=SystemEntropy(), now=clock.now())
        upgrade_schema(settings.database)
    check_schema(settings.database)
    check_belonging(settings.database, keyring)
    if is_live:
        check_values(settings)
        return keyring
    seal_rows_of_before(settings.database, keyring)
    if changed := changed_values(settings):
        _log.warning("agreements_name_others", settings=changed)
    return keyring


def _fill(store: SqliteStore, settings: Settings, *, keyring: FileKeyring, now: datetime) -> None:
    first = {FINGERPRINT_SETTING: fingerprint(keyring)}
    if not changed_values(settings):
        first[VALUES_SETTING] = printed_values(settings)

    def fill(uow: UnitOfWork) -> None:
        seed(settings, uow=uow, now=now)
        for name, value in first.items():
            if uow.queues.setting(name) is None:
                uow.queues.set_setting(name, value)

    store.write(fill)
    if settings.mode is Mode.SANDBOX:
        store.write(lambda uow: seed_merchants(uow=uow, now=now))


def _check_sm2() -> None:
    try:
        check_backend()
    except BackendUnavailable as error:
        raise Unavailable(str(error)) from error


def _clock(settings: Settings) -> Clock:
    system = SystemClock()
    if settings.mode is Mode.LIVE:
        return system
    start = datetime(
        SANDBOX_START.year, SANDBOX_START.month, SANDBOX_START.day, _OPENING_HOUR, tzinfo=SHANGHAI
    ).astimezone(UTC)
    # Whole seconds: times then have the milliseconds that are stored, and no more.
    return SandboxClock(system, start - system.now().replace(microsecond=0))


def _restore_clock(clock: SandboxClock, store: SqliteStore) -> None:
    with store.read() as stored:
        offset = stored.queues.setting(CLOCK_SETTING)
    if offset is None:
        value = str(clock.offset.total_seconds())
        store.write(lambda uow: uow.queues.set_setting(CLOCK_SETTING, value))
    else:
        clock.set_offset(timedelta(seconds=float(offset)))


def _notifier(services: Services) -> Notifier:
    if not services.deployment.is_sandbox:
        return MissingNotifier()
    return InboxNotifier(services.store, services.keys, services.entropy, services.clock, mode=services.deployment.mode)
