"""Refused tries: a known code that could not be used, which its holder sees and can prove (clauses 2.11, 2.15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eztong.domain.agreements import commitment
from eztong.domain.canonical_json import render_time
from eztong.domain.identifiers import CodeId, HolderId, PartnerId

REFUSED_TRY_FORMAT = "eztong/refused-try/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAttempt:
    """A refused try to use a holder's code, for the holder to see (clause 2.11). The same try again is the same one."""

    holder_id: HolderId
    attempt_id: str
    code_id: CodeId
    partner_id: PartnerId
    scene: str
    desk: str | None
    reason: str
    at: datetime


def refused_try_document(attempt: CodeAttempt, *, environment: str, salt: bytes) -> dict[str, Any]:
    """Return the evidence document of a refused try: no personal data, the holder as a salted commitment.

    The partner that tried has its answer, which names no code and no holder; this document is for the holder.
    """
    document: dict[str, Any] = {
        "format": REFUSED_TRY_FORMAT,
        "id": attempt.attempt_id,
        "code": attempt.code_id,
        "partner": attempt.partner_id,
        "scene": attempt.scene,
        "reason": attempt.reason,
        "environment": environment,
        "at": render_time(attempt.at),
        "holder": commitment(salt=salt, holder_id=attempt.holder_id),
    }
    if attempt.desk is not None:
        document["desk"] = attempt.desk
    return document
