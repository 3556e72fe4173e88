"""The list of erased accounts: it is as it was written, and names everybody whom the database has erased."""

from __future__ import annotations

from pathlib import Path

from eztong.adapters.clock import SystemClock
from eztong.adapters.storage.beside.erased_list import ErasedList
from eztong.cli.data.audit_report import AuditReport, Rows
from eztong.domain.errors import StateConflict
from eztong.ports.keys import Keys


def check_erased(rows: Rows, path: Path, keys: Keys, report: AuditReport) -> None:
    """Compare the list with the database. An account is on the list first, so a server may erase meanwhile."""
    known = {str(name) for (name,) in rows.of("SELECT holder_id FROM holders WHERE length(data_key) = 0")}
    try:
        listed = set(ErasedList(path, keys, SystemClock()).read())
    except StateConflict as error:
        report.add(f"erased accounts: {error.detail}")
        return
    except OSError as error:
        report.add(f"erased accounts: {path.name} cannot be read: {error.strerror}")
        return
    missing = known - listed
    if missing:
        report.add(
            f"erased accounts: {path.name} lacks {len(missing)} of {len(known)}; the next start adds them. "
            "Find out what shortened it before you restore a backup"
        )
