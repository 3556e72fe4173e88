"""Make an act on an account evidence: a leaf of the batch of the commit that keeps what it changed."""

from __future__ import annotations

from collections.abc import Mapping

from eztong.domain.agreements import SALT_BYTES
from eztong.domain.canonical_json import render_canonical
from eztong.domain.evidence.acts import ActKind, AttestedAct, act_document
from eztong.domain.identifiers import HolderId
from eztong.ports.act import Act
from eztong.usecases.naming import new_id


def attest_act(act: Act, holder_id: HolderId, kind: ActKind, *, about: Mapping[str, str]) -> AttestedAct:
    """Attest that ``act.by`` did this to the account; ``about`` holds ids and public values, no personal data."""
    attested = AttestedAct(
        act_id=new_id(act, "act"),
        holder_id=holder_id,
        kind=kind,
        actor=act.by.actor,
        at=act.now,
        about=about,
        salt=act.entropy.token(SALT_BYTES),
    )
    document = render_canonical(act_document(attested))
    leaf = act.uow.attest(document)
    act.uow.acts.add(attested, document=document, batch_id=leaf.batch_id, leaf_index=leaf.index)
    return attested
