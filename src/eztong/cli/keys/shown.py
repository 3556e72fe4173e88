"""How keys, ceremonies and a re-seal are shown, to a person and to a machine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from eztong.domain.canonical_json import render_time
from eztong.domain.keys.inventory import InventoryLine
from eztong.domain.keys.reseal import Reseal
from eztong.usecases.keys.ceremony import PastCeremony


def shown_line(line: InventoryLine, *, now: datetime) -> dict[str, Any]:
    """Return a line of the inventory."""
    return {
        "key": line.key,
        "purpose": line.purpose,
        "use": line.algorithm.use.value,
        "algorithm": line.algorithm.name,
        "bits": line.algorithm.bits,
        "state": line.state or None,
        "created_at": None if line.created_at is None else render_time(line.created_at),
        "days": line.days(now=now),
        "place": line.place.value,
        "under": line.under or None,
        "certified": line.certified.value,
    }


def shown_reseal(stands: Reseal | None) -> dict[str, Any] | None:
    """Return how far a re-seal has come."""
    if stands is None:
        return None
    return {
        "reseal_id": stands.reseal_id,
        "phase": stands.phase.value,
        "part": stands.part or None,
        "moved": stands.moved,
        "checked": stands.checked,
        "left": stands.left,
        "percent": stands.percent,
        "total": stands.total,
        "remaining": stands.remaining,
        "started_at": render_time(stands.started_at),
        "done_at": None if stands.done_at is None else render_time(stands.done_at),
        "by": stands.by or None,
    }


def shown_ceremony(past: PastCeremony) -> dict[str, Any]:
    """Return a ceremony as it is on record."""
    return {
        "what": past.kind.value,
        "at": render_time(past.at),
        "operator": past.operator or None,
        "second": past.second or None,
        "reason": past.reason or None,
        "facts": dict(past.facts),
    }


def reseal_words(stands: Reseal | None) -> str:
    """Say how far a re-seal has come."""
    if stands is None:
        return "Nothing was sealed again so far."
    counts = f"{stands.moved} sealed anew, {stands.checked} checked, {stands.left} do not open"
    if stands.is_done:
        return f"Sealing again ended: {counts}."
    return f"Sealing again is under way ({stands.percent} %, {stands.phase.value}, {stands.part}): {counts}."
