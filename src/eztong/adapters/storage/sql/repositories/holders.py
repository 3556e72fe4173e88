"""Accounts, persons and events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import bindparam, delete, func, select
from typing_extensions import override

from eztong.adapters.storage.sql import readable
from eztong.adapters.storage.sql.account_names import accounts_after
from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import NOT_READABLE, as_bytes, flag_of, reads, text_of, text_or_none, whole_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.holders import holder_events, holders, persons
from eztong.adapters.storage.sql.tables.restrictions.restrictions import identity_documents
from eztong.domain.events import Actor, EventKind, read_actor, read_kind
from eztong.domain.holder import DRAWN_GENERATION_BYTES, FreezeCause, Holder, HolderState, Stopped, WrappedKey
from eztong.domain.identifiers import AcceptanceId, HolderId
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.standing import HolderToVerify
from eztong.ports.storage.holders import HolderEvent, HolderRepository, Person

T = TypeVar("T")
_STATES: Final = readable.by_value(HolderState)
_BY_MARKS: Final = ("ceiling", "mark_changes")  # marks alone change what they do to an account: restrictions.py
_CHANGEABLE = [c.name for c in holders.columns if c.name not in ("holder_id", "created_at", *_BY_MARKS)]
_INSERT = insert_into(holders)
_GET = select_where(holders, "holder_id")
TO_VERIFY_COLUMNS: Final = (
    holders.c.holder_id,
    holders.c.state,
    holders.c.freeze_cause,
    holders.c.kek_id,
    holders.c.data_key,
    holders.c.sealed_number,
    holders.c.sealed_name,
    holders.c.sealed_eid_mark,
    holders.c.generation,
    holders.c.drawn_generation,
    holders.c.ceiling,
    # Accounts from before there were checks were confirmed when they were made.
    func.coalesce(identity_documents.c.checked_at, holders.c.created_at),
)
CONFIRMED: Final = identity_documents.c.holder_id == holders.c.holder_id
"""What joins an account with the authority's last word, for :data:`TO_VERIFY_COLUMNS`."""

_TO_VERIFY = Statement(
    select(*TO_VERIFY_COLUMNS)
    .select_from(holders.outerjoin(identity_documents, CONFIRMED))
    .where(holders.c.holder_id == bindparam("holder_id"))
)
_UPDATE = update_where(holders, keys=["holder_id"], columns=_CHANGEABLE)
_MOVE = update_where(holders, keys=["holder_id", "state", "stopped"], columns=["state", "freeze_cause", "stopped"])
_CHANGE_PHONE = update_where(holders, keys=["holder_id", "phone_index"], columns=["phone_index", "sealed_phone"])
_CHANGE_NAME = update_where(holders, keys=["holder_id", "sealed_name"], columns=["sealed_name"])
_CHOOSE_AFTER_DEATH = update_where(holders, keys=["holder_id"], columns=["after_death"])
_BY_NUMBER = Statement(
    select(holders)
    .where(holders.c.number_index == bindparam("number_index"))
    .order_by(holders.c.created_at.desc(), holders.c.holder_id.desc())
    .limit(bindparam("at_most"))
)
_NUMBER_IN = Statement(
    select(holders.c.holder_id)
    .where(
        holders.c.number_index == bindparam("number_index"),
        holders.c.state == bindparam("state"),
        holders.c.phone_index == bindparam("phone_index"),
    )
    .limit(bindparam("at_most"))
)
_BY_PHONE = Statement(
    select(holders)
    .where(holders.c.phone_index == bindparam("phone_index"))
    .order_by(holders.c.created_at, holders.c.holder_id)
)
_CELLS = Statement(select(*as_bytes(holders.columns)).where(holders.c.holder_id == bindparam("holder_id")))
_BAR = update_where(holders, keys=["holder_id"], columns=["state", "stopped"])
_COUNTS = Statement(select(*as_bytes([holders.c.state]), func.count()).group_by(holders.c.state))
_PERSON = select_where(persons, "number_index")
_INSERT_PERSON = insert_into(persons)
_OF_PERSON = [c.name for c in persons.columns if c.name != "number_index"]
_UPDATE_PERSON = update_where(persons, keys=["number_index"], columns=_OF_PERSON)
_REMOVE_PERSON = Statement(delete(persons).where(persons.c.number_index == bindparam("of_number")))
_INSERT_EVENT = insert_into(holder_events)
_EVENTS = Statement(
    select(holder_events)
    .where(holder_events.c.holder_id == bindparam("holder_id"))
    .order_by(holder_events.c.event_id.desc())
)


