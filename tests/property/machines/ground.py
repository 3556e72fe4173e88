"""The ground of the machines: a service of its own, what is known of it, and what is looked at after every event."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.errors import EztongError
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import Scope
from eztong.domain.recovery import is_settled
from eztong.ports.act import SYSTEM
from eztong.ports.keys import Keys
from eztong.usecases.access.find_session import SESSION_LIFE
from eztong.usecases.partners.authenticate_partner import IssueApiKey, SeenKey, issue_api_key, see_partner
from eztong.wiring.seed import seed
from eztong.wiring.settings import Settings
from tests.memory import MEMORY
from tests.property.machines.forbidden import Forbidden, ForbiddenState, never
from tests.property.machines.shadow import Account, Code, Given, Written, states_of
from tests.simulators.quick_files import new_database
from tests.unit.usecases.access.ways import give_pin
from tests.unit.usecases.fakes import matched
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import FILE, LI, WANG, Person, Stage, copy_of, register

T = TypeVar("T")
PEOPLE: Final = (LI, WANG)
PARTNERS: Final = ("hotel", "government")
"""The first asks for little, the second for more than a restricted account carries."""

STAFF: Final = ("li.na", "wang")
"""Operators; the first holds the first person's account."""

_NOT_COMPARED: Final = frozenset({"jobs", "inbox", "operators"})
"""Messages that wait are delivered for everybody; an operator's link is the operator's."""


@dataclass(frozen=True, slots=True)
class Template:
    """A database with two accounts, the second restricted, keys of two partners, and two operators."""

    folder: Path
    keys: Keys
    api_keys: tuple[str, ...]


def make_template(folder: Path, keys: Keys) -> Template:
    """Make it."""
    new_database(folder / FILE)
    stage = Stage(folder, keys, seed="machines")
    try:
        stage.write(lambda uow: seed(Settings(), uow=uow, now=stage.clock.now()))
        for person, restricted in zip(PEOPLE, (False, True), strict=True):
            answer_for(stage, person, restricted=restricted)
            register(stage, person)
            give_pin(stage, person)
        operator(stage, STAFF[0], person=stage.holder(LI).number_index)
        operator(stage, STAFF[1])
        keys_of = tuple(stage.act(issue_api_key, _every_scope(one), by=SYSTEM)[1] for one in PARTNERS)
    finally:
        stage.close()
    return Template(folder, keys, keys_of)


def answer_for(stage: Stage, person: Person, *, restricted: bool) -> None:
    """Let the authority know the person, always by the same mark, with a document that is out of date or is not."""
    found = matched(person.number)
    until = stage.clock.now().date().replace(year=2020) if restricted else None
    stage.authority.answer = replace(found, document_valid_until=until)


def _every_scope(partner: str) -> IssueApiKey:
    return IssueApiKey(partner_id=PartnerId(partner), label="machines", scopes=frozenset(Scope), live=False)


