"""Read the audit: by whole values, newest first; that it was read, and what was asked, is an entry of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from eztong.domain.damage import Listed
from eztong.domain.errors import InputInvalid
from eztong.domain.operators.audit import AuditEntry, AuditFilter, plain_subject
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.operators.check_operator import check_operator

_MOST_VALUES: Final = 60
"""How many combinations of operator and act are looked up for one page."""


class AskedTooWidely(InputInvalid):
    """Too many operators or acts begin as was asked."""

    code = "audit_asked_too_widely"
    advice = "Write more of the beginning, or one whole value."


def note_audit_read(act: Act, permission: Permission, asked: AuditFilter) -> None:
    """Put on record, before anything is shown, who reads or exports which entries.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
    """
    said = "&".join(f"{name}={plain_subject(value)}" for name, value in asked.asked.items())
    check_operator(act, permission, said)


def read_audit(asked: AuditFilter, *, before: str, after: str, limit: int, stored: Repositories) -> Listed[AuditEntry]:
    """Return entries that match: those next after ``after``, or those older than ``before``, or the newest.

    What is asked by how it begins is looked up for each value that there is, so that an index serves each.

    Raises:
        AskedTooWidely: too many operators or acts begin so.
    """
    found = [_of_values(one, before=before, after=after, limit=limit, stored=stored) for one in _each(asked, stored)]
    those = sorted((one for several in found for one in several.those), key=lambda one: one.entry_id, reverse=True)
    kept = those[-limit:] if after else those[:limit]
    return Listed(kept, [one for several in found for one in several.damaged])


def _each(asked: AuditFilter, stored: Repositories) -> list[AuditFilter]:
    several = [asked]
    for name, beginning in asked.beginnings.items():
        values = stored.audit.values(name, beginning, limit=_MOST_VALUES + 1)
        several = [_with(one, name, value) for one in several for value in values]
        if len(several) > _MOST_VALUES:
            raise AskedTooWidely
    return several


def _with(asked: AuditFilter, name: str, value: str) -> AuditFilter:
    return replace(asked, operator=value) if name == "operator" else replace(asked, what=value)


def _of_values(asked: AuditFilter, *, before: str, after: str, limit: int, stored: Repositories) -> Listed[AuditEntry]:
    if after:
        return stored.audit.newer(asked, after=after, limit=limit)
    return stored.audit.older(asked, before=before, limit=limit)
