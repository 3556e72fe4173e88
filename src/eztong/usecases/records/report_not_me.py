"""Report a use or a refused try as not the holder's own, and freeze at once if the holder so chooses (clause 2.11)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.events import EventKind
from eztong.domain.feedback.report import Report
from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.holder import FreezeCause, FreezeReason, Holder
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.feedback.open_ticket import add_ticket
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.records.list_records import find_record
from eztong.usecases.vault import open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportNotMe:
    """This record of the session's account was not the holder; ``note`` are the holder's own words, perhaps none."""

    session_hash: bytes
    record_id: str
    freeze: bool
    note: str = field(repr=False)


def report_not_me(act: Act, command: ReportNotMe, *, calendar: WorkCalendar) -> Report:
    """Store the report, with a ticket that says until when it is answered.

    1. The session is live on the account's bound device, and the record its own.
    2. Freeze as stolen, if that was chosen: effective at once, also where the record was reported before.
    3. A record that was reported before keeps its report.
    4. The note is sealed; the account's history says that a report was made.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this session may not.
        NotFound: no such record.
        StateConflict: it cannot be frozen in its state; nothing was reported.
    """
    holder = find_bound(command.session_hash, stored=act.uow, now=act.now).holder
    record = find_record(holder.holder_id, command.record_id, stored=act.uow)
    if command.freeze:
        freeze = FreezeHolder(
            holder_id=holder.holder_id,
            cause=FreezeCause.SELF,
            channel="not_me",
            reason=FreezeReason.ACCOUNT_STOLEN,
        )
        freeze_holder(act, freeze)
    known = act.uow.reports.about(holder.holder_id, record.record_id)
    if known is not None:
        return known
    report_id = new_id(act, "rep")
    report = Report(
        holder_id=holder.holder_id,
        report_id=report_id,
        record_id=record.record_id,
        ticket_id=add_ticket(act, TicketKind.REPORT, holder.holder_id, calendar=calendar).ticket_id,
        froze=command.freeze,
        created_at=act.now,
        sealed_note=_seal(holder, report_id, command.note, keys=act.keys, entropy=act.entropy),
    )
    act.uow.reports.add(report)
    detail = f"report={report_id} record={record.record_id} froze={command.freeze}"
    note_event(act, holder.holder_id, EventKind.REPORTED, detail=detail)
    return report


def _seal(holder: Holder, report_id: str, note: str, *, keys: Keys, entropy: Entropy) -> bytes | None:
    if not note:
        return None
    return open_vault(holder, keys=keys).seal(report_id, note.encode(), entropy=entropy, table="reports")
