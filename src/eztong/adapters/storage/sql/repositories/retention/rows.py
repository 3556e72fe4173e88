"""Removing rows, and emptying values, that end by age: for each kind one way to find them and one to end them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    Table,
    Text,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    null,
    select,
    update,
)
from typing_extensions import override

from eztong.adapters.storage.sql.attested import Stubs, stubs_of
from eztong.adapters.storage.sql.milliseconds import to_ms
from eztong.adapters.storage.sql.readable import NOT_READABLE, Cell, as_bytes, text_of, whole_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement
from eztong.adapters.storage.sql.tables import metadata
from eztong.adapters.storage.sql.tables.access.devices import devices
from eztong.adapters.storage.sql.tables.access.passkeys import passkey_challenges, passkeys
from eztong.adapters.storage.sql.tables.access.pins import pins
from eztong.adapters.storage.sql.tables.access.sessions import otp_challenges, sessions
from eztong.adapters.storage.sql.tables.assistance.assistances import assistances
from eztong.adapters.storage.sql.tables.budgets import budgets
from eztong.adapters.storage.sql.tables.cases.cases import case_evidence, case_steps, cases
from eztong.adapters.storage.sql.tables.contact.phone_changes import phone_changes
from eztong.adapters.storage.sql.tables.deregistration.deregistrations import deregistrations
from eztong.adapters.storage.sql.tables.deregistration.partner_events import partner_events
from eztong.adapters.storage.sql.tables.desks import staff_sessions
from eztong.adapters.storage.sql.tables.disputes.disputes import disputes
from eztong.adapters.storage.sql.tables.eid.input_sessions import input_sessions
from eztong.adapters.storage.sql.tables.feedback import ticket_messages, tickets
from eztong.adapters.storage.sql.tables.guardianship.guardianships import guardianships
from eztong.adapters.storage.sql.tables.holders import holder_events, holders, persons
from eztong.adapters.storage.sql.tables.idempotency import idempotency_keys
from eztong.adapters.storage.sql.tables.inbox import inbox
from eztong.adapters.storage.sql.tables.incidents.incidents import incident_updates, incidents
from eztong.adapters.storage.sql.tables.incidents.reports import incident_report_steps, incident_reports
from eztong.adapters.storage.sql.tables.jobs import jobs
from eztong.adapters.storage.sql.tables.notices.choices import freeze_links
from eztong.adapters.storage.sql.tables.notices.emails import holder_emails
from eztong.adapters.storage.sql.tables.notices.notices import holder_notices
from eztong.adapters.storage.sql.tables.operators.audit import audit_entries
from eztong.adapters.storage.sql.tables.operators.sent_forms import sent_forms
from eztong.adapters.storage.sql.tables.operators.sessions import operator_sessions
from eztong.adapters.storage.sql.tables.partners.applications import partner_applications
from eztong.adapters.storage.sql.tables.portal import portal_sessions
from eztong.adapters.storage.sql.tables.talks.talks import talk_steps, talks
from eztong.adapters.storage.sql.tables.traffic.counts import traffic
from eztong.adapters.storage.sql.tables.webhooks.deliveries import webhook_attempts, webhook_deliveries
from eztong.domain.contact.phone_change import ChangeState
from eztong.domain.jobs.job import JobKind
from eztong.domain.partners.application import ApplicantState
from eztong.domain.retention.kept import EMPTIED, Outlived, Transient
from eztong.ports.storage.retention.rows import RetentionRepository, RowKey


@dataclass(frozen=True, slots=True)
class _Kind:
    """How rows of one kind are found and removed, with the rows of other tables that belong to them alone."""

    keys: Sequence[Column[Any]]
    find: Statement
    remove: Statement
    remove_with_it: Sequence[Statement]
    stubs: Sequence[Stubs]
    """What leaves, before any of it goes, what is left of evidence."""


def _kind(
    moment: Column[Any], *only: ColumnElement[bool], with_it: Sequence[Table] = (), by: str = "holder_id"
) -> _Kind:
    """Return the way with rows of ``moment``'s table; ``with_it`` are tables that name the same one ``by`` a column."""
    keys = list(moment.table.primary_key.columns)
    outdated = (moment < bindparam("before"), *only)
    same = [column == bindparam(f"key_{place}") for place, column in enumerate(keys)]
    left = [stubs_of(moment.table, *same, *outdated)]
    left += [stubs_of(table, table.c[by] == bindparam("key_0")) for table in with_it]
    return _Kind(
        keys=keys,
        find=Statement(select(*as_bytes(keys)).where(*outdated).order_by(moment).limit(bindparam("at_most"))),
        remove=Statement(delete(moment.table).where(*same, *outdated)),
        remove_with_it=[Statement(delete(table).where(table.c[by] == bindparam("key_0"))) for table in with_it],
        stubs=[one for one in left if one is not None],
    )