class Ground:
    """A service, and what the machines know of it."""

    def __init__(self, template: Template) -> None:
        """Open a copy of the template."""
        self._folder = tempfile.TemporaryDirectory(prefix="machine-", dir=MEMORY)
        folder = copy_of(template.folder, Path(self._folder.name))
        self.stage = Stage(folder, template.keys)
        self._db = sqlite3.connect(f"file:{folder / FILE}?mode=ro", uri=True)
        self._tables = self._find_tables()
        self._rows = self._read_rows()
        self.accounts = [Account(one, self.stage.holder_id(one), restricted=one is WANG) for one in PEOPLE]
        self.codes: list[Code] = []
        self.given: list[Given] = []
        self.written: list[Written] = []
        self.suspended: set[str] = set()
        self.open_cases: set[str] = set()
        """Numbers of people who left while risk rules had stopped or staff limited them, until an operator decides."""

        self.seen = {one: self._seen(key) for one, key in zip(PARTNERS, template.api_keys, strict=True)}
        self._made = 0
        for one in self.accounts:
            self.enter(one, one.who.session)

    def close(self) -> None:
        """Close everything."""
        self._db.close()
        self.stage.close()
        self._folder.cleanup()

    @property
    def now(self) -> datetime:
        """Return what the clock says."""
        return self.stage.clock.now()

    def account(self, person: int) -> Account:
        """Return the newest account of a person."""
        return [one for one in self.accounts if one.who.number == PEOPLE[person].number][-1]

    def fresh(self) -> bytes:
        """Return a session that nobody had."""
        self._made += 1
        return f"session {self._made}".encode()

    def secret(self) -> str:
        """Return a ticket's secret that nobody had."""
        self._made += 1
        return f"{self._made:016d}"

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.stage.clock.pass_by(**span)

    def deliver(self) -> None:
        """Let the messages that wait be delivered, which is not what anybody does just now."""
        self.stage.empty_outbox()
        self._rows = self._read_rows()

    @contextmanager
    def touching(self, *accounts: Account) -> Iterator[None]:
        """Let something happen that concerns these accounts, and see that it concerned no other."""
        # No two things happen in the same millisecond: which of them came first would be up to chance.
        self.wait(milliseconds=1)
        yield
        self.check_states()
        before, self._rows = self._rows, self._read_rows()
        for one in self.accounts:
            if one not in accounts:
                never(before.get(one.holder_id) != self._rows.get(one.holder_id), Forbidden.OTHERS_TOUCHED)

    def check_states(self) -> None:
        """See that every account stands as what happened to it says."""
        with self.stage.store.read() as stored:
            found = {one: stored.holders.get(one.holder_id) for one in self.accounts}
        for one, holder in found.items():
            assert holder is not None
            is_erased = holder.is_erased
            never(is_erased and not one.erased, Forbidden.ERASED_UNASKED)
            never(one.erased and not is_erased, Forbidden.NOT_ERASED)
            never(states_of(holder) != one.states, Forbidden.OTHER_STATE, f"{states_of(holder)} is not {one.states}")

    @staticmethod
    def tried(verb: Callable[[], T]) -> T | EztongError:
        """Do it, and return what it gave, or why it was refused."""
        try:
            return verb()
        except EztongError as why:
            return why

    def expect(self, got: object, *, because: dict[Forbidden, bool]) -> bool:
        """Return whether it was done: it must have been unless something forbids it, and then never."""
        done = not isinstance(got, EztongError)
        for which, forbids in because.items():
            never(done and forbids, which)
        if not done and not any(because.values()):
            raise ForbiddenState(Forbidden.STUCK, repr(got))
        return done

    def end_codes(self, account: Account) -> None:
        """Keep in mind that all codes of the account ended."""
        for code in self.codes:
            if code.account is account:
                code.ended = True

    def stop_codes(self, account: Account) -> None:
        """Keep in mind that whatever the account shows ended, because it was stopped."""
        self.end_codes(account)

    def end_new(self, account: Account, *, lost_at: datetime) -> None:
        """Keep in mind that what partners were let in to lately has ended."""
        account.switch_off_again(lost_at=lost_at, now=self.now)
        for given in [one for one in self.given if one.account is account]:
            given.ended = given.ended or not is_settled(given.since, lost_at=lost_at)

    def sign_out(self, account: Account) -> None:
        """Keep in mind that its browser was signed out."""
        account.signed_in = False
        account.unlocked_until = None
        self.stop_codes(account)

    def enter(self, account: Account, session: bytes) -> None:
        """Keep in mind that a browser is signed in to the account now, unlocked, and none else."""
        account.who = replace(account.who, session=session)
        account.signed_in = True
        account.session_until = self.now + SESSION_LIFE
        account.unlocked_until = self.now + UNLOCK_LIFE
        self.stop_codes(account)

    def end_leaving(self, account: Account) -> None:
        """Keep in mind that it stays: its ticket has ended."""
        account.stay()
        for ticket in self.written:
            if ticket.leaves and ticket.account is account:
                ticket.leaves, ticket.ended = False, True

    def _seen(self, api_key: str) -> SeenKey:
        services = self.stage.services
        seen = see_partner(api_key, store=services.store, keys=services.keys, now=self.now)
        return SeenKey(caller=seen.caller, key_hash=seen.key_hash, version=None)

    def _find_tables(self) -> list[tuple[str, str]]:
        names = [name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {name: [row[1] for row in self._db.execute(f"PRAGMA table_info({name})")] for name in names}
        return [
            (name, f"SELECT holder_id, * FROM {name} WHERE holder_id IS NOT NULL")  # noqa: S608 - names of our own
            for name in names
            if "holder_id" in columns[name] and name not in _NOT_COMPARED
        ]

    def _read_rows(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, query in self._tables:
            for holder_id, *row in self._db.execute(query):
                found[holder_id] = found.get(holder_id, 0) ^ hash((name, *row))
        return found
