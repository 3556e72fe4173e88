"""What ``eztong db check`` looks at: the file, the schema, each batch's signature and root, each stored leaf."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rich.progress import Progress
from sqlalchemy import Connection, Table, func, select

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.schema import check_integrity, schema_differences, schema_version
from eztong.adapters.storage.tables.agreements import acceptances
from eztong.adapters.storage.tables.verifications import batches, verifications
from eztong.cli.stored import reading
from eztong.domain.errors import EztongError, ProofInvalid, StateConflict
from eztong.domain.merkle import HASH_BYTES, leaf_hash
from eztong.domain.proof import PublishedKey, rebuild_batch
from eztong.domain.signed_note import key_hash, parse_note
from eztong.gm.errors import GmError
from eztong.wiring.settings import Settings

_MAX_PROBLEMS: Final = 100
_READ_AHEAD: Final = 500


@dataclass(slots=True)
class Report:
    """What was looked at, and what is wrong."""

    batches: int = 0
    leaves: int = 0
    sealed_leaves: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, problem: str) -> None:
        """Note a problem; beyond a hundred they are only repeating themselves."""
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(problem)

    def as_json(self) -> dict[str, Any]:
        """Return the report for a machine."""
        return {
            "ok": not self.problems,
            "batches": self.batches,
            "leaves": self.leaves,
            "sealed_leaves": self.sealed_leaves,
            "problems": self.problems,
        }

    def words(self) -> str:
        """Return the report for a person."""
        sealed = f" ({self.sealed_leaves} more are sealed; their place was checked)" if self.sealed_leaves else ""
        end = f"{len(self.problems)} problems." if self.problems else "no problem."
        return f"Checked {self.batches} signed batches and {self.leaves} documents{sealed}: {end}"


def audit(settings: Settings, bar: Progress) -> Report:
    """Check everything; what cannot be read at all is a problem, too.

    Raises:
        KeyringProblem: the keys to check with cannot be read.
    """
    report = Report()
    published = {key.key_id: key for key in FileKeyring(settings.keyring, settings.root_key).published()}
    try:
        if _check_file(settings.database, report):
            with reading(settings.database) as connection:
                _check_batches(connection, published, report, bar)
                _check_leaves(connection, report, bar)
    except sqlite3.DatabaseError as error:
        report.add(f"file: {error}")
    return report


def _check_file(database: Path, report: Report) -> bool:
    try:
        check_integrity(database)
    except StateConflict as error:
        report.add(f"file: {error.detail}")
        return False
    version = schema_version(database)
    if not version.is_current:
        report.add(f"schema: at {version.found or 'none'}, the program needs {version.wanted}: eztong db upgrade")
        return False
    for difference in schema_differences(database):
        report.add(f"schema: {difference}")
    return True


def _check_batches(
    connection: Connection, published: Mapping[str, PublishedKey], report: Report, bar: Progress
) -> None:
    total = connection.execute(select(func.count()).select_from(batches)).scalar_one()
    task = bar.add_task("batches", total=total)
    rows = connection.execution_options(yield_per=_READ_AHEAD).execute(
        select(batches.c.batch_id, batches.c.note, batches.c.leaves).order_by(batches.c.batch_id)
    )
    for batch_id, note, leaves in rows:
        try:
            _check_batch(batch_id, note, leaves, published)
        except (EztongError, GmError) as error:
            report.add(f"batch {batch_id}: {error}")
        report.batches += 1
        bar.advance(task)


def _check_batch(batch_id: str, note: object, leaves: object, published: Mapping[str, PublishedKey]) -> None:
    if not isinstance(note, str) or not isinstance(leaves, bytes):
        raise ProofInvalid("note: note or leaves are not of the type that was written")
    parsed = parse_note(note)
    root = parsed.unverified_root
    if root.batch_id != batch_id or len(leaves) != root.size * HASH_BYTES:
        raise ProofInvalid("note: it is of another batch, or of another size")
    key = published.get(parsed.key_name)
    if key is None or key_hash(key_name=key.key_id, spki=key.public_key.to_spki()) != parsed.key_hash:
        raise ProofInvalid("key: the note was not signed by a key of this keyring")
    key.public_key.verify(parsed.signature, parsed.signed_text)
    rebuild_batch([leaves[at : at + HASH_BYTES] for at in range(0, len(leaves), HASH_BYTES)], note=note)


def _check_leaves(connection: Connection, report: Report, bar: Progress) -> None:
    _check_table(connection, verifications, ("verification_id", "result"), what="verification", report=report, bar=bar)
    _check_table(connection, acceptances, ("acceptance_id", "document"), what="acceptance", report=report, bar=bar)


def _check_table(
    connection: Connection, table: Table, columns: tuple[str, str], *, what: str, report: Report, bar: Progress
) -> None:
    identifier, document = columns
    task = bar.add_task(f"{what}s", total=connection.execute(select(func.count()).select_from(table)).scalar_one())
    leaf = func.substr(batches.c.leaves, table.c.leaf_index * HASH_BYTES + 1, HASH_BYTES)
    statement = (
        select(table.c[identifier], table.c[document], leaf)
        .outerjoin(batches, batches.c.batch_id == table.c.batch_id)
        .order_by(table.c.batch_id)
    )
    for name, attested, found in connection.execution_options(yield_per=_READ_AHEAD).execute(statement):
        if not found:
            report.add(f"{what} {name}: its batch or its leaf is gone")
        elif attested is None:
            report.sealed_leaves += 1
        # SQLite lets text stand where bytes belong; we never write it.
        elif not isinstance(attested, bytes) or leaf_hash(attested) != found:
            report.add(f"{what} {name}: the stored document is not the one that was signed")
        report.leaves += attested is not None
        bar.advance(task)
