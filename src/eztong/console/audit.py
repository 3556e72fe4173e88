"""The audit: searched by whole values, read page by page, exported. Reading it stands in it, too."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.canonical_json import render_time
from eztong.domain.errors import InputInvalid
from eztong.domain.identity.age import service_date
from eztong.domain.operators.audit import AuditEntry, AuditFilter
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.operators.permission import Permission
from eztong.usecases.compliance.collect_pack import note_pack
from eztong.usecases.operators.console_tries import SIGNED_IN
from eztong.usecases.operators.read_audit import note_audit_read, read_audit

HOME: Final = "/console/audit"
SHOWN: Final = 50
EXPORTED: Final = 10_000
"""The most entries of one file: an export is read by a person or a tool, page by page as the screen is."""

_LONGEST: Final = 100
FIELDS: Final = ("operator", "what", "subject", "correlation")
COLUMNS: Final = (
    "entry_id",
    "at",
    "step",
    "what",
    "operator",
    "roles",
    "door",
    "subject",
    "change",
    "error",
    "correlation",
)


def show(visit: Visit) -> Response:
    """Show the entries that match, newest first, with links that narrow the search to each value."""
    query, services = visit.request.query_params, visit.services
    asked = _asked(query)
    before, after = query.get("before", ""), query.get("after", "")
    services.perform(visit.acting, note_audit_read, Permission.AUDIT_READ, asked)
    with services.store.read() as stored:
        found = read_audit(asked, before=before, after=after, limit=SHOWN + 1, stored=stored)
    is_more = len(found.those) > SHOWN
    shown = found.those[-SHOWN:] if after else found.those[:SHOWN]
    has_older, has_newer = is_more or bool(after), bool(before) or (is_more and bool(after))
    return visit.form_page(
        "audit.html",
        entries=shown,
        unreadable=found.unreadable,
        asked=asked,
        what_words=lambda what: _what_words(visit, what),
        role_words=lambda role: _role_words(visit, role),
        fields=[(name, getattr(asked, name)) for name in FIELDS],
        older=_page_of(asked, before=shown[-1].entry_id) if shown and has_older else "",
        newer=_page_of(asked, after=shown[0].entry_id) if shown and has_newer else "",
        narrowed=lambda name, value: f"{HOME}?{urlencode({**asked.asked, name: value})}",
        may_export=visit.may(Permission.AUDIT_EXPORT),
        most=EXPORTED,
    )


def export(visit: Visit) -> Response:
    """Give the entries that match as CSV or JSON.

    Raises:
        InputInvalid: neither.
    """
    asked, kind = _asked(visit.form), visit.form.get("as", "")
    if kind not in {"csv", "json"}:
        raise InputInvalid("Choose CSV or JSON.")
    services = visit.services
    services.perform(visit.acting, note_audit_read, Permission.AUDIT_EXPORT, asked)
    with services.store.read() as stored:
        found = read_audit(asked, before="", after="", limit=EXPORTED, stored=stored)
    rows = [_document(entry) for entry in found.those]
    body = _csv(rows) if kind == "csv" else json.dumps({"entries": rows, "unreadable": found.unreadable}, indent=1)
    return Response(
        body,
        media_type="text/csv; charset=utf-8" if kind == "csv" else "application/json",
        headers={"Content-Disposition": f'attachment; filename="audit.{kind}"', "Cache-Control": "no-store"},
    )


def pack_with(make: Callable[[], bytes]) -> Callable[[Visit], Response]:
    """Return the form that hands out the pack for an audit of compliance, which ``make`` puts together."""

    def hand_out(visit: Visit) -> Response:
        visit.services.perform(visit.acting, note_pack)
        name = f"eztong-compliance-{service_date(visit.now).isoformat()}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(make(), media_type="application/zip", headers=headers)

    return hand_out


def _asked(given: Any) -> AuditFilter:  # noqa: ANN401 - a query or a form: both have get
    return AuditFilter(**{name: str(given.get(name, "")).strip()[:_LONGEST] for name in FIELDS})


def _what_words(visit: Visit, what: str) -> str:
    """Return an act in words; a command as it was typed."""
    if what == SIGNED_IN:
        return visit.words.text("console.sign_in_act")
    return visit.words.text(f"console.permission.{what}") if what in set(Permission) else what


def _role_words(visit: Visit, role: str) -> str:
    """Return a role in words; one that this version does not know as it is written."""
    return visit.words.text(f"console.role.{role}") if role in set(OperatorRole) else role


def _page_of(asked: AuditFilter, **edge: str) -> str:
    return f"{HOME}?{urlencode({**asked.asked, **edge})}"


def _document(entry: AuditEntry) -> dict[str, str]:
    found = {name: str(getattr(entry, name)) for name in COLUMNS}
    return found | {"at": render_time(entry.at), "roles": " ".join(sorted(entry.roles))}


def _csv(rows: list[dict[str, str]]) -> str:
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS)
    writer.writeheader()
    writer.writerows({name: _plain(value) for name, value in row.items()} for row in rows)
    return written.getvalue()


_FORMULA: Final = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet takes for the beginning of a formula, at full width, too."""


def _plain(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in _FORMULA else value
