"""Verifications: one authentication by the service and its immutable outcome (clause 2.2).

The **result** is the canonical document that the partner may see; it is what the proof covers. Failures are coarse
there: a frozen, restricted, terminated or switched-off holder is ``not_passed`` without a reason.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from eztong.domain.canonical_json import render_canonical, render_time
from eztong.domain.claims import ONLY_A_PERSON, Claim, Release
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
    document = _without_own(_alike(asked), outcome)
    document["id"] = asked.verification_id
    document["at"] = render_time(asked.now)
    if asked.request_id is not None:
        document["request"] = asked.request_id
    if outcome is Outcome.PASSED and release is not None:
        document["partner_code"] = partner_code
        document |= _told(release)
    if outcome is Outcome.PASSED and unconfirmed_since is not None:
        document["confirmation"] = WhenOld.STALE.value
        document["unconfirmed_since"] = unconfirmed_since.isoformat()
    return document


def render_result(
    asked: Question,
    *,
    outcome: Outcome,
    partner_code: PartnerCode | None = None,
    release: Release | None = None,
    unconfirmed_since: date | None = None,
) -> bytes:
    """Return the canonical bytes of :func:`build_result`.

    Most of what passes tells no more than that, and differs in its time, id and partner code alone, none of which has
    anything to escape: these are put between what is kept of the others.
    """
    is_plain = release is ONLY_A_PERSON and asked.request_id is None and unconfirmed_since is None
    if outcome is not Outcome.PASSED or partner_code is None or not is_plain:
        document = build_result(
            asked, outcome=outcome, partner_code=partner_code, release=release, unconfirmed_since=unconfirmed_since
        )
        return render_canonical(document)
    before, between, after = _parts(_alike(asked))
    at, own_id = render_time(asked.now).encode(), asked.verification_id.encode()
    return b"".join((b'{"at":"', at, before, own_id, between, partner_code.encode(), after))


class _Alike(NamedTuple):
    """What many questions share."""

    partner: PartnerId
    scene: str
    method: Method
    desk: str | None
    environment: str


def _alike(asked: Question) -> _Alike:
    return _Alike(asked.partner.partner_id, asked.scene.scene, asked.method, asked.desk, asked.environment)


def _without_own(alike: _Alike, outcome: Outcome) -> dict[str, Any]:
    document: dict[str, Any] = {"format": RESULT_FORMAT, "outcome": outcome, **alike._asdict()}
    if alike.desk is None:
        del document["desk"]
    return document


def _told(release: Release) -> dict[str, Any]:
    return {
        "claims": {claim.value: value for claim, value in release.told.items()},
        "withheld": {claim.value: why.value for claim, why in release.withheld.items()},
    }


@lru_cache(maxsize=1024)
def _parts(alike: _Alike) -> tuple[bytes, bytes, bytes]:
    """Return what stands around time, id and partner code of a result, whose names are in the order of the alphabet."""
    document = _without_own(alike, Outcome.PASSED) | _told(ONLY_A_PERSON)

    def members(after: str, before: str) -> bytes:
        return render_canonical({name: document[name] for name in document if after < name < before})[1:-1]

    return (
        b'",%b,"id":"' % members("at", "id"),
        b'",%b,"partner_code":"' % members("id", "partner_code"),
        b'",%b}' % members("partner_code", "~"),
    )
