"""What ``eztong db check`` looks at: file, schema, batches, leaves, rows, and the list of erased accounts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rich.progress import Progress
from sqlalchemy.exc import SQLAlchemyError

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.beside.erased_list import erased_list_of
from eztong.adapters.storage.beside.marks import mark_of
from eztong.adapters.storage.sqlite.integrity import check_integrity
from eztong.adapters.storage.sqlite.row_seals import RowSeals
from eztong.adapters.storage.sqlite.schema import schema_differences, schema_version
from eztong.cli.data.audit_batches import check_batches, check_chain, check_mark, marked_notes
from eztong.cli.data.audit_erased import check_erased
from eztong.cli.data.audit_leaves import check_columns, check_leaves
from eztong.cli.data.audit_report import AuditReport, rows_of
from eztong.cli.data.audit_rows import check_agreement, check_rows
from eztong.cli.data.audit_sealed import check_sealed
from eztong.domain.errors import EztongError
from eztong.ports.keys import Keys
from eztong.wiring.settings import Settings

_UNREADABLE: Final = (sqlite3.Error, SQLAlchemyError, UnicodeError)


def _keep() -> None:
    """Leave the keys as they are."""


def audit(settings: Settings, bar: Progress, *, full: bool = False) -> AuditReport:
    """Check everything; what cannot be read at all is a problem, too.

    Raises:
        KeyringProblem: the keys to check with cannot be read.
    """
    keys = FileKeyring(settings.keyring, settings.root)
    return audit_database(settings.database_file, keys, bar, full=full, refresh=keys.reload_if_changed)


def audit_database(
    database: Path, keys: Keys, bar: Progress, *, full: bool, refresh: Callable[[], object] = _keep
) -> AuditReport:
    """Check a database file with the keys that it was written with; ``full`` opens every sealed field, too.

    ``refresh`` lets ``keys`` take over what was rotated meanwhile.
    """
    report = AuditReport()
    try:
        if _check_file(database, report):
            audit_contents(database, keys, report, bar, full=full, refresh=refresh)
    except EztongError as error:
        report.add(f"file: {error.detail}")
    except _UNREADABLE as error:
        report.add(f"file: {error}")
    return report


def audit_contents(
    database: Path,
    keys: Keys,
    report: AuditReport,
    bar: Progress,
    *,
    full: bool,
    refresh: Callable[[], object] = _keep,
) -> None:
    """Check what stands in a file that SQLite can read and whose schema is the program's.

    A server may write meanwhile: the mark is of before the moment that is looked at, the keys are of after it. So
    neither a batch that was marked later nor a key that was made later looks like a loss. Each part is checked though
    another cannot be read, by a damaged index, say.

    Raises:
        sqlite3.Error: nothing of it can be read after all.
    """
    marks = marked_notes(mark_of(database), report)
    with rows_of(database) as rows:
        refresh()
        published = {key.key_id: key for key in keys.published()}
        parts: list[Callable[[], None]] = [
            lambda: check_batches(rows, published, report, bar),
            lambda: check_chain(rows, report),
            lambda: check_mark(rows, marks, published, report),
            lambda: check_leaves(rows, report, bar),
            lambda: check_columns(rows, report),
            lambda: check_rows(rows, RowSeals(keys), report, bar),
            lambda: check_agreement(rows, report),
            lambda: check_erased(rows, erased_list_of(database), keys, report),
        ]
        if full:
            parts.append(lambda: check_sealed(rows, keys, report, bar))
        for part in parts:
            _check_part(part, report)


def _check_part(part: Callable[[], None], report: AuditReport) -> None:
    try:
        part()
    except _UNREADABLE as error:
        line = f"file: {error}"
        if line not in report.problems:
            report.add(line)


def _check_file(database: Path, report: AuditReport) -> bool:
    # What is wrong with a row is no reason to look at nothing else: the parts that follow name it.
    for line in check_integrity(database):
        report.add(f"file: {line}")
    version = schema_version(database)
    if not version.is_current:
        report.add(f"schema: at {version.found or 'none'}, the program needs {version.wanted}: eztong db upgrade")
        return False
    for difference in schema_differences(database):
        report.add(f"schema: {difference}")
    return True
