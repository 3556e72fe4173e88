"""The pack for an audit of compliance, with what only the deployment knows: its tables, checks and newest evidence."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Any, Final

from eztong import __version__
from eztong.adapters.storage.sql.tables import metadata
from eztong.adapters.storage.stored.reach import newest_batch_at, writer_heads
from eztong.domain.canonical_json import render_time
from eztong.ports.services import Services
from eztong.usecases.compliance.collect_pack import PackSources, collect_pack, written_pack
from eztong.wiring.doctor import examine
from eztong.wiring.settings import Settings

_CLASS: Final = re.compile(r"\[(?P<name>\w+)\] (?P<meaning>.*)", re.DOTALL)


def compliance_pack(settings: Settings, services: Services) -> bytes:
    """Return the pack as a zip file. That it is taken out is noted by whoever calls, before."""
    sources = PackSources(
        origin=services.deployment.origin,
        version=__version__,
        catalogue=data_catalogue(),
        findings=examine(settings),
        evidence=evidence_heads(settings),
        certificate=services.deployment.token_certificate,
    )
    now = services.clock.now()
    with services.store.snapshot() as stored:
        parts = collect_pack(sources, stored=stored, keys=services.keys, now=now)
    return _zipped(written_pack(parts, sources, now=now), now)


def _zipped(files: dict[str, bytes], now: datetime) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, date_time=now.timetuple()[:6])
            member.external_attr = 0o600 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(member, content)
    return written.getvalue()


def evidence_heads(settings: Settings) -> dict[str, Any]:
    """Return when something was signed last, and the newest signed note of each writer."""
    at = newest_batch_at(settings.stored_at)
    return {"newest_at": None if at is None else render_time(at), "notes": list(writer_heads(settings.stored_at))}


def data_catalogue() -> list[dict[str, Any]]:
    """Return every table with its columns, their data classes and what they hold."""
    return [
        {
            "table": table.name,
            "what": table.comment or "",
            "columns": [{"column": column.name, **_described(column.comment or "")} for column in table.columns],
        }
        for table in sorted(metadata.tables.values(), key=lambda one: one.name)
    ]


def _described(comment: str) -> dict[str, str]:
    found = _CLASS.fullmatch(comment)
    return {"class": "", "holds": comment} if found is None else {"class": found["name"], "holds": found["meaning"]}
