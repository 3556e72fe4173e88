"""GetWeChatBillDetails: what is charged for a day, flow by flow and question by question, for reconciliation.

A page lists flows first, then companion questions; the cursor says which, and how many were given. Days are over before
they can be read, so nothing moves between pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import structlog

from eztong.domain.companions import Charge, Finding
from eztong.domain.eid.eid_flow import CHARGED, MESSAGES, EidFlow
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.age import SHANGHAI, service_date
from eztong.ports.storage.repositories import Repositories
from eztong.tencentcloud.actions.action import Action, Actions
from eztong.tencentcloud.transport.call import Answer, Call
from eztong.tencentcloud.transport.errors import TencentError
from eztong.tencentcloud.transport.refusals import refusal
from eztong.tencentcloud.transport.schema import Field, Kind, Schema

PAGE: Final = 100
OLDEST_DAYS: Final = 365
READY_AT: Final = time(6)
_QUESTIONS: Final = 1 << 40
"""Cursors from here on count questions, smaller ones flows."""
_FLOW: Final = "核身"
_COMPARISON: Final = "比对"
_MOST: Final = _QUESTIONS - 1 + _QUESTIONS
_log = structlog.get_logger(__name__)
_SCHEMA: Final[Schema] = {
    "Date": Field(required=True, pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "Cursor": Field(kind=Kind.UNSIGNED, required=True, most=_MOST),
    "RuleId": Field(most=50),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Whose bill of which day, and of which merchant alone, if one is named."""

    partner_id: PartnerId
    day: date
    merchant_id: str | None


def _get_bill_details(call: Call) -> Answer:
    wanted = _Wanted(
        partner_id=call.account.partner.partner_id,
        day=_closed_day(call.params["Date"], now=call.now),
        merchant_id=call.params.get("RuleId") or None,
    )
    with call.services.store.read() as stored:
        details, cursor = _read_page(wanted, cursor=call.params["Cursor"], stored=stored)
    return {"HasNextPage": cursor is not None, "NextCursor": cursor or 0, "WeChatBillDetails": details}


def _closed_day(text: str, *, now: datetime) -> date:
    """Return the day if its bill can be read.

    Raises:
        TencentError: no date, not over, not ready yet, or too long ago.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise refusal("InvalidParameterValue", name="Date") from None
    today = service_date(now)
    if not today - timedelta(days=OLDEST_DAYS) <= day < today:
        raise refusal("InvalidParameterValue", name="Date")
    if day == today - timedelta(days=1) and now.astimezone(SHANGHAI).time() < READY_AT:
        raise TencentError(
            "InvalidParameterValue",
            "前一日的账单在6:00后可查询。",
            "Yesterday's bill is ready at 6:00 in Shanghai.",
        )
    return day


def _read_page(wanted: _Wanted, *, cursor: int, stored: Repositories) -> tuple[list[dict[str, Any]], int | None]:
    """Return a page and the cursor of the next one, if there is more."""
    details: list[dict[str, Any]] = []
    skipped = max(0, cursor - _QUESTIONS)
    if cursor < _QUESTIONS:
        flows = _flows(wanted, skip=cursor, stored=stored)
        details = [_of_flow(flow) for flow in flows[:PAGE]]
        if len(flows) > PAGE:
            return details, cursor + PAGE
    room = PAGE - len(details)
    charges, has_more = _charges(wanted, skip=skipped, room=room, stored=stored)
    details += [_of_charge(charge) for charge in charges]
    return details, _QUESTIONS + skipped + room if has_more else None


def _flows(wanted: _Wanted, *, skip: int, stored: Repositories) -> Sequence[EidFlow]:
    since = datetime.combine(wanted.day, time(), SHANGHAI)
    return stored.eid_flows.opened_between(
        wanted.partner_id,
        since=since,
        until=since + timedelta(days=1),
        merchant_id=wanted.merchant_id,
        skip=skip,
        limit=PAGE + 1,
    )


def _charges(wanted: _Wanted, *, skip: int, room: int, stored: Repositories) -> tuple[Sequence[Charge], bool]:
    """Return the questions of a page, and whether there are more; one that cannot be read is told to the operator."""
    if wanted.merchant_id is not None:
        # Questions name no merchant.
        return (), False
    day = wanted.day.isoformat()
    page = stored.charges.of_day(wanted.partner_id, day, skip=skip, limit=room)
    if page.unreadable:
        _log.warning("charges_unreadable", count=page.unreadable, advice="run: eztong db check --full")
    return page.those, not stored.charges.of_day(wanted.partner_id, day, skip=skip + room, limit=1).is_empty


def _of_flow(flow: EidFlow) -> dict[str, Any]:
    lines = [
        _line(
            one.at,
            one.sequence,
            is_charged=one.code in CHARGED,
            kind=_FLOW,
            code=str(int(one.code)),
            message=MESSAGES[one.code],
        )
        for one in flow.tries
    ]
    return _detail(flow.eid_token, lines, rule_id=flow.merchant_id)


def _of_charge(charge: Charge) -> dict[str, Any]:
    finding = charge.finding or Finding.SOURCE_ERROR
    line = _line(
        charge.requested_at,
        charge.charge_id,
        is_charged=charge.is_billed,
        kind=_COMPARISON,
        code=finding.value,
        message=charge.action,
    )
    return _detail(charge.charge_id, [line], rule_id="")


def _detail(token: str, lines: Sequence[Mapping[str, Any]], *, rule_id: str) -> dict[str, Any]:
    charged = sum(bool(line["IsNeedCharge"]) for line in lines)
    return {"BizToken": token, "ChargeCount": charged, "ChargeDetails": lines, "RuleId": rule_id}


def _line(at: datetime, sequence: str, *, is_charged: bool, kind: str, code: str, message: str) -> dict[str, Any]:
    """Return a line; who was asked about is in no ledger, so it stays empty (ADR 0023)."""
    return {
        "ReqTime": str(int(at.timestamp() * 1000)),
        "Seq": sequence,
        "IdCard": "",
        "Idcard": "",
        "Name": "",
        "Sim": "",
        "IsNeedCharge": is_charged,
        "ChargeType": kind,
        "ErrorCode": code,
        "ErrorMessage": message,
    }


BILLING_ACTIONS: Final[Actions] = {
    "GetWeChatBillDetails": Action(handler=_get_bill_details, schema=_SCHEMA, per_second=20),
}
