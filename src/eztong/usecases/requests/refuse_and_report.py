"""Decline a request and report it in one act: somebody else began it, and sent its link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from eztong.domain.identifiers import HolderId
from eztong.domain.reports import Report
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.records.report_not_me import ReportNotMe, report_not_me


def refuse_and_report(
    holder_id: HolderId,
    decline: Callable[[UnitOfWork], Answered],
    *,
    uow: UnitOfWork,
    keys: Keys,
    entropy: Entropy,
    now: datetime,
) -> Report:
    """Decline, and report the record that this leaves; both are stored together or not at all.

    1. ``decline`` answers the request, as its door does it. The partner learns that it was declined, and no more.
    2. The declined verification is reported as not begun by the holder; nothing is frozen.

    Raises:
        RequestFinished: it had an answer already; nothing was reported.
    """
    verification = decline(uow).verification
    command = ReportNotMe(holder_id=holder_id, record_id=verification.verification_id, freeze=False, note="")
    return report_not_me(command, uow=uow, keys=keys, entropy=entropy, now=now)
