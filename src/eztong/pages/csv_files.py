"""Tables as files that spreadsheets open: no cell of them is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from starlette.responses import Response

_FORMULA: Final = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet takes for the beginning of a formula, at full width, too."""


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Response:
    """Return the rows as a file ``name.csv`` that no browser and nothing on the way keeps."""
    return Response(
        render_csv(columns, rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"},
    )


def render_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return the rows under their columns (RFC 4180)."""
    written = io.StringIO()
    writer = csv.DictWriter(written, columns)
    writer.writeheader()
    writer.writerows({column: plain_cell(row[column]) for column in columns} for row in rows)
    return written.getvalue()


def plain_cell(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in _FORMULA else value