def _params(holder: Holder) -> dict[str, Any]:
    return {
        "holder_id": holder.holder_id,
        "state": holder.state.value,
        "freeze_cause": holder.freeze_cause.value if holder.freeze_cause else None,
        "document_type": holder.document_type.value if holder.document_type else None,
        "kek_id": holder.data_key.kek_id,
        "data_key": holder.data_key.wrapped,
        "number_index": holder.number_index,
        "phone_index": holder.phone_index,
        "sealed_number": holder.sealed_number,
        "sealed_name": holder.sealed_name,
        "sealed_phone": holder.sealed_phone,
        "sealed_eid_mark": holder.sealed_eid_mark,
        **_generation_params(holder.generation),
        "service_acceptance": holder.service_acceptance,
        "authorisation_acceptance": holder.authorisation_acceptance,
        "decision": holder.decision,
        "reason": holder.reason,
        "rules": holder.rules,
        "policy_version": holder.policy_version,
        "authority_reference": holder.authority_reference,
        "created_at": to_ms(holder.created_at),
        "stopped": _stopped_text(holder.stopped),
        "ceiling": None if holder.ceiling is None else holder.ceiling.value,
        "mark_changes": holder.mark_changes,
        "after_death": holder.after_death,
    }


def _generation_params(generation: bytes) -> dict[str, Any]:
    is_drawn = len(generation) == DRAWN_GENERATION_BYTES  # before, generations were small numbers
    return {
        "generation": 1 if is_drawn else int(generation),
        "drawn_generation": generation if is_drawn else None,
    }


def _generation(number: int, drawn: bytes | None) -> bytes:
    return str(number).encode() if drawn is None else drawn


def _stopped_text(stopped: Sequence[Stopped]) -> str:
    return ",".join(f"{one.state}:{one.freeze_cause}" if one.freeze_cause else one.state.value for one in stopped)


def _stopped(text: str) -> tuple[Stopped, ...]:
    parts = (part.partition(":") for part in text.split(",") if part)
    return tuple(Stopped(HolderState(state), FreezeCause(cause) if cause else None) for state, _, cause in parts)


@reads(holder_events)
def _event(row: Row) -> HolderEvent:
    kind, actor = read_kind(row[2]), read_actor(row[3])
    # A later version may know it: what it wrote is kept readable, in the holder's own copy too.
    unknown = [f"kind={row[2]}"] if kind is EventKind.OTHER else []
    unknown += [f"actor={row[3]}"] if actor is Actor.OTHER else []
    return HolderEvent(
        holder_id=HolderId(row[0]),
        event_id=row[1],
        kind=kind,
        actor=actor,
        detail=" ".join([*unknown, row[4]] if row[4] else unknown),
        at=from_ms(row[5]),
    )


@reads(holders)
def holder_of(row: Row) -> Holder:
    """Return what a row of the whole table says."""
    return Holder(
        holder_id=HolderId(row[0]),
        state=HolderState(row[1]),
        freeze_cause=None if row[2] is None else FreezeCause(row[2]),
        document_type=None if row[3] is None else DocumentType(row[3]),
        data_key=WrappedKey(kek_id=row[4], wrapped=row[5]),
        number_index=row[6],
        phone_index=row[7],
        sealed_number=row[8],
        sealed_name=row[9],
        sealed_phone=row[10],
        sealed_eid_mark=row[11],
        generation=_generation(row[12], row[22]),
        service_acceptance=AcceptanceId(row[13]) if row[13] else None,
        authorisation_acceptance=AcceptanceId(row[14]) if row[14] else None,
        decision=row[15],
        reason=row[16],
        rules=row[17],
        policy_version=row[18],
        authority_reference=row[19],
        created_at=from_ms(row[20]),
        stopped=_stopped(row[21]),
        ceiling=None if row[23] is None else Ceiling(row[23]),
        mark_changes=0 if row[24] is None else row[24],
        after_death=row[25],
    )


