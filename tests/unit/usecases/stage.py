"""A stage for use cases: a real store on a copy of one database, a real keyring, fakes of every other port.

Two people have an account, each with a bound and unlocked device: :data:`LI` and :data:`WANG`. Seven partners, their
scenes and desks are there as in every sandbox.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from inspect import signature
from pathlib import Path
from typing import Any, TypeVar

from eztong.adapters.authority.synthetic import synthetic_citizen
from eztong.adapters.brand_board import CachedBrand
from eztong.adapters.incident_board import CachedBoard
from eztong.adapters.one_time_codes import TotpCodes
from eztong.adapters.storage.postgres.place import PostgresPlace
from eztong.adapters.storage.postgres.store import PostgresStore
from eztong.adapters.storage.rounds.group_commit import LeftOut, Signing
from eztong.adapters.storage.sql.served import ServedStore
from eztong.adapters.storage.sql.tables import metadata
from eztong.adapters.storage.sqlite.store import SqliteStore
from eztong.adapters.text_board import CachedTexts
from eztong.domain.access.device import Device
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.agreements import AgreementKind
from eztong.domain.errors import Unavailable
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.identity.phone import parse_phone
from eztong.domain.jobs.job import Job, JobKind
from eztong.domain.notices import Message
from eztong.domain.partners.partner import ApiKey, Caller, Partner, Scope
from eztong.domain.restrictions.mark import Cause, Ceiling, Restriction
from eztong.ports.act import HOLDER, SYSTEM, Acting
from eztong.ports.keys import Keys
from eztong.ports.services import Deployment, Mode, Services
from eztong.ports.storage.access.sessions import Session
from eztong.ports.storage.holders import HolderEvent
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.message_code import Asker, TypedCode
from eztong.usecases.notices.send_message import open_message
from eztong.usecases.registration.accept_agreements import AcceptAgreements, accept_agreements
from eztong.usecases.registration.confirm_phone import (
    AskForOtp,
    ConfirmOtp,
    confirm_registration_otp,
    send_registration_otp,
)
from eztong.usecases.registration.register_identity import RegisterIdentity, register_identity
from eztong.usecases.restrictions.change_marks import NewMark, change_marks
from eztong.wiring.seed import seed
from eztong.wiring.settings import Settings
from tests.simulators.due_work import deliver_due_messages
from tests.simulators.quick_files import new_database
from tests.unit.usecases.fake_passkeys import PlainPasskeys
from tests.unit.usecases.fakes import (
    ChosenAuthority,
    ChosenCompanions,
    ChosenFactor,
    CollectingNotifier,
    CollectingObserver,
    CountedEntropy,
    OpenLimiter,
    QuickHasher,
    SetClock,
)
from tests.unit.usecases.plain_typesetter import PlainTypesetter

T = TypeVar("T")
ORIGIN = "eztong.example"
NETWORK = "192.0.2.0/24"
FILE = "eztong.db"
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Person:
    """What an invented person types; ``session`` is the look-up hash of the browser in which the account was made."""

    name: str
    number: str
    phone: str
    session: bytes


def invented(index: int, phone: str) -> Person:
    """Return the synthetic citizen ``index`` with a phone."""
    name, number = synthetic_citizen(index)
    return Person(name, number, phone, f"session of {index}".encode())


LI = invented(1, "13900000001")
WANG = invented(2, "13900000002")
ZHAO = invented(3, "13900000003")
"""Has no account."""


@dataclass(slots=True)
class Stage:
    """The services of one test over the database in ``folder``."""

    folder: Path
    keys: Keys
    seed: str = "test"
    clock: SetClock = field(default_factory=SetClock)
    authority: ChosenAuthority = field(default_factory=ChosenAuthority)
    hasher: QuickHasher = field(default_factory=QuickHasher)
    passkeys: PlainPasskeys = field(default_factory=PlainPasskeys)
    console_passkeys: PlainPasskeys = field(default_factory=lambda: PlainPasskeys(of="console.eztong.example"))
    observer: CollectingObserver = field(default_factory=CollectingObserver)
    notifier: CollectingNotifier = field(default_factory=CollectingNotifier)
    factor: ChosenFactor = field(default_factory=ChosenFactor)
    companions: ChosenCompanions = field(default_factory=ChosenCompanions)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    """Parts of acts that were left out, with their failures; a test that lets any be takes them."""

    url: str = ""
    """The address of the database, where it is on a server."""

    store: ServedStore = field(init=False)
    services: Services = field(init=False)

    def __post_init__(self) -> None:
        """Open the store and put the services together."""
        entropy = CountedEntropy(self.seed)
        signing = Signing(keys=self.keys, clock=self.clock, entropy=entropy, origin=ORIGIN)
        self.store = self._opened(signing)
        self.services = Services(
            deployment=deployment(),
            store=self.store,
            keys=self.keys,
            clock=self.clock,
            entropy=entropy,
            authority=self.authority,
            limiter=OpenLimiter(),
            observer=self.observer,
            passkeys=self.passkeys,
            console_passkeys=self.console_passkeys,
            secret_hasher=self.hasher,
            one_time_codes=TotpCodes(self.clock),
            staff_hasher=self.hasher,
            live_person=self.factor,
            companions=self.companions,
            incidents=CachedBoard(self.store, self.clock),
            brand=CachedBrand(self.store, self.clock),
            texts=CachedTexts(self.store, self.clock),
            typesetter=PlainTypesetter(),
        )

    def _opened(self, signing: Signing) -> ServedStore:
        left_out: LeftOut = lambda name, kind: self.left_out.append((name, kind))  # noqa: E731 - what a store calls
        if self.url:
            return PostgresStore(PostgresPlace(self.url, self.folder), signing, on_left_out=left_out)
        return SqliteStore(self.folder / FILE, signing, on_left_out=left_out)

    def act(self, verb: Callable[..., T], *given: object, by: Acting = HOLDER, **more: object) -> T:
        """Call a use case, as ``by``, with the act that it takes, or with what it asks for by name and a reader."""
        services = self.services
        wanted = signature(verb).parameters
        if next(iter(wanted), None) == "act":
            return services.perform(by, verb, *given, **more)
        ports: Mapping[str, object] = {
            "services": services,
            "keys": services.keys,
            "entropy": services.entropy,
            "now": self.clock.now(),
        }
        named = {name: port for name, port in ports.items() if name in wanted} | more
        if "stored" in wanted:
            return self.read(lambda stored: verb(*given, stored=stored, **named))
        return verb(*given, **named)

    def write(self, job: Callable[[UnitOfWork], T]) -> T:
        """Run a job and return what it returned, once that is durable."""
        return self.store.write(job).value

    def read(self, look: Callable[[Repositories], T]) -> T:
        """Look into the store."""
        with self.store.read() as stored:
            return look(stored)

    def deploy(self, **changed: object) -> None:
        """Change what the services know of the installation."""
        named: dict[str, Any] = dict(changed)
        self.services = replace(self.services, deployment=replace(self.services.deployment, **named))

    def holder(self, person: Person = LI) -> Holder:
        """Return the account that the person's browser belongs to, as it is stored now."""
        found = self.read(lambda stored: stored.holders.get(self.holder_id(person)))
        assert found is not None
        return found

    def holder_id(self, person: Person = LI) -> HolderId:
        """Return the id of the account or application that was begun in the person's browser."""
        holder_id = self.session(person.session).holder_id
        assert holder_id is not None
        return holder_id

    def session(self, session_hash: bytes = LI.session) -> Session:
        """Return a session as it is stored now."""
        found = self.read(lambda stored: stored.sessions.get(session_hash))
        assert found is not None
        return found

    def device(self, person: Person = LI) -> Device:
        """Return the person's primary device."""
        found = self.read(lambda stored: stored.devices.primary(self.holder_id(person)))
        assert found is not None
        return found

    def events(self, person: Person = LI) -> list[HolderEvent]:
        """Return what happened to the account since the test began, oldest first."""
        found = self.read(lambda stored: stored.holders.events(self.holder_id(person)))
        return [one for one in reversed(found) if not one.kind.startswith(_BEFORE)]

    def change(self, person: Person = LI, **fields: object) -> Holder:
        """Store the person's account with other fields."""
        named: dict[str, Any] = dict(fields)
        changed = replace(self.holder(person), **named)
        self.write(lambda uow: uow.holders.update(changed))
        return changed

    def mark(
        self, person: Person = LI, *, cause: Cause = Cause.DOCUMENT_EXPIRED, ceiling: Ceiling = Ceiling.LOW
    ) -> None:
        """Set a mark on the person's account; nobody is told."""
        new = NewMark(cause=cause, ceiling=ceiling, rule="test")
        self.act(change_marks, self.holder(person), by=SYSTEM, new=new, tells=False)

    def marks(self, person: Person = LI) -> list[Restriction]:
        """Return the account's marks, newest first."""
        return list(self.read(lambda stored: stored.restrictions.list(self.holder_id(person))))

    def unlock(self, person: Person = LI) -> None:
        """Unlock the person's browser as of now."""
        until = self.clock.now() + UNLOCK_LIFE
        session = replace(self.session(person.session), unlocked_until=until)
        self.write(lambda uow: uow.sessions.update(session))

    def lock(self, person: Person = LI) -> None:
        """Lock the person's browser."""
        session = replace(self.session(person.session), unlocked_until=None)
        self.write(lambda uow: uow.sessions.update(session))

    def queued(self) -> list[Job]:
        """Return the messages that wait and are due."""
        due = self.read(lambda stored: stored.jobs.due(JobKind.MESSAGE, now=self.clock.now(), limit=500))
        return [job for job in due if isinstance(job, Job)]

    def messages(self) -> list[Message]:
        """Return the messages that wait and are due, opened."""
        return [open_message(job, keys=self.keys) for job in self.queued()]

    def topics(self) -> list[str]:
        """Return what the waiting messages are about."""
        return [message.topic.value for message in self.messages()]

    def empty_outbox(self) -> None:
        """Let everything that waits be delivered."""
        while deliver_due_messages(services=self.services, notifier=self.notifier).again:
            pass

    def caller(self, partner_id: str = "hotel", *, key_id: str = "key-1") -> Caller:
        """Return a partner with a key of every scope."""
        partner = self.partner(partner_id)
        key = ApiKey(
            key_id=key_id,
            partner_id=partner.partner_id,
            label="test",
            scopes=frozenset(Scope),
            created_at=self.clock.now(),
        )
        return Caller(partner, key)

    def partner(self, partner_id: str = "hotel") -> Partner:
        """Return a partner of the sandbox."""
        found = self.read(lambda stored: stored.partners.get(PartnerId(partner_id)))
        assert found is not None
        return found

    def rows(self) -> dict[str, int]:
        """Return how many rows each table has, but for what the store keeps of its own commits."""
        with closing(sqlite3.connect(self.folder / FILE)) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608 - names of our own
        return {name: count for name, count in counts.items() if name not in _STORES_OWN}

    def applications(self) -> int:
        """Return how many applications wait for the authority."""
        return self.read(lambda stored: stored.jobs.depths())[JobKind.REGISTRATION]

    def select(self, query: str, *params: object) -> list[tuple[Any, ...]]:
        """Return rows as they lie in the file."""
        with closing(sqlite3.connect(self.folder / FILE)) as connection:
            return connection.execute(query, params).fetchall()

    def damage(self, table: str, column: str, value: object = "damaged", *, of: str = "") -> None:
        """Put a value into a column as no program does, in every row or in the ones whose first key it is."""
        first = next(iter(metadata.tables[table].primary_key)).name
        with closing(sqlite3.connect(self.folder / FILE)) as connection, connection:
            statement = f"UPDATE {table} SET {column} = ? WHERE {first} = ? OR ? = ''"  # noqa: S608 - names of ours
            assert connection.execute(statement, (value, of, of)).rowcount

    def take_left_out(self) -> set[tuple[str, str]]:
        """Return the parts that were left out since the last look, with their failures."""
        taken, self.left_out = set(self.left_out), []
        return taken

    def close(self) -> None:
        """Close the store."""
        self.store.close()