# Written out, so that the indexes on drafts, on what waits and on what was asked serve.
_IS_DRAFT = holders.c.state == literal_column("'draft'")
_IS_MESSAGE = jobs.c.kind == literal_column(f"'{JobKind.MESSAGE.value}'")
_IS_ASKED = phone_changes.c.state == literal_column(f"'{ChangeState.ASKED.value}'")
# What a case holds stays as long as the case.
_KINDS: Mapping[Transient, _Kind] = {
    Transient.MESSAGE_CODES: _kind(otp_challenges.c.created_at),
    Transient.PASSKEY_CHALLENGES: _kind(passkey_challenges.c.created_at),
    Transient.SESSIONS: _kind(sessions.c.expires_at),
    Transient.STAFF_SESSIONS: _kind(staff_sessions.c.active_at),
    Transient.OPERATOR_SESSIONS: _kind(operator_sessions.c.active_at),
    Transient.SENT_FORMS: _kind(sent_forms.c.sent_at),
    Transient.PORTAL_SESSIONS: _kind(portal_sessions.c.active_at),
    Transient.AUDIT: _kind(audit_entries.c.at),
    Transient.TRAFFIC: _kind(traffic.c.slot_at),
    Transient.DRAFTS: _kind(
        holders.c.created_at,
        _IS_DRAFT,
        with_it=(devices, sessions, holder_events, jobs, pins, passkeys, holder_notices),
    ),
    Transient.ENDED_JOBS: _kind(jobs.c.ended_at),
    Transient.UNDELIVERED_MESSAGES: _kind(jobs.c.created_at, _IS_MESSAGE, jobs.c.ended_at.is_(None)),
    Transient.INBOX: _kind(inbox.c.at),
    Transient.IDEMPOTENCY_KEYS: _kind(idempotency_keys.c.created_at),
    Transient.INPUT_SESSIONS: _kind(input_sessions.c.used_at),
    Transient.BUDGETS: _kind(budgets.c.slot),
    Transient.INCIDENTS: _kind(incidents.c.ended_at, with_it=(incident_updates,), by="incident_id"),
    Transient.INCIDENT_REPORTS: _kind(incident_reports.c.closed_at, with_it=(incident_report_steps,), by="report_id"),
    Transient.TICKETS: _kind(
        tickets.c.closed_at,
        ~exists().where(case_evidence.c.evidence_id == tickets.c.ticket_id),
        with_it=(ticket_messages, disputes, talks, talk_steps),
        by="ticket_id",
    ),
    Transient.NOTICES: _kind(holder_notices.c.at),
    Transient.UNPROVEN_EMAILS: _kind(holder_emails.c.asked_at, holder_emails.c.proven_at.is_(None)),
    Transient.FREEZE_LINKS: _kind(freeze_links.c.until),
    Transient.DEREGISTRATIONS: _kind(
        deregistrations.c.done_at,
        ~exists().where(cases.c.holder_id == deregistrations.c.holder_id),
        with_it=(holder_events,),
    ),
    Transient.ENDED_SERVICES: _kind(persons.c.left_at),
    Transient.UNPROVED_PHONES: _kind(phone_changes.c.asked_at, _IS_ASKED),
    Transient.CASES: _kind(cases.c.over_at, with_it=(case_steps, case_evidence), by="case_id"),
    Transient.PARTNER_EVENTS: _kind(partner_events.c.tell_at),
    Transient.WEBHOOK_DELIVERIES: _kind(webhook_deliveries.c.due_at),
    Transient.WEBHOOK_ATTEMPTS: _kind(webhook_attempts.c.at),
}


