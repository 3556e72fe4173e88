"""Attest what is done with a partner, by its id and machine words."""

from __future__ import annotations

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.ports.act import Act
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act


def attest_partner(
    act: Act, partner_id: PartnerId, kind: ActKind, *, facts: dict[str, str] | None = None, reason: str | None = None
) -> None:
    """Make what was done with the partner part of this commit's evidence. ``facts`` are machine words."""
    attest_act(act, WhatWasDone(kind=kind, subject=partner_id, facts=facts or {}, reason=reason))
