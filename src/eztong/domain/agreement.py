"""Agreements and their acceptance (clauses P-3, P-4, 3.6, 5.6).

An agreement version is a text with a hash; ``draft -> scheduled -> in_force -> superseded``. An acceptance is a
separate record that names the exact text. The evidence document of an acceptance holds no personal data: the holder
stands in it as a salted commitment, whose salt only the holder's receipt carries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from eztong.domain.canonical_json import render_time
from eztong.domain.errors import AgreementChanged, AgreementNotAccepted
from eztong.domain.identifiers import AcceptanceId, HolderId
from eztong.gm.sm3 import sm3

ACCEPTANCE_FORMAT = "eztong/acceptance/v1"
SALT_BYTES = 16


class AgreementKind(StrEnum):
    """The two documents of registration; each is a separate act and a separate record."""

    SERVICE = "service"
    AUTHORISATION = "authorisation"


class AgreementState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"


class ChangeClass(StrEnum):
    """What a new version asks of holders: A new consent first, B re-accept at next use, C notice only."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One version of one document in one language, with the operator's values filled in."""

    kind: AgreementKind
    version: str
    language: str
    title: str
    text: str
    text_hash: str
    change_class: ChangeClass
    state: AgreementState
    in_force_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """That a holder accepted exactly this text, and how."""

    acceptance_id: AcceptanceId
    holder_id: HolderId
    kind: AgreementKind
    version: str
    language: str
    title: str
    text_hash: str
    shown_at: datetime
    accepted_at: datetime
    act: str
    salt: bytes
    sealed_context: bytes
    withdrawn_at: datetime | None = None


def hash_text(text: str) -> str:
    """Return the SM3 of the text's UTF-8 bytes in hex: the identity of what was shown."""
    return sm3(text.encode()).hex()


def check_same_text(agreement: Agreement, *, shown_hash: str) -> None:
    """Refuse an acceptance of a text that is no longer the one in force.

    Raises:
        AgreementChanged: the hashes differ.
    """
    if agreement.text_hash != shown_hash:
        raise AgreementChanged


def check_accepted(accepted: Acceptance | None, *, in_force: Agreement) -> AcceptanceId:
    """Return the acceptance if it covers the version in force; class C changes need no new act.

    Raises:
        AgreementNotAccepted: never accepted, withdrawn, or of an older version.
    """
    if accepted is None or accepted.withdrawn_at is not None:
        raise AgreementNotAccepted
    if accepted.version != in_force.version and in_force.change_class is not ChangeClass.C:
        raise AgreementNotAccepted
    return accepted.acceptance_id


def commitment(*, salt: bytes, holder_id: HolderId) -> str:
    """Return the salted commitment to a holder, in hex."""
    return sm3(b"eztong/holder-commitment/v1\x00" + salt + holder_id.encode()).hex()


def acceptance_document(acceptance: Acceptance) -> dict[str, Any]:
    """Return the evidence document of an acceptance: no personal data."""
    return {
        "format": ACCEPTANCE_FORMAT,
        "id": acceptance.acceptance_id,
        "agreement": acceptance.kind.value,
        "title": acceptance.title,
        "version": acceptance.version,
        "language": acceptance.language,
        "text_hash": acceptance.text_hash,
        "shown_at": render_time(acceptance.shown_at),
        "accepted_at": render_time(acceptance.accepted_at),
        "act": acceptance.act,
        "holder": commitment(salt=acceptance.salt, holder_id=acceptance.holder_id),
    }
