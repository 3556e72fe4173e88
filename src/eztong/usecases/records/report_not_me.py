"""Report a use or a refused try as not the holder's own, and freeze at once if the holder so chooses (clause 2.11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from eztong.domain.errors import NotFound
from eztong.domain.events import EventKind
from eztong.domain.holder import FreezeCause, Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.reports import ANSWER_WITHIN, Report, ReportState
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.records.list_records import find_record
from eztong.usecases.vault import open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportNotMe:
    """This record of this account was not the holder; ``note`` are the holder's own words, perhaps none."""

    holder_id: HolderId
    record_id: str
    freeze: bool
    note: str = field(repr=False)


def report_not_me(command: ReportNotMe, *, uow: UnitOfWork, keys: Keys, entropy: Entropy, now: datetime) -> Report:
    """Store the report with its day of answer.

    1. The record is the account's own.
    2. Freeze, if that was chosen: effective at once, also where the record was reported before.
    3. A record that was reported before keeps its report.
    4. The note is sealed; the account's history says that a report was made.

    Raises:
        NotFound: no such account or record.
        StateConflict: it cannot be frozen in its state; nothing was reported.
    """
    holder = uow.holders.get(command.holder_id)
    if holder is None:
        raise NotFound
    record = find_record(command.holder_id, command.record_id, stored=uow)
    if command.freeze:
        freeze = FreezeHolder(holder_id=command.holder_id, cause=FreezeCause.SELF, channel="not_me")
        freeze_holder(freeze, uow=uow, keys=keys, entropy=entropy, now=now)
    known = uow.reports.about(command.holder_id, record.record_id)
    if known is not None:
        return known
    report_id = new_id("rep", now=now, entropy=entropy)
    report = Report(
        holder_id=command.holder_id,
        report_id=report_id,
        record_id=record.record_id,
        state=ReportState.OPEN,
        froze=command.freeze,
        created_at=now,
        due_at=now + ANSWER_WITHIN,
        sealed_note=_seal(holder, report_id, command.note, keys=keys, entropy=entropy),
    )
    uow.reports.add(report)
    detail = f"report={report_id} record={record.record_id} froze={command.freeze}"
    note_event(command.holder_id, EventKind.REPORTED, uow=uow, entropy=entropy, now=now, detail=detail)
    return report


def _seal(holder: Holder, report_id: str, note: str, *, keys: Keys, entropy: Entropy) -> bytes | None:
    if not note:
        return None
    return open_vault(holder, keys=keys).seal(report_id, note.encode(), entropy=entropy, table="reports")