_STORES_OWN = frozenset({"batches", "row_seals"})
_BEFORE = ("device_bound", "registration_")


def deployment() -> Deployment:
    """Return an installation with everything as it is by default."""
    return Deployment(
        mode=Mode.SANDBOX,
        public_url="https://eztong.example",
        operator_name="Operator",
        operator_contact="operator@eztong.example",
        origin=ORIGIN,
    )


def asker(session: bytes = LI.session, *, known_to: frozenset[HolderId] = frozenset()) -> Asker:
    """Return a browser that asks for a message code."""
    return Asker(session_hash=session, network=NETWORK, known_to=known_to)


def accepting(stage: Stage, session: bytes, *, language: str = "zh-CN") -> AcceptAgreements:
    """Return the press of the button under both documents as they are in force."""
    in_force = stage.read(lambda stored: [stored.agreements.in_force(kind, language) for kind in AgreementKind])
    return AcceptAgreements(
        session_hash=session,
        language=language,
        ticked=frozenset(AgreementKind),
        shown_hashes={AgreementKind(found.kind): found.text_hash for found in in_force if found is not None},
        shown_at=stage.clock.now(),
        context="192.0.2.7 browser",
    )


def confirm(stage: Stage, person: Person, *, label: str = "Phone") -> object:
    """Prove the person's phone by the message code that comes."""
    ask = AskForOtp(asker=asker(person.session), phone=parse_phone(person.phone), language="zh-CN")
    sent = stage.act(send_registration_otp, ask)
    digits = stage.messages()[0].params["otp"]
    typed = TypedCode(session_hash=person.session, slip=sent.challenge_id, digits=digits)
    return stage.act(confirm_registration_otp, ConfirmOtp(code=typed, device_label=label))


def register(stage: Stage, person: Person) -> Holder:
    """Let the person register in the own browser, from the documents to the decision."""
    stage.act(accept_agreements, accepting(stage, person.session))
    confirm(stage, person)
    command = RegisterIdentity(session_hash=person.session, name=person.name, number=person.number)
    holder = register_identity(command, services=stage.services)
    stage.unlock(person)
    stage.empty_outbox()
    return holder


def make_template(folder: Path, keys: Keys) -> Path:
    """Fill a new database as every test finds it; return its folder."""
    new_database(folder / FILE)
    fill(Stage(folder, keys, seed="template"))
    return folder


def fill(stage: Stage) -> None:
    """Fill the empty database of a stage, and close that."""
    try:
        stage.write(lambda uow: seed(Settings(), uow=uow, now=stage.clock.now()))
        for person in (LI, WANG):
            register(stage, person)
    finally:
        stage.close()


def copy_of(template: Path, target: Path) -> Path:
    """Copy a template's folder."""
    shutil.copytree(template, target, dirs_exist_ok=True)
    return target


def away() -> Unavailable:
    """Return what a port raises that cannot be reached."""
    return Unavailable("away")
