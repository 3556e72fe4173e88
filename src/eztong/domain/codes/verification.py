"""Verifications: one authentication by the service and its immutable outcome (clause 2.2).

The **result** is the canonical document that the partner may see; it is what the proof covers. Failures are coarse
there: a frozen, restricted, terminated or switched-off holder is ``not_passed`` without a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from eztong.domain.canonical_json import render_time
from eztong.domain.claims import Claim, Release
from eztong.domain.codes.presentation_code import Method
from eztong.domain.identifiers import BatchId, CodeId, HolderId, PartnerId, RequestId, VerificationId
from eztong.domain.partners.partner_code import PartnerCode

RESULT_FORMAT = "eztong/result/v1"


class Outcome(StrEnum):
    """What a partner is told. ``unavailable`` is never ``not_passed`` and never ``passed``."""

    PASSED = "passed"
    NOT_PASSED = "not_passed"
    DECLINED = "declined"
    EXPIRED = "expired"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A verification as stored. ``sealed_result`` is used instead of ``result`` where it tells a name."""

    verification_id: VerificationId
    partner_id: PartnerId
    holder_id: HolderId | None
    code_id: CodeId | None
    request_id: RequestId | None
    outcome: Outcome
    reason: str | None
    scene: str
    desk: str | None
    method: Method
    claims: tuple[Claim, ...]
    created_at: datetime
    result: bytes | None
    sealed_result: bytes | None
    batch_id: BatchId
    leaf_index: int
    api_key_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFacts:
    """What goes into a result besides the outcome."""

    verification_id: VerificationId
    partner_id: PartnerId
    scene: str
    desk: str | None
    method: Method
    at: datetime
    environment: str
    request_id: RequestId | None = None


def build_result(
    facts: ResultFacts, *, outcome: Outcome, partner_code: PartnerCode | None = None, release: Release | None = None
) -> dict[str, Any]:
    """Return the result document. Partner code and claims are there exactly when ``passed``."""
    document: dict[str, Any] = {
        "format": RESULT_FORMAT,
        "id": facts.verification_id,
        "partner": facts.partner_id,
        "scene": facts.scene,
        "method": facts.method.value,
        "outcome": outcome.value,
        "environment": facts.environment,
        "at": render_time(facts.at),
    }
    if facts.desk is not None:
        document["desk"] = facts.desk
    if facts.request_id is not None:
        document["request"] = facts.request_id
    if outcome is Outcome.PASSED and release is not None:
        document["partner_code"] = partner_code
        document["claims"] = {claim.value: value for claim, value in release.told.items()}
        document["withheld"] = {claim.value: why.value for claim, why in release.withheld.items()}
    return document
