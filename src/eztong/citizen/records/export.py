"""The holder's records as a file: CSV for a spreadsheet, JSON for a program. Own data only, after an unlock (3.3)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from eztong.citizen.records.page import read_filter
from eztong.citizen.visit import Visit
from eztong.citizen.words.readable_json import ReadableJson
from eztong.citizen.words.record_words import RecordRow, RecordWords
from eztong.domain.access.unlock import check_unlocked
from eztong.domain.canonical_json import render_time
from eztong.domain.errors import NotFound
from eztong.usecases.records.list_records import walk_records

COLUMNS: Final = ("id", "at", "partner", "place", "scene", "result", "told", "method", "device", "reason")
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
# Spreadsheets take UTF-8 for what it is only with a byte order mark.
_BOM: Final = "\ufeff"


def export(visit: Visit) -> Response:
    """Hand out every wanted record.

    Raises:
        Locked: the session is not freshly unlocked.
        NotFound: an unknown kind of file.
    """
    kind = visit.request.path_params["kind"]
    if kind not in {"csv", "json"}:
        raise NotFound
    with visit.services.store.read() as stored:
        signed_in = visit.bound(stored)
        check_unlocked(signed_in.session.unlocked_until, now=visit.now)
        holder_id = signed_in.holder.holder_id
        words = RecordWords(visit, holder_id, stored=stored)
        records = walk_records(holder_id, read_filter(visit), stored=stored)
        found = [_plain(words.row(one, answers=False)) for one in records]
    headers = {"Content-Disposition": f'attachment; filename="eztong-records.{kind}"', "Cache-Control": "no-store"}
    if kind == "json":
        return ReadableJson({"format": "eztong/records/v1", "records": found}, headers=headers)
    return Response(_csv(found), headers=headers, media_type="text/csv; charset=utf-8")


def _plain(row: RecordRow) -> dict[str, str]:
    record = row.record
    return {
        "id": record.record_id,
        "at": render_time(record.at),
        "partner": row.partner,
        "place": row.place,
        "scene": row.scene,
        "result": record.result,
        "told": " ".join(record.told),
        "method": record.method.value if record.method else "",
        "device": row.device,
        "reason": record.reason or "",
    }


def _csv(found: Sequence[dict[str, str]]) -> str:
    file = io.StringIO()
    file.write(_BOM)
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows([[_cell(one[column]) for column in COLUMNS] for one in found])
    return file.getvalue()


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
