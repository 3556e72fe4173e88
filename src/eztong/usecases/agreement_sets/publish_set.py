"""Publish a set of agreements by two operators, and bring it into force at its time (clause 5.6; design rule 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from eztong.domain.agreement_sets.agreement_set import AgreementSet, SetNotDraft, SetUnknown, set_hash
from eztong.domain.agreement_sets.offered_text import LANGUAGES
from eztong.domain.agreements import Agreement, AgreementState, DocumentKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreement_sets.draft_set import current_set, find_set
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.propose import Propose, propose

PRINTED_SETTING: Final = "agreement_values"
"""The setting of the installation that says what stands in the texts in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeSet:
    """The draft that an operator wants published, and why."""

    number: int
    reason: str


def propose_set(act: Act, command: ProposeSet) -> Proposal:
    """Propose a draft to be published; another operator decides.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        SetUnknown: no such set.
        SetNotDraft: it was published.
        ScheduleInvalid: its day is too near by now.
        ReasonInvalid: no reason.
        StateConflict: it is proposed already.
    """
    draft = find_set(command.number, stored=act.uow)
    if draft.state is not AgreementState.DRAFT:
        raise SetNotDraft
    draft.check_schedule(now=act.now)
    return propose(act, Propose(kind=ProposalKind.AGREEMENT_SET, subject=draft.set_id, reason=command.reason))


def settle_set(act: Act, proposal: Proposal) -> None:
    """Do what became of the proposal: an approved set is published, any other stays a draft.

    1. From now on everybody can read it; it comes into force at its day, or at once if that has come.
    2. The publication is attested with the hash of everything in it.
    3. Holders are told, beside the requests.

    Raises:
        SetUnknown: the draft is gone.
        SetNotDraft: it was published meanwhile.
        ScheduleInvalid: its day is too near by now, so that people would not have time to read it.
    """
    if proposal.state is not ProposalState.APPROVED:
        return
    draft = act.uow.agreement_sets.get(proposal.subject)
    if draft is None:
        raise SetUnknown
    draft.check_schedule(now=act.now)
    starts = max(draft.in_force_from, act.now)
    published = replace(draft, state=AgreementState.SCHEDULED, in_force_from=starts, published_at=act.now)
    if draft.state is not AgreementState.DRAFT or not act.uow.agreement_sets.move(draft, published):
        raise SetNotDraft
    for text in new_texts(published, stored=act.uow):
        act.uow.agreements.move(text, AgreementState.SCHEDULED, in_force_from=starts)
    _attest(act, published, ActKind.AGREEMENTS_PUBLISHED)
    act.uow.agreement_sets.start_telling(published.set_id)
    if starts <= act.now:
        bring_into_force(act, published)


def bring_into_force(act: Act, scheduled: AgreementSet) -> bool:
    """Put a published set in force, in place of the one before; return whether this call did it.

    Every language of every document changes in the same commit, and what a changed one asks of holders begins.
    """
    current = current_set(stored=act.uow)
    if not act.uow.agreement_sets.move(scheduled, replace(scheduled, state=AgreementState.IN_FORCE)):
        return False
    act.uow.agreement_sets.move(current, replace(current, state=AgreementState.SUPERSEDED))
    staying = {(member.kind, member.version) for member in scheduled.members}
    for member in current.members:
        if (member.kind, member.version) not in staying:
            act.uow.agreements.supersede(member.kind, member.version)
    for text in new_texts(scheduled, stored=act.uow):
        act.uow.agreements.move(text, AgreementState.IN_FORCE, in_force_from=scheduled.in_force_from)
    if scheduled.printed is not None:
        act.uow.settings.set(PRINTED_SETTING, scheduled.printed)
    _attest(act, scheduled, ActKind.AGREEMENTS_IN_FORCE)
    return True


def hashes_of(
    agreement_set: AgreementSet, *, stored: Repositories
) -> Mapping[tuple[DocumentKind, str], Mapping[str, str]]:
    """Return the hash of each text of a set, by document, version and language."""
    found: dict[tuple[DocumentKind, str], dict[str, str]] = {}
    for member in agreement_set.members:
        texts = (stored.agreements.version(member.kind, member.version, language) for language in LANGUAGES)
        found[member.kind, member.version] = {text.language: text.text_hash for text in texts if text is not None}
    return found


def new_texts(agreement_set: AgreementSet, *, stored: Repositories) -> list[Agreement]:
    """Return the documents that a set changes, each in one language: it moves in all of them."""
    texts = (stored.agreements.version(one.kind, one.version, LANGUAGES[0]) for one in agreement_set.changed)
    return [text for text in texts if text is not None]


def _attest(act: Act, agreement_set: AgreementSet, kind: ActKind) -> None:
    facts = {
        "set": str(agreement_set.number),
        "hash": set_hash(agreement_set, hashes_of(agreement_set, stored=act.uow)),
    }
    attest_act(act, WhatWasDone(kind=kind, subject=agreement_set.set_id, facts=facts))
