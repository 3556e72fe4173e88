"""Settings in, a working service out: explicit, in one place, without a container."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from eztong.adapters.authority.http_client import HttpAuthority, HttpAuthorityConfig
from eztong.adapters.authority.personas import SANDBOX_START
from eztong.adapters.authority.sandbox import SandboxAuthority
from eztong.adapters.authority.wire import AuthorityPin
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
    FaultSwitch,
    StoredSandbox,
    own_faults,
    remote_faults,
)
from eztong.adapters.secret_hasher import Argon2Hasher, HashCost
from eztong.adapters.storage.group_commit import Signing
from eztong.adapters.storage.row_seals import seal_rows_of_before
from eztong.adapters.storage.schema import check_schema, schema_version, upgrade_schema
from eztong.adapters.storage.store import SqliteStore
from eztong.domain.age import SHANGHAI
from eztong.domain.errors import Unavailable
from eztong.gm.errors import BackendUnavailable, GmError
from eztong.gm.probe import check_backend
from eztong.gm.sm2 import PublicKey
from eztong.http.metrics import Metrics
from eztong.http.streams import EventStreams
from eztong.ports.authority import Authority
from eztong.ports.clock import Clock
from eztong.ports.keys import SignPurpose
from eztong.ports.notifier import Notifier
from eztong.ports.sandbox import SandboxControls
from eztong.ports.services import Mode, Services
from eztong.wiring.authority_keys import load_or_create
from eztong.wiring.doctor import check_live
from eztong.wiring.seed import seed
from eztong.wiring.seed_merchants import seed_merchants
from eztong.wiring.seed_staff import seed_demo_staff
from eztong.wiring.settings import Settings, SettingsInvalid

_OPENING_HOUR = 9
_HASHES_AT_ONCE = 2


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

    In sandbox mode a missing keyring or database is made; in live mode both must be there, current and safe.

    Raises:
        SettingsInvalid, KeyringProblem, StateConflict, NotPermitted: saying what to do first.
    """
    _check_sm2()
    entropy = SystemEntropy()
    clock = _clock(settings)
    keyring = _open_data(settings, clock=clock)
    metrics = Metrics()
    signing = Signing(keys=keyring, clock=clock, entropy=entropy, origin=settings.origin)
    store = SqliteStore(settings.database, signing, on_commit=metrics.commit)
    _fill(store, settings, now=clock.now())
    if isinstance(clock, SandboxClock):
        _restore_clock(clock, store)
    authority, faults = _authority(settings, keyring=keyring, clock=clock, entropy=entropy)
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
    if settings.mode is Mode.LIVE:
        check_live(settings)
        check_schema(settings.database)
    keyring = open_keyring(settings, clock=clock)
    if settings.mode is Mode.SANDBOX:
        upgrade_schema(settings.database)
        seal_rows_of_before(settings.database, keyring)
    return keyring


def _fill(store: SqliteStore, settings: Settings, *, now: datetime) -> None:
    store.write(lambda uow: seed(settings, uow=uow, now=now))
    if settings.mode is Mode.SANDBOX:
        store.write(lambda uow: seed_merchants(uow=uow, now=now))


def _check_sm2() -> None:
    try:
        check_backend()
    except BackendUnavailable as error:
        raise Unavailable(str(error)) from error


def open_keyring(settings: Settings, *, clock: Clock) -> FileKeyring:
    """Load the keyring; in the sandbox, make one for an installation that has no data yet."""
    fresh = not settings.keyring.exists() and schema_version(settings.database).found is None
    if settings.mode is Mode.SANDBOX and fresh:
        return create_keyring(settings.keyring, settings.root_key, entropy=SystemEntropy(), now=clock.now())
    ring = FileKeyring(settings.keyring, settings.root_key)
    if settings.mode is Mode.SANDBOX:
        ring.complete(entropy=SystemEntropy(), now=clock.now())
    return ring


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


def _authority(
    settings: Settings, *, keyring: FileKeyring, clock: Clock, entropy: SystemEntropy
) -> tuple[Authority, FaultSwitch]:
    if settings.authority_url is None:
        registry = load_or_create(settings.authority_keyring, entropy=entropy).registry()
        return SandboxAuthority(registry, clock=clock), own_faults(registry)
    base_url = str(settings.authority_url).rstrip("/")
    config = HttpAuthorityConfig(
        base_url=base_url,
        pin=AuthorityPin(
            signing=_public_key(settings.authority_signing_key, "AUTHORITY_SIGNING_KEY"),
            encryption=_public_key(settings.authority_encryption_key, "AUTHORITY_ENCRYPTION_KEY"),
        ),
    )
    client = HttpAuthority(
        config,
        sign=lambda message: keyring.sign(SignPurpose.AUTHORITY_CLIENT, message),
        clock=clock,
        entropy=entropy,
    )
    return client, remote_faults(base_url)


def _public_key(text: str | None, name: str) -> PublicKey:
    try:
        return PublicKey.from_spki(base64.b64decode(text or "", validate=True))
    except (GmError, binascii.Error) as error:
        raise SettingsInvalid(f"EZTONG_{name} must be the base64 of an SM2 SubjectPublicKeyInfo.") from error


def _notifier(services: Services) -> Notifier:
    if not services.deployment.is_sandbox:
        return MissingNotifier()
    return InboxNotifier(services.store, services.keys, services.entropy, services.clock, mode=services.deployment.mode)
