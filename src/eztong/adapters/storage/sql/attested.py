"""What is attested: the tables whose rows claim a leaf of a batch, and what is left of such a row that is removed.

This list is the only one. Whoever removes rows for good - the eraser, the sweep - asks it for what leaves the stub, so
that a check tells what was erased by rule from what was lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Table, select

from eztong.adapters.storage.sql.readable import as_bytes, readable, reads, text_of, whole_of
from eztong.adapters.storage.sql.statements import Database, Params, Row, Statement, insert_into
from eztong.adapters.storage.sql.tables.agreements import acceptances
from eztong.adapters.storage.sql.tables.codes.codes import code_attempts
from eztong.adapters.storage.sql.tables.codes.verifications import verifications
from eztong.adapters.storage.sql.tables.deregistration.deregistrations import deregistrations
from eztong.adapters.storage.sql.tables.disputes.bundles import bundles
from eztong.adapters.storage.sql.tables.eid.eid_flows import eid_flows
from eztong.adapters.storage.sql.tables.evidence.acts import acts
from eztong.adapters.storage.sql.tables.evidence.leaf_stubs import leaf_stubs
from eztong.adapters.storage.sql.tables.operators.audit import audit_entries
from eztong.domain.evidence.merkle import leaf_hash


@dataclass(frozen=True, slots=True)
class Attested:
    """A table whose rows claim leaves: how a person calls one, and which columns say what."""

    table: Table
    what: str
    name: str
    document: str
    moment: str
    batch: str = "batch_id"
    leaf: str = "leaf_index"
    ends: bool = False
    """Erasure or retention removes its rows, and leaves a stub of each."""


ATTESTED: Final = (
    Attested(verifications, "verification", "verification_id", "result", "created_at"),
    Attested(acceptances, "acceptance", "acceptance_id", "document", "accepted_at"),
    Attested(acts, "act", "act_id", "document", "at"),
    Attested(audit_entries, "audit entry", "entry_id", "document", "at", ends=True),
    Attested(code_attempts, "refused try", "attempt_id", "document", "at", ends=True),
    Attested(bundles, "bundle", "bundle_id", "document", "created_at"),
    Attested(eid_flows, "intention of flow", "eid_token", "evidence", "created_at", "evidence_batch", "evidence_leaf"),
    Attested(deregistrations, "receipt", "deregistration_id", "receipt", "done_at", ends=True),
)
_BY_TABLE: Final = {one.table.name: one for one in ATTESTED}
_ADD: Final = insert_into(leaf_stubs)


class Stubs:
    """Leaves the stubs of rows of one table that are about to be removed."""

    def __init__(self, table: Table, *removed: ColumnElement[bool]) -> None:
        """Find them as the statement that removes them does."""
        one = _BY_TABLE[table.name]
        columns: list[Column[Any]] = [table.c[name] for name in (one.batch, one.leaf, one.document, one.moment)]
        self._read = reads(table)(partial(_stub, table.name))
        self._find = Statement(select(*as_bytes(columns)).where(*removed, *(column.is_not(None) for column in columns)))

    def leave(self, database: Database, params: Params) -> None:
        """Write one for each of them that claims a leaf; a damaged row leaves none, and a check misses its leaf."""
        for stub in readable(self._read, database.all(self._find, params)):
            database.run(_ADD, stub)


def _stub(attested: str, row: Row) -> Params:
    batch_id, leaf_index, document, moment = row
    return {
        "batch_id": text_of(batch_id),
        "leaf_index": whole_of(leaf_index),
        "leaf_hash": leaf_hash(bytes(document)),
        "attested": attested,
        "at": whole_of(moment),
    }


def stubs_of(table: Table, *removed: ColumnElement[bool]) -> Stubs | None:
    """Return what leaves the stubs of rows that a DELETE with these conditions removes; None where nothing claims."""
    return Stubs(table, *removed) if table.name in _BY_TABLE else None
