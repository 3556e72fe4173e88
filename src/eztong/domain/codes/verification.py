"""Verifications: one authentication by the service and its immutable outcome (clause 2.2).

The **result** is the canonical document that the partner may see; it is what the proof covers. Failures are coarse
there: a frozen, restricted, terminated or switched-off holder is ``not_passed`` without a reason.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

from eztong.domain.canonical_json import render_time
from eztong.domain.claims import Claim, Release
from eztong.domain.codes.presentation_code import Method
from eztong.domain.identifiers import BatchId, CodeId, HolderId, PartnerId, RequestId, VerificationId
from eztong.domain.partners.freshness import WhenOld
from eztong.domain.partners.partner import Partner, Scene
from eztong.domain.partners.partner_code import PartnerCode

RESULT_FORMAT = "eztong/result/v1"


class Outcome(StrEnum):
    """What a partner is told. ``unavailable`` is never ``not_passed`` and never ``passed``."""

    PASSED = "passed"
    NOT_PASSED = "not_passed"
    DECLINED = "declined"
    EXPIRED = "expired"
    UNAVAILABLE = "unavailable"


class Verification(msgspec.Struct, frozen=True, kw_only=True):
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


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Who asked what, how, and when: all of a verification but its outcome."""

    verification_id: VerificationId
    partner: Partner
    scene: Scene
    desk: str | None
    method: Method
    wants: frozenset[Claim]
    environment: str
    now: datetime
    api_key_id: str | None = None
    code_id: CodeId | None = None
    request_id: RequestId | None = None


def build_result(
    asked: Question,
    *,
    outcome: Outcome,
    partner_code: PartnerCode | None = None,
    release: Release | None = None,
    unconfirmed_since: date | None = None,
) -> dict[str, Any]:
    """Return the result document. Partner code and claims are there exactly when ``passed``.

    ``unconfirmed_since`` marks what passed on a confirmation beyond the scene's limit as stale.
    """
    document: dict[str, Any] = {
        "format": RESULT_FORMAT,
        "id": asked.verification_id,
        "partner": asked.partner.partner_id,
        "scene": asked.scene.scene,
        "method": asked.method,
        "outcome": outcome,
        "environment": asked.environment,
        "at": render_time(asked.now),
    }
    if asked.desk is not None:
        document["desk"] = asked.desk
    if asked.request_id is not None:
        document["request"] = asked.request_id
    if outcome is Outcome.PASSED and release is not None:
        document["partner_code"] = partner_code
        document["claims"] = {claim.value: value for claim, value in release.told.items()}
        document["withheld"] = {claim.value: why.value for claim, why in release.withheld.items()}
    if outcome is Outcome.PASSED and unconfirmed_since is not None:
        document["confirmation"] = WhenOld.STALE.value
        document["unconfirmed_since"] = unconfirmed_since.isoformat()
    return document
