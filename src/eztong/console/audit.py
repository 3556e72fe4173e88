"""The audit: searched by whole values, read page by page, exported. Reading it stands in it, too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.canonical_json import render_time
from eztong.domain.damage import Listed
from eztong.domain.errors import InputInvalid
from eztong.domain.identity.age import read_day, service_date
from eztong.domain.operators.audit import STAR, AuditEntry, AuditFilter
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.operators.permission import Permission
from eztong.domain.portal.permission import PortalPermission
from eztong.domain.portal.person import PortalRole
from eztong.pages.csv_files import csv_file
from eztong.ports.keys import Keys, MacPurpose
from eztong.usecases.compliance.collect_pack import note_pack
from eztong.usecases.operators.console_tries import PROVEN, SIGNED_IN
from eztong.usecases.operators.read_audit import note_audit_read, read_audit

HOME: Final = "/console/audit"
SHOWN: Final = 50
EXPORTED: Final = 10_000
"""The most entries of one file: an export is read by a person or a tool, page by page as the screen is."""

_LONGEST: Final = 100
_ACCOUNT: Final = re.compile(r"\bhld_[0-9A-HJKMNP-TV-Z]{26}")
_STAND_IN: Final = b"audit_export\x00"
FIELDS: Final = ("operator", "what", "subject", "correlation")
DAYS: Final = ("from", "to")
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
    try:
        asked = _asked(query)
    except InputInvalid as error:
        return _page(visit, AuditFilter(), Listed([]), error=error)
    before, after = query.get("before", ""), query.get("after", "")
    services.perform(visit.acting, note_audit_read, Permission.AUDIT_READ, asked)
    try:
        with services.store.read() as stored:
            found = read_audit(asked, before=before, after=after, limit=SHOWN + 1, stored=stored)
    except InputInvalid as error:
        return _page(visit, asked, Listed([]), error=error)
    is_more = len(found.those) > SHOWN
    shown = found.those[-SHOWN:] if after else found.those[:SHOWN]
    has_older, has_newer = is_more or bool(after), bool(before) or (is_more and bool(after))
    return _page(
        visit,
        asked,
        Listed(shown, found.damaged),
        older=_page_of(asked, before=shown[-1].entry_id) if shown and has_older else "",
        newer=_page_of(asked, after=shown[0].entry_id) if shown and has_newer else "",
    )


def _page(
    visit: Visit,
    asked: AuditFilter,
    found: Listed[AuditEntry],
    *,
    error: InputInvalid | None = None,
    older: str = "",
    newer: str = "",
) -> Response:
    typed = visit.request.query_params if error is not None else asked.asked
    return visit.form_page(
        "audit.html",
        because=error,
        entries=found.those,
        unreadable=found.unreadable,
        asked=asked,
        days=[(name, str(typed.get(name, ""))[:_LONGEST]) for name in DAYS],
        family_of=_family_of,
        what_words=lambda what: _what_words(visit, what),
        role_words=lambda role: _role_words(visit, role),
        fields=[(name, str(typed.get(name, ""))[:_LONGEST]) for name in FIELDS],
        older=older,
        newer=newer,
        without=lambda name: f"{HOME}?{urlencode({key: value for key, value in asked.asked.items() if key != name})}",
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
    rows = [_document(entry, keys=services.keys) for entry in found.those]
    if kind == "csv":
        return csv_file("audit", COLUMNS, rows)
    return Response(
        json.dumps({"entries": rows, "unreadable": found.unreadable}, indent=1),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="audit.json"', "Cache-Control": "no-store"},
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
    """Return what is looked for.

    Raises:
        InputInvalid: something that is no day, or a last day before the first.
    """
    first, last = (_day(str(given.get(name, "")).strip()) for name in DAYS)
    if first is not None and last is not None and last < first:
        raise InputInvalid("The last day is before the first.")
    whole = {name: str(given.get(name, "")).strip()[:_LONGEST] for name in FIELDS}
    return AuditFilter(**whole, first_day=first, last_day=last)


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return read_day(typed)
    except ValueError:
        raise InputInvalid("A day is written as 2026-03-05.") from None


def _family_of(what: str) -> str:
    """Return what all acts of the same kind are asked by; empty of one that has no such kind."""
    family, dot, _ = what.partition(".")
    return f"{family}.{STAR}" if dot and what in set(Permission) else ""


def _what_words(visit: Visit, what: str) -> str:
    """Return an act in words; a command as it was typed."""
    if what == SIGNED_IN:
        return visit.words.text("console.sign_in_act")
    if what == PROVEN:
        return visit.words.text("console.prove_act")
    if what in set(PortalPermission):
        return visit.words.text(f"portal.permission.{what}")
    return visit.words.text(f"console.permission.{what}") if what in set(Permission) else what


def _role_words(visit: Visit, role: str) -> str:
    """Return a role in words; one that this version does not know as it is written."""
    if role in set(PortalRole):
        return visit.words.text(f"portal.role.{role}")
    return visit.words.text(f"console.role.{role}") if role in set(OperatorRole) else role


def _page_of(asked: AuditFilter, **edge: str) -> str:
    return f"{HOME}?{urlencode({**asked.asked, **edge})}"


def _document(entry: AuditEntry, *, keys: Keys) -> dict[str, str]:
    """Return an entry for a file: ids of accounts do not leave the service, and one account has one stand-in."""

    def stand_in(found: re.Match[str]) -> str:
        return f"account-{keys.mac(MacPurpose.LOOKUP, _STAND_IN + found[0].encode()).hex()[:12]}"

    found = {name: _ACCOUNT.sub(stand_in, str(getattr(entry, name))) for name in COLUMNS}
    return found | {"at": render_time(entry.at), "roles": " ".join(sorted(entry.roles))}