@reads(holders)
def _readable_part(row: Row) -> Holder:
    return Holder(
        holder_id=HolderId(text_of(row[0])),
        state=_or(HolderState.DEREGISTERING, lambda: HolderState(text_of(row[1]))),
        freeze_cause=_or(None, lambda: FreezeCause(text_of(row[2]))),
        document_type=_or(None, lambda: DocumentType(text_of(row[3]))),
        data_key=WrappedKey(kek_id=_or("", lambda: text_of(row[4])), wrapped=row[5]),
        number_index=row[6],
        phone_index=row[7],
        sealed_number=row[8],
        sealed_name=row[9],
        sealed_phone=row[10],
        sealed_eid_mark=row[11],
        generation=_or(b"1", lambda: _generation(whole_of(row[12]), row[22])),
        service_acceptance=_or(None, lambda: AcceptanceId(text_of(row[13])) if row[13] else None),
        authorisation_acceptance=_or(None, lambda: AcceptanceId(text_of(row[14])) if row[14] else None),
        reason=_or(None, lambda: text_or_none(row[16])),
        authority_reference=_or(None, lambda: text_or_none(row[19])),
        created_at=_or(from_ms(0), lambda: from_ms(whole_of(row[20]))),
        stopped=_or((), lambda: _stopped(text_of(row[21]))),
        # What limits an account that cannot be read is looked for among its marks: a ceiling that is lost hides none.
        ceiling=None if row[23] is None else _or(Ceiling.NONE, lambda: Ceiling(text_of(row[23]))),
    )


def _or(instead: T, read: Callable[[], T]) -> T:
    try:
        return read()
    except NOT_READABLE:
        return instead


@reads(persons)
def _person(row: Row) -> Person:
    return Person(
        number_index=row[0],
        holder_id=HolderId(row[1]) if row[1] else None,
        generation=_generation(row[2], row[4]),
        service_ended=flag_of(row[3]),
        left_at=from_ms_or_none(row[5]),
    )


@reads(holders)
def to_verify_of(row: Row) -> HolderToVerify:
    """Return what a row that begins with :data:`TO_VERIFY_COLUMNS` says."""
    return HolderToVerify(
        holder_id=row[0],
        state=_STATES[row[1]],
        freeze_cause=None if row[2] is None else FreezeCause(row[2]),
        data_key=WrappedKey(kek_id=row[3], wrapped=row[4]),
        sealed_number=row[5],
        sealed_name=row[6],
        sealed_eid_mark=row[7],
        generation=_generation(row[8], row[9]),
        ceiling=None if row[10] is None else Ceiling(row[10]),
        confirmed_at=from_ms(row[11]),
    )


