"""Incidents and their updates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import (
    Cell,
    as_bytes,
    readable,
    reads,
    text_of,
    text_or_none,
    whole_of,
    whole_or_none,
)
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into
from eztong.adapters.storage.sql.tables.incidents.incidents import incident_updates, incidents
from eztong.domain.incidents.incident import (
    Affected,
    Bilingual,
    Incident,
    IncidentKind,
    IncidentUpdate,
    Origin,
    Step,
)
from eztong.ports.storage.incidents.incidents import IncidentRepository

_RUNS: Final = incidents.c.ended_at.is_(None)
_THE_ONE: Final = incidents.c.incident_id == bindparam("of_incident")
_NO_TIME: Final = -1

_INSERT = Statement(insert(incidents).on_conflict_do_nothing(), keys=incidents.columns.keys())
_CELLS: Final = as_bytes(incidents.columns)
_GET = Statement(select(*_CELLS).where(incidents.c.incident_id == bindparam("incident_id")))
_RUNNING = Statement(select(*_CELLS).where(_RUNS).order_by(incidents.c.incident_id.desc()))
_PAST = Statement(
    select(*_CELLS)
    .where(incidents.c.ended_at.is_not(None))
    .order_by(incidents.c.ended_at.desc(), incidents.c.incident_id.desc())
    .limit(bindparam("at_most"))
)
# What was read and is compared may be nothing, which equals nothing in SQL: a value that never occurs stands for it.
_CHANGE = Statement(
    update(incidents)
    .where(
        _THE_ONE,
        _RUNS,
        func.coalesce(incidents.c.until, bindparam("no_time")) == bindparam("read_until"),
        func.coalesce(incidents.c.workaround_zh, bindparam("no_words")) == bindparam("read_zh"),
        func.coalesce(incidents.c.workaround_en, bindparam("no_words")) == bindparam("read_en"),
    )
    .values(
        until=bindparam("to_until"),
        workaround_zh=bindparam("to_zh"),
        workaround_en=bindparam("to_en"),
    )
)
_END = Statement(update(incidents).where(_THE_ONE, _RUNS).values(ended_at=bindparam("at")))
_INSERT_UPDATE = insert_into(incident_updates)
_UPDATES = Statement(
    select(*as_bytes(incident_updates.columns))
    .where(incident_updates.c.incident_id.between(bindparam("first"), bindparam("last")))
    .order_by(incident_updates.c.update_id)
)


class SqlIncidents(IncidentRepository):
    """Incidents over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, incident: Incident) -> bool:
        return self._db.run(_INSERT, _row(incident)) == 1

    @override
    def get(self, incident_id: str) -> Incident | None:
        row = self._db.one(_GET, {"incident_id": incident_id})
        return None if row is None else incident_of(row)

    @override
    def running(self) -> Sequence[Incident]:
        return readable(incident_of, self._db.all(_RUNNING, {}))

    @override
    def past(self, *, limit: int) -> Sequence[Incident]:
        return readable(incident_of, self._db.all(_PAST, {"at_most": limit}))

    @override
    def unreadable(self) -> int:
        rows = self._db.all(_RUNNING, {})
        return len(rows) - len(readable(incident_of, rows))

    @override
    def change(self, read: Incident, *, until: datetime | None, workaround: Bilingual | None) -> bool:
        params = {
            "of_incident": read.incident_id,
            "no_time": _NO_TIME,
            "no_words": "",
            "read_until": _NO_TIME if read.until is None else to_ms(read.until),
            "read_zh": _zh(read.workaround) or "",
            "read_en": _en(read.workaround) or "",
            "to_until": to_ms_or_none(until),
            "to_zh": _zh(workaround),
            "to_en": _en(workaround),
        }
        return self._db.run(_CHANGE, params) == 1

    @override
    def end(self, incident_id: str, *, ended_at: datetime) -> bool:
        return self._db.run(_END, {"of_incident": incident_id, "at": to_ms(ended_at)}) == 1

    @override
    def add_update(self, update: IncidentUpdate) -> None:
        self._db.run(
            _INSERT_UPDATE,
            {
                "incident_id": update.incident_id,
                "update_id": update.update_id,
                "step": update.step.value,
                "at": to_ms(update.at),
                "words_zh": _zh(update.words),
                "words_en": _en(update.words),
                "operator": update.operator,
            },
        )

    @override
    def updates(self, *, first: str, last: str) -> Sequence[IncidentUpdate]:
        return readable(_update, self._db.all(_UPDATES, {"first": first, "last": last}))


def _zh(words: Bilingual | None) -> str | None:
    return None if words is None else words.zh


def _en(words: Bilingual | None) -> str | None:
    return None if words is None else words.en


def _both(zh: Cell, en: Cell) -> Bilingual | None:
    return None if zh is None or en is None else Bilingual(zh.decode(), en.decode())


def _row(incident: Incident) -> dict[str, object]:
    return {
        "incident_id": incident.incident_id,
        "kind": incident.kind.value,
        "origin": incident.origin.value,
        "affects": " ".join(one.value for one in incident.affects),
        "effect_zh": incident.effect.zh,
        "effect_en": incident.effect.en,
        "workaround_zh": _zh(incident.workaround),
        "workaround_en": _en(incident.workaround),
        "starts_at": to_ms(incident.starts_at),
        "created_at": to_ms(incident.created_at),
        "until": to_ms_or_none(incident.until),
        "ended_at": to_ms_or_none(incident.ended_at),
        "refuses": " ".join(one.value for one in incident.refuses) or None,
    }


@reads(incidents)
def incident_of(row: Row) -> Incident:
    """Return the incident of a row of the table, all columns in their order, as bytes."""
    return Incident(
        incident_id=text_of(row[0]),
        kind=IncidentKind(text_of(row[1])),
        origin=Origin(text_of(row[2])),
        affects=tuple(Affected(one) for one in text_of(row[3]).split()),
        effect=Bilingual(text_of(row[4]), text_of(row[5])),
        workaround=_both(row[6], row[7]),
        starts_at=from_ms(whole_of(row[8])),
        created_at=from_ms(whole_of(row[9])),
        until=from_ms_or_none(whole_or_none(row[10])),
        ended_at=from_ms_or_none(whole_or_none(row[11])),
        refuses=tuple(Affected(one) for one in (text_or_none(row[12]) or "").split()),
    )


@reads(incident_updates)
def _update(row: Row) -> IncidentUpdate:
    return IncidentUpdate(
        incident_id=text_of(row[0]),
        update_id=text_of(row[1]),
        step=Step(text_of(row[2])),
        at=from_ms(whole_of(row[3])),
        words=_both(row[4], row[5]),
        operator=text_or_none(row[6]),
    )
