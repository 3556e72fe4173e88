"""Decline a request and report it in one act: somebody else began it, and sent its link."""

from __future__ import annotations

from eztong.domain.feedback.report import Report
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.eid.answer_eid_flow import AnswerEidFlow, answer_any_request
from eztong.usecases.records.report_not_me import ReportNotMe, report_not_me


def refuse_and_report(act: Act, command: AnswerEidFlow, *, calendar: WorkCalendar) -> Report:
    """Decline, and report the record that this leaves; both are stored together or not at all.

    1. The request is answered as any other. The partner learns that it was declined, and no more.
    2. The declined verification is reported as not begun by the holder; nothing is frozen.

    Raises:
        RequestFinished: it had an answer already; nothing was reported.
        SessionMissing, DeviceNotBound: this session may not.
    """
    verification = answer_any_request(act, command).verification
    report = ReportNotMe(
        session_hash=command.answer.session_hash, record_id=verification.verification_id, freeze=False, note=""
    )
    return report_not_me(act, report, calendar=calendar)