class SqlHolders(HolderRepository):
    """Holders over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, holder: Holder) -> None:
        self._db.run(_INSERT, _params(holder))

    @override
    def get(self, holder_id: HolderId) -> Holder | None:
        known = self._db.known.holders
        if holder_id in known:
            return known[holder_id]
        row = self._db.one(_GET, {"holder_id": holder_id})
        if row is None:
            return None
        holder = holder_of(row)
        if self._db.gathers:
            known[holder_id] = holder
        return holder

    @override
    def readable_part(self, holder_id: HolderId) -> Holder | None:
        row = self._db.one(_CELLS, {"holder_id": holder_id})
        return None if row is None else _readable_part(row)

    @override
    def bar(self, holder_id: HolderId) -> None:
        self._db.run(_BAR, {"holder_id": holder_id, "set_state": HolderState.DEREGISTERING.value, "set_stopped": ""})

    @override
    def to_verify(self, holder_id: HolderId) -> HolderToVerify | None:
        known = self._db.known.to_verify
        if holder_id in known:
            return known[holder_id]
        row = self._db.one(_TO_VERIFY, {"holder_id": holder_id})
        return None if row is None else to_verify_of(row)

    @override
    def update(self, holder: Holder) -> None:
        params = _params(holder)
        changes = {f"set_{name}": params[name] for name in _CHANGEABLE}
        self._db.run(_UPDATE, {"holder_id": holder.holder_id, **changes})

    @override
    def move(self, before: Holder, after: Holder) -> bool:
        cause = None if after.freeze_cause is None else after.freeze_cause.value
        changes = {
            "set_state": after.state.value,
            "set_freeze_cause": cause,
            "set_stopped": _stopped_text(after.stopped),
        }
        stood = _stopped_text(before.stopped)
        found = {"holder_id": before.holder_id, "state": before.state.value, "stopped": stood}
        return self._db.run(_MOVE, {**found, **changes}) == 1

    @override
    def change_phone(self, before: Holder, after: Holder) -> bool:
        found = {"holder_id": before.holder_id, "phone_index": before.phone_index}
        changes = {"set_phone_index": after.phone_index, "set_sealed_phone": after.sealed_phone}
        return self._db.run(_CHANGE_PHONE, {**found, **changes}) == 1

    @override
    def change_name(self, before: Holder, after: Holder) -> bool:
        ids = {"holder_id": before.holder_id, "sealed_name": before.sealed_name}
        return self._db.run(_CHANGE_NAME, ids | {"set_sealed_name": after.sealed_name}) == 1

    @override
    def choose_after_death(self, holder_id: HolderId, wish: str | None) -> None:
        self._db.run(_CHOOSE_AFTER_DEATH, {"holder_id": holder_id, "set_after_death": wish})

    @override
    def by_number_index(self, number_index: bytes) -> Holder | None:
        return next(iter(self.all_of_number(number_index, limit=1)), None)

    @override
    def all_of_number(self, number_index: bytes, *, limit: int) -> Sequence[Holder]:
        return [holder_of(row) for row in self._db.all(_BY_NUMBER, {"number_index": number_index, "at_most": limit})]

    @override
    def is_number_in(self, number_index: bytes, state: HolderState, *, phone_index: bytes | None) -> bool:
        params = {"number_index": number_index, "state": state.value, "phone_index": phone_index, "at_most": 1}
        return self._db.one(_NUMBER_IN, params) is not None

    @override
    def by_phone_index(self, phone_index: bytes) -> Sequence[Holder]:
        return [holder_of(row) for row in self._db.all(_BY_PHONE, {"phone_index": phone_index})]

    @override
    def person(self, number_index: bytes) -> Person | None:
        row = self._db.one(_PERSON, {"number_index": number_index})
        return None if row is None else _person(row)

    @override
    def save_person(self, person: Person) -> None:
        values = {
            "holder_id": person.holder_id,
            **_generation_params(person.generation),
            "service_ended": int(person.service_ended),
            "left_at": to_ms_or_none(person.left_at),
        }
        changed = self._db.run(
            _UPDATE_PERSON,
            {"number_index": person.number_index, **{f"set_{name}": value for name, value in values.items()}},
        )
        if not changed:
            self._db.run(_INSERT_PERSON, {"number_index": person.number_index, **values})

    @override
    def remove_person(self, number_index: bytes) -> bool:
        return self._db.run(_REMOVE_PERSON, {"of_number": number_index}) == 1

    @override
    def add_event(self, event: HolderEvent) -> None:
        self._db.run(
            _INSERT_EVENT,
            {
                "holder_id": event.holder_id,
                "event_id": event.event_id,
                "kind": event.kind.value,
                "actor": event.actor.value,
                "detail": event.detail,
                "at": to_ms(event.at),
            },
        )

    @override
    def events(self, holder_id: HolderId) -> Sequence[HolderEvent]:
        return [_event(row) for row in self._db.all(_EVENTS, {"holder_id": holder_id})]

    @override
    def accounts_after(self, holder_id: HolderId, *, limit: int) -> Sequence[HolderId]:
        return accounts_after(self._db, holder_id, limit=limit)

    @override
    def counts(self) -> dict[str, int]:  # words of a damaged state are told apart: none is dropped for another
        return {(state or b"").decode(errors="backslashreplace"): n for state, n in self._db.all(_COUNTS, {})}
