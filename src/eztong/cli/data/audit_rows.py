"""Rows: the keyed tag of each, how many there are, and what codes, requests and verifications say of each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.progress import Progress

from eztong.adapters.storage.sql.row_tags import IN_ROW, sealed_columns
from eztong.adapters.storage.sqlite.row_counts import COUNTS, RowCounts
from eztong.adapters.storage.sqlite.row_seals import PENDING_SETTING, RowSeals, counted_tables, row_key, sealed_tables
from eztong.cli.data.audit_report import AuditReport, Rows

_PENDING: Final = "SELECT 1 FROM service_settings WHERE name = ?"

# A question that finds what contradicts, with the sentence that names it.
_CONTRADICTIONS: Final = (
    (
        (
            "SELECT code_id FROM codes c WHERE verification_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
            "verifications v WHERE v.verification_id = c.verification_id AND v.code_id = c.code_id "
            "AND v.holder_id = c.holder_id)"
        ),
        "code {}: it was used for a verification that is not there, or not of this code and account",
    ),
    (
        (
            "SELECT code_id FROM codes WHERE NOT ((state = 'issued' AND verification_id IS NULL AND ended_at IS NULL) "
            "OR (state = 'consumed' AND verification_id IS NOT NULL AND ended_at IS NOT NULL) "
            "OR (state IN ('expired', 'cancelled', 'superseded') AND ended_at IS NOT NULL))"
        ),
        "code {}: its state does not fit the rest of its row",
    ),
    (
        (
            "SELECT verification_id FROM verifications v WHERE code_id IS NOT NULL AND NOT EXISTS "
            "(SELECT 1 FROM codes c WHERE c.code_id = v.code_id AND c.holder_id = v.holder_id AND "
            "(c.verification_id = v.verification_id OR (v.outcome <> 'passed' AND c.state <> 'issued' "
            "AND c.state <> 'consumed')))"
        ),
        "verification {}: its code is gone, is still open, or belongs to another verification or account",
    ),
    (
        (
            "SELECT request_id FROM requests r WHERE verification_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
            "verifications v WHERE v.partner_id = r.partner_id AND v.verification_id = r.verification_id "
            "AND v.request_id = r.request_id AND v.holder_id IS r.holder_id)"
        ),
        "request {}: it was answered by a verification that is not there, or not of this request and account",
    ),
    (
        (
            "SELECT verification_id FROM verifications v WHERE request_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
            "requests r WHERE r.partner_id = v.partner_id AND r.request_id = v.request_id "
            "AND r.verification_id = v.verification_id)"
        ),
        "verification {}: its request is gone, or was answered by another",
    ),
    (
        "SELECT verification_id FROM verifications WHERE (code_id IS NULL) = (request_id IS NULL)",
        "verification {}: it must have either a code or a request",
    ),
    (
        (
            "SELECT resource_id FROM idempotency_keys i WHERE NOT EXISTS (SELECT 1 FROM verifications v WHERE "
            "v.partner_id = i.partner_id AND v.verification_id = i.resource_id) AND NOT EXISTS (SELECT 1 FROM "
            "requests r WHERE r.partner_id = i.partner_id AND r.request_id = i.resource_id)"
        ),
        "idempotency key of {}: what it made is not there",
    ),
)


def check_rows(rows: Rows, seals: RowSeals, report: AuditReport, bar: Progress) -> None:
    """Check the tag of every row that has one, and how many rows there are."""
    if rows.first(_PENDING, PENDING_SETTING) is not None:
        report.add("rows: those of an earlier version are not sealed yet: eztong db upgrade")
        return
    tables = sealed_tables()
    task = bar.add_task("rows", total=len(tables))
    found = dict[str, int]()
    for table in tables:
        found[table] = _check_table(rows, table, seals, report)
        bar.advance(task)
    _check_counts(rows, {table: found[table] for table in counted_tables()}, seals.counts, report)
    for table, key in rows.of("SELECT table_name, row_key FROM row_seals"):
        if table not in tables and table != COUNTS:
            report.add(f"rows: there is a tag for {key} of {table}, which is no such table")


def _check_table(rows: Rows, table: str, seals: RowSeals, report: AuditReport) -> int:
    """Check the tag of each row; return how many rows there are."""
    key, columns = row_key(table, "t"), ", ".join(f"t.{name}" for name in sealed_columns(table))
    tagged = (
        f"SELECT {key}, s.tag, {columns} FROM {table} t LEFT JOIN row_seals s "  # noqa: S608 - names of our own tables
        f"ON s.table_name = '{table}' AND s.row_key = {key}"
    )
    if table in IN_ROW:
        tagged = f"SELECT {key}, t.tag, {columns} FROM {table} t"  # noqa: S608 - names of our own tables
    before = report.rows
    for name, tag, *values in rows.of(tagged):
        report.rows += 1
        if tag is None:
            report.add(f"{table} {name}: the row was added without the keys")
        elif not seals.fits(table, values, tag):
            report.add(f"{table} {name}: the row is not as it was written")
    gone = (
        f"SELECT row_key FROM row_seals WHERE table_name = '{table}' "  # noqa: S608 - names of our own tables
        f"AND row_key NOT IN (SELECT {key} FROM {table} t)"
    )
    for (name,) in rows.of(gone):
        report.add(f"{table} {name}: the row was removed without the keys")
    return report.rows - before


def _check_counts(rows: Rows, found: Mapping[str, int], counts: RowCounts, report: AuditReport) -> None:
    """Compare how many rows there are with how many were written."""
    counted = rows.of(f"SELECT row_key, tag FROM row_seals WHERE table_name = '{COUNTS}'")  # noqa: S608 - our own name
    kept: dict[str, object] = {str(table): tag for table, tag in counted}
    if not kept and not any(found.values()):
        # No store has opened it yet.
        return
    expected = {**found, COUNTS: len(kept) - (COUNTS in kept)}
    for table, tag in kept.items():
        number = counts.number(table, tag)
        if number is None or table not in expected:
            report.add(f"count of {table}: it is not as it was written")
        elif number > expected[table]:
            report.add(f"{table}: {number - expected[table]} rows were removed without the keys, with their tags")
        elif number < expected[table]:
            report.add(f"{table}: {expected[table] - number} rows were put there without the keys, with their tags")
    for table, number in expected.items():
        if number and table not in kept:
            report.add(f"count of {table}: it was removed without the keys")


def check_agreement(rows: Rows, report: AuditReport) -> None:
    """Check what codes, requests and verifications say of each other."""
    for query, sentence in _CONTRADICTIONS:
        for (name,) in rows.of(query):
            report.add(sentence.format(name))
