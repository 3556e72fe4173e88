"""What of this deployment speaks for the control points of graded protection, level 3: looked up now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from eztong.domain.compliance.graded_protection import ControlLine, Looked, graded_lines
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.operators.posture import CheckFinding
from eztong.domain.retention.kept import SWEPT, Transient
from eztong.ports.services import Services
from eztong.usecases.jobs.sweep_old_rows import BATCH
from eztong.usecases.retention.periods_in_force import periods_in_force

_BACK: Final = timedelta(days=30)


def mlps3_lines(findings: Sequence[CheckFinding], services: Services) -> Sequence[ControlLine]:
    """Return every control point with what the doctor's findings and the store say of it."""
    now = services.clock.now()
    with services.store.read() as stored:
        operators = [one for one in stored.operators.list().those if one.is_active]
        entries = sum(one.entries for one in stored.audit.counts(since=now - _BACK))
        after = periods_in_force(stored=stored, now=now).after
        overdue = sum(
            len(stored.retention.outdated(kind, before=now - after(kind), limit=BATCH + 1)) > BATCH for kind in SWEPT
        )
    looked = Looked(
        findings={finding.check: finding for finding in findings},
        operators=len(operators),
        without_second_factor=sum(one.second_factor is None for one in operators),
        mixed=sum(OperatorRole.AUDIT in one.roles and len(one.roles) > 1 for one in operators),
        audit_entries=entries,
        overdue_kinds=overdue,
        audit_for=after(Transient.AUDIT),
    )
    return graded_lines(looked)
