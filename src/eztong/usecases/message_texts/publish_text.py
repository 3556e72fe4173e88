"""Publish a text of a message by two operators; an earlier one, or the program's own, comes back in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.message_texts.version import (
    PublishedTexts,
    TextSettled,
    TextState,
    TextUnchanged,
    TextUnknown,
    TextVersion,
    TextVersionUnknown,
    published_texts,
)
from eztong.domain.message_texts.wording import Wording, parse_wording, wording_hash
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_operator
from eztong.usecases.operators.propose import Propose, find_open_about, propose


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeText:
    """What an operator wants a message to say, and why. Empty in both languages: the program's own text again."""

    text_id: str
    zh: str
    en: str
    reason: str


def propose_text(act: Act, command: ProposeText, *, own: Mapping[str, Wording]) -> tuple[TextVersion, Proposal]:
    """Store a version and propose that it be published; no message says it before another operator approved it.

    ``own`` has the program's texts by their names.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, ReasonInvalid: whoever acts may not, or gave no reason.
        TextUnknown: there is no such text.
        TextInvalid: it cannot stand in that place.
        TextUnchanged: it is what is in force.
    """
    operator = check_operator(act, Permission.TEXTS_PROPOSE)
    if command.text_id not in own:
        raise TextUnknown
    wording = parse_wording(command.zh, command.en, own=own[command.text_id])
    if wording == texts_in_force(stored=act.uow).wording(command.text_id):
        raise TextUnchanged
    version = TextVersion(
        version_id=new_id(act, "txt"),
        text_id=command.text_id,
        wording=wording,
        made_by=operator.name,
        made_at=act.now,
    )
    act.uow.text_versions.add(version)
    asked = Propose(kind=ProposalKind.MESSAGE_TEXT, subject=version.version_id, reason=command.reason)
    return version, propose(act, asked)


def settle_text(act: Act, proposal: Proposal) -> None:
    """Do what became of the proposal: an approved version is in force at once, any other is refused.

    Which text it is, and what it says, by its hash, is attested.

    Raises:
        TextVersionUnknown: no such version.
        TextSettled: it was settled already.
    """
    version = find_text_version(proposal.subject, stored=act.uow)
    if proposal.state is ProposalState.APPROVED:
        settled = replace(version, state=TextState.PUBLISHED, published_at=act.now)
    else:
        settled = replace(version, state=TextState.REFUSED)
    if version.state is not TextState.PROPOSED or not act.uow.text_versions.move(version, settled):
        raise TextSettled
    if settled.state is TextState.PUBLISHED:
        facts = {"text": version.text_id, "hash": wording_hash(version.text_id, version.wording)}
        attest_act(act, WhatWasDone(kind=ActKind.TEXT_PUBLISHED, subject=version.version_id, facts=facts))


def texts_in_force(*, stored: Repositories) -> PublishedTexts:
    """Return what was published. A version that cannot be read says nothing: the one before it stands again."""
    return published_texts(stored.text_versions.published().those)


def find_text_version(version_id: str, *, stored: Repositories) -> TextVersion:
    """Return the version.

    Raises:
        TextVersionUnknown: there is none.
    """
    version = stored.text_versions.get(version_id)
    if version is None:
        raise TextVersionUnknown
    return version


def open_proposal_of_text(version_id: str, *, stored: Repositories) -> Proposal:
    """Return the proposal by which a version waits for the second operator.

    Raises:
        TextVersionUnknown: there is no such version.
        ProposalEnded: it waits for nobody.
    """
    version = find_text_version(version_id, stored=stored)
    return find_open_about(version.version_id, ProposalKind.MESSAGE_TEXT, stored=stored)
