"""Call a published set off before it comes into force, by two operators (clause 5.6; design rule 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eztong.domain.agreement_sets.agreement_set import AgreementSet, SetNotScheduled, SetUnknown, set_hash
from eztong.domain.agreements import AgreementState
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.ports.act import Act
from eztong.usecases.agreement_sets.draft_set import find_set
from eztong.usecases.agreement_sets.publish_set import hashes_of, new_texts
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.propose import Propose, propose


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffSet:
    """The published set that an operator wants called off, and why."""

    number: int
    reason: str


def propose_calling_off(act: Act, command: CallOffSet) -> Proposal:
    """Propose that a published set does not come into force; another operator decides.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        SetUnknown: no such set.
        SetNotScheduled: it is a draft, in force, or was called off.
        ReasonInvalid: no reason.
        StateConflict: it is proposed already.
    """
    found = find_set(command.number, stored=act.uow)
    _check_waits(found)
    return propose(act, Propose(kind=ProposalKind.AGREEMENT_SET_OFF, subject=found.set_id, reason=command.reason))


def settle_calling_off(act: Act, proposal: Proposal) -> None:
    """Do what became of the proposal: an approved one ends the set, any other leaves it as it is.

    1. The set and its texts are called off: no page announces them, and another set may be drafted.
    2. It is attested with the hash of what was published.
    3. Holders are told, beside the requests, that it does not come; whoever was not told of it yet hears this alone.

    Raises:
        SetUnknown: the set is gone.
        SetNotScheduled: it came into force meanwhile, or was called off.
    """
    if proposal.state is not ProposalState.APPROVED:
        return
    found = act.uow.agreement_sets.get(proposal.subject)
    if found is None:
        raise SetUnknown
    _check_waits(found)
    if not act.uow.agreement_sets.move(found, replace(found, state=AgreementState.CALLED_OFF)):
        raise SetNotScheduled
    hashes = hashes_of(found, stored=act.uow)
    for text in new_texts(found, stored=act.uow):
        act.uow.agreements.move(text, AgreementState.CALLED_OFF, in_force_from=text.in_force_from)
    facts = {"set": str(found.number), "hash": set_hash(found, hashes)}
    attest_act(act, WhatWasDone(kind=ActKind.AGREEMENTS_CALLED_OFF, subject=found.set_id, facts=facts))
    act.uow.agreement_sets.start_telling(found.set_id)


def _check_waits(found: AgreementSet) -> None:
    if found.state is not AgreementState.SCHEDULED:
        raise SetNotScheduled
