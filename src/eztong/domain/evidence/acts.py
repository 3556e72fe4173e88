"""Attested acts: what a clause gives weight to is a leaf of the commit's batch, like an acceptance or a result.

The document names no person: the account stands in it as a salted commitment, whose salt only its holder is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from eztong.domain.agreements import commitment
from eztong.domain.canonical_json import render_time
from eztong.domain.events import Actor
from eztong.domain.identifiers import HolderId

ACT_FORMAT: Final = "eztong/act/v1"


class ActKind(StrEnum):
    """Which act it was. The values stand in signed documents: none is renamed or taken out."""

    AUTHORISATION_WITHDRAWN = "authorisation_withdrawn"
    """The user authorisation agreement was withdrawn by itself (clause 3.6, PIPL art. 15)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedAct:
    """One act on an account. ``about`` says what it touched, by ids and public values only: no personal data."""

    act_id: str
    holder_id: HolderId
    kind: ActKind
    actor: Actor
    at: datetime
    about: Mapping[str, str]
    salt: bytes


def act_document(act: AttestedAct) -> dict[str, Any]:
    """Return the evidence document of an act: no personal data (docs/specs/proof.md, section "Acts")."""
    return {
        "format": ACT_FORMAT,
        "id": act.act_id,
        "act": act.kind.value,
        "actor": act.actor.value,
        "at": render_time(act.at),
        "about": dict(act.about),
        "holder": commitment(salt=act.salt, holder_id=act.holder_id),
    }
