"""Attest an act that a clause gives weight to: its document is signed with the commit that does it."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.canonical_json import render_canonical
from eztong.domain.events import Actor
from eztong.domain.evidence.attested_act import SALT_BYTES, ActKind, AttestedAct, act_document
from eztong.domain.identifiers import HolderId
from eztong.ports.act import Act
from eztong.usecases.naming import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatWasDone:
    """What the document says. ``subject`` is the id of what it was done to, ``facts`` are machine words.

    ``reason`` may be anybody's free words: only a salted commitment to it is signed, and it is stored elsewhere.
    """

    kind: ActKind
    subject: str
    facts: dict[str, str] = field(default_factory=dict)
    holder_id: HolderId | None = None
    reason: str | None = field(default=None, repr=False)


def attest_act(act: Act, done: WhatWasDone) -> AttestedAct:
    """Make the act's document a leaf of this commit's batch, store it, and return its row."""
    attested = AttestedAct(
        act_id=new_id(act, "act"),
        kind=done.kind,
        subject=done.subject,
        actor=act.by.actor.value,
        operator=(act.by.name or None) if act.by.actor is Actor.OPERATOR else None,
        holder_id=done.holder_id,
        at=act.now,
        salt=act.entropy.token(SALT_BYTES),
    )
    document = render_canonical(act_document(attested, facts=done.facts, reason=done.reason))
    leaf = act.uow.attest(document)
    act.uow.acts.add(attested, document=document, batch_id=leaf.batch_id, leaf_index=leaf.index)
    return attested
