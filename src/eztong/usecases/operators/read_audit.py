"""Read the audit: by whole values, newest first; that it was read, and what was asked, is an entry of its own."""

from __future__ import annotations

from eztong.domain.damage import Listed
from eztong.domain.operators.audit import AuditEntry, AuditFilter
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.operators.check_operator import check_operator


def note_audit_read(act: Act, permission: Permission, asked: AuditFilter) -> None:
    """Put on record, before anything is shown, who reads or exports which entries.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
    """
    check_operator(act, permission, "&".join(f"{name}={value}" for name, value in asked.asked.items()))


def read_audit(asked: AuditFilter, *, before: str, after: str, limit: int, stored: Repositories) -> Listed[AuditEntry]:
    """Return entries that match: those next after ``after``, or those older than ``before``, or the newest."""
    if after:
        return stored.audit.newer(asked, after=after, limit=limit)
    return stored.audit.older(asked, before=before, limit=limit)