@dataclass(frozen=True, slots=True)
class _Values:
    """How values of one kind are found and emptied."""

    keys: Sequence[Column[Any]]
    find: Statement
    empty: Statement


def _values(kind: Outlived, moment: ColumnElement[int], *only: ColumnElement[bool]) -> _Values:
    table = metadata.tables[EMPTIED[kind].table]
    keys = list(table.primary_key.columns)
    outlived = (*only, moment < bindparam("before"))
    same = [column == bindparam(f"key_{place}") for place, column in enumerate(keys)]
    nothing = {name: null() for name in EMPTIED[kind].columns}
    return _Values(
        keys=keys,
        find=Statement(select(*as_bytes(keys)).where(*outlived).limit(bindparam("at_most"))),
        empty=Statement(update(table).where(*same, *outlived).values(nothing)),
    )


# Where there are digits there is a hash of them, which the partial indexes are of. Those that hand an account over came
# after the guardianship did.
_VALUES: Mapping[Outlived, _Values] = {
    Outlived.GUARDIAN_DIGITS: _values(
        Outlived.GUARDIAN_DIGITS,
        func.coalesce(guardianships.c.offered_at, guardianships.c.asked_at),
        guardianships.c.invite_hash.is_not(None),
    ),
    Outlived.PARTNER_CONTACTS: _values(
        Outlived.PARTNER_CONTACTS,
        partner_applications.c.ended_at,
        partner_applications.c.state != ApplicantState.APPROVED.value,
        partner_applications.c.sealed_contact.is_not(None),
    ),
    Outlived.HELPER_DIGITS: _values(
        Outlived.HELPER_DIGITS, assistances.c.asked_at, assistances.c.invite_hash.is_not(None)
    ),
}


class SqlRetention(RetentionRepository):
    """Retention over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def outdated(self, kind: Transient, *, before: datetime, limit: int) -> Sequence[RowKey]:
        sweep = _KINDS[kind]
        rows = self._db.all(sweep.find, {"before": to_ms(before), "at_most": limit})
        keys = (_key(sweep.keys, row) for row in rows)
        return [key for key in keys if key is not None]

    @override
    def remove(self, kind: Transient, key: RowKey, *, before: datetime) -> bool:
        sweep = _KINDS[kind]
        params = {f"key_{place}": part for place, part in enumerate(key)}
        for stubs in sweep.stubs:
            stubs.leave(self._db, {**params, "before": to_ms(before)})
        if self._db.run(sweep.remove, {**params, "before": to_ms(before)}) != 1:
            return False
        for statement in sweep.remove_with_it:
            self._db.run(statement, params)
        return True

    @override
    def outlived(self, kind: Outlived, *, before: datetime, limit: int) -> Sequence[RowKey]:
        values = _VALUES[kind]
        rows = self._db.all(values.find, {"before": to_ms(before), "at_most": limit})
        keys = (_key(values.keys, row) for row in rows)
        return [key for key in keys if key is not None]

    @override
    def empty(self, kind: Outlived, key: RowKey, *, before: datetime) -> bool:
        params = {f"key_{place}": part for place, part in enumerate(key)}
        return self._db.run(_VALUES[kind].empty, {**params, "before": to_ms(before)}) == 1


def _key(columns: Sequence[Column[Any]], row: Row) -> RowKey | None:
    """Return the key of a row; None if it cannot be read, and so the row cannot be named."""
    try:
        return tuple(_part(column, cell) for column, cell in zip(columns, row, strict=True))
    except NOT_READABLE:
        return None


def _part(column: Column[Any], cell: Cell) -> str | int | bytes:
    if isinstance(column.type, Text):
        return text_of(cell)
    return bytes(cell or b"") if isinstance(column.type, LargeBinary) else whole_of(cell)
