"""Settings in, a working service out: explicit, in one place, without a container."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import structlog

from eztong.adapters.authority.http_client import HttpAuthority
from eztong.adapters.brand_board import CachedBrand
from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.incident_board import CachedBoard
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.limiter import MemoryLimiter
from eztong.adapters.live_person import DeviceUnlock
from eztong.adapters.one_time_codes import TotpCodes
from eztong.adapters.paper.typst_pages import TypstPages
from eztong.adapters.passkeys import WebAuthnPasskeys
from eztong.adapters.secret_hasher import Argon2Hasher, HashCost
from eztong.adapters.storage.beside.erased_list import ErasedList, erased_list_of
from eztong.adapters.storage.rounds.group_commit import Signing
from eztong.adapters.storage.sql.served import ServedStore
from eztong.adapters.storage.stored.facts import ended_applications, erased_accounts, unreadable_counts
from eztong.adapters.text_board import CachedTexts
from eztong.adapters.webhooks.http_sender import HttpWebhookSender
from eztong.domain.damage import RowDamaged, StoredDamaged
from eztong.domain.errors import Unavailable
from eztong.domain.identifiers import HolderId
from eztong.gm.errors import BackendUnavailable
from eztong.gm.probe import check_backend
from eztong.http.metrics import Metrics
from eztong.http.streams import EventStreams
from eztong.ports.act import SYSTEM
from eztong.ports.notifier import Notifier
from eztong.ports.sandbox import SandboxControls
from eztong.ports.services import Mode, Services
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.deregistration.erase_listed import erase_listed
from eztong.usecases.feedback.redate_tickets import redate_tickets
from eztong.wiring.agreement_values import VALUES_SETTING, changed_values, printed_values
from eztong.wiring.authority import make_authority
from eztong.wiring.belonging import FINGERPRINT_SETTING, fingerprint
from eztong.wiring.live import live_parts
from eztong.wiring.machine.stores import check_store, open_store
from eztong.wiring.modes import ModeParts
from eztong.wiring.sandbox import sandbox_parts
from eztong.wiring.seed import seed
from eztong.wiring.settings import Settings
from eztong.wiring.starting import one_at_a_time
from eztong.wiring.transports import close_notifier, make_sender

_HASHES_AT_ONCE = 2
_ADVISED = HashCost()
_STAFF_HASHES_WAITING = 4
_log = structlog.get_logger(__name__)
_PARTS = {Mode.SANDBOX: sandbox_parts, Mode.LIVE: live_parts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A service that is ready to be served or used by a command."""

    settings: Settings
    services: Services
    store: ServedStore
    keyring: FileKeyring
    erased: ErasedList
    unerased: list[HolderId]
    """Accounts of that list that could not be erased yet: the background tries them again."""

    notifier: Notifier
    webhooks: HttpWebhookSender
    metrics: Metrics
    sandbox: SandboxControls | None
    streams: EventStreams

    def close(self) -> None:
        """Finish every accepted write, then let go of the files and connections."""
        self.store.close()
        if isinstance(self.services.authority, HttpAuthority):
            self.services.authority.close()
        close_notifier(self.notifier)
        self.webhooks.close()


def build(settings: Settings, *, hash_cost: HashCost = _ADVISED) -> Built:
    """Build the service; ``hash_cost`` is what a PIN's or a password's hash costs.

    In sandbox mode keyring and database are made where neither is there; in live mode both must be there, current and
    safe. Starts of several processes on one data folder take turns.

    Raises:
        SettingsInvalid, KeyringProblem, StateConflict, NotPermitted, Unavailable: saying what to do first.
    """
    _check_sm2()
    check_store(settings)
    with one_at_a_time(settings.data_dir):
        return _build(settings, _PARTS[settings.mode](), hash_cost)


def _build(settings: Settings, parts: ModeParts, hash_cost: HashCost) -> Built:
    clock, entropy = parts.clock, SystemEntropy()
    keyring = parts.open_data(settings)
    metrics = Metrics()
    signing = Signing(keys=keyring, clock=clock, entropy=entropy, origin=settings.origin)
    store = open_store(settings, signing, on_commit=metrics.commit, on_left_out=metrics.part_left_out)
    now = clock.now()
    parts.before_writing(store, settings, now)
    _fill(store, settings, keyring=keyring, now=now)
    parts.after_seed(store, now)
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
        secret_hasher=Argon2Hasher(hash_cost, at_once=_HASHES_AT_ONCE),
        one_time_codes=TotpCodes(SystemClock()),
        staff_hasher=Argon2Hasher(hash_cost, at_once=1, waiting=_STAFF_HASHES_WAITING),
        live_person=DeviceUnlock(),
        companions=parts.companions,
        incidents=CachedBoard(store, clock),
        brand=CachedBrand(store, clock),
        texts=CachedTexts(store, clock),
        typesetter=TypstPages(settings.font_folder, settings.font_family),
        passkeys=WebAuthnPasskeys(settings.base_url, name=settings.operator_name),
        console_passkeys=WebAuthnPasskeys(settings.console_url, name=settings.operator_name),
    )
    _redate(services)
    erased = ErasedList(erased_list_of(settings.stored_at), keyring, clock)
    unerased = _reconcile(services, erased, settings)
    sandbox = parts.controls(services, faults)
    return Built(
        settings=settings,
        services=services,
        store=store,
        keyring=keyring,
        notifier=parts.notifier(settings, services),
        webhooks=make_sender(settings),
        erased=erased,
        unerased=unerased,
        metrics=metrics,
        sandbox=sandbox,
        streams=EventStreams(),
    )


def _fill(store: ServedStore, settings: Settings, *, keyring: FileKeyring, now: datetime) -> None:
    first = {FINGERPRINT_SETTING: fingerprint(keyring)}
    if not changed_values(settings):
        first[VALUES_SETTING] = printed_values(settings)

    def fill(uow: UnitOfWork) -> None:
        seed(settings, uow=uow, now=now)
        for name, value in first.items():
            # One that is damaged stays as it is: the check of the database names it.
            with suppress(RowDamaged):
                if uow.settings.get(name) is None:
                    uow.settings.set(name, value)

    store.write(fill)


def _reconcile(services: Services, erased: ErasedList, settings: Settings) -> list[HolderId]:
    # Both before anything is answered: the list may have lost its end, and a backup may have brought accounts back.
    known = erased_accounts(settings.stored_at)
    erased.add(*known.named, *ended_applications(settings.stored_at).named)
    _tell_damage(settings, unnamed=known.unreadable)
    left = list(erase_listed(erased.read(), services=services))
    if left:
        _log.error("accounts_not_erased", count=len(left), advice="run: eztong doctor")
    return left


def _tell_damage(settings: Settings, *, unnamed: int) -> None:
    """Log what a start goes on with, though it cannot be read."""
    advice = "run: eztong db check --full"
    if unnamed:
        _log.error("erased_accounts_unreadable", count=unnamed, advice=advice)
    if counts := unreadable_counts(settings.stored_at):
        _log.error("row_counts_unreadable", count=counts, advice=advice)


def _redate(services: Services) -> None:
    # A calendar that came since the last start; most starts bring none, and write nothing.
    try:
        with services.store.read() as stored:
            waits = not stored.tickets.provisional().is_empty
        if waits:
            services.perform(SYSTEM, redate_tickets, calendar=services.deployment.calendar)
    except StoredDamaged as error:
        _log.error("tickets_not_dated_again", problem=error.code)


def _check_sm2() -> None:
    try:
        check_backend()
    except BackendUnavailable as error:
        raise Unavailable(str(error)) from error
