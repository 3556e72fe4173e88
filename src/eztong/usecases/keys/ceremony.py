"""A ceremony: what is done to a key of the service, who stands for it, and why (design rule 8).

What changes the ring changes a file, which no unit of work reaches. So two operators agree first, in a unit of work of
its own; then the file is changed; then it is attested that it was. An agreement without an act after it was cut off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from eztong.domain.canonical_json import parse_document
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.operator import OperatorNeeded
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import ProposalKind, ProposalState
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.check_operator import check_operator
from eztong.usecases.operators.propose import Propose, end_proposal, propose

SUBJECT: Final = "keyring"
"""What every ceremony is attested about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """An agreement: the proposal that two operators stand for. Empty where nobody had to."""

    proposal_id: str = ""
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeCeremony:
    """What the operator who acts wants done; ``second`` is another one, who was proven beside them."""

    what: str
    """What is done to which key, in machine words: ``rotate results``."""

    second: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCeremony:
    """A ceremony as it is on record."""

    kind: ActKind
    at: datetime
    operator: str = ""
    second: str = ""
    reason: str = ""
    facts: Mapping[str, str]


def agree_ceremony(act: Act, command: AgreeCeremony) -> Ceremony:
    """Let two operators stand for what is done next; nothing of it is done yet.

    1. The one who acts proposes it: an operator of a role for keys, with a reason.
    2. The second one approves it at once, as any proposal is approved: of such a role, and another person.

    Raises:
        ReasonInvalid: no reason.
        OperatorNeeded, OperatorRefused, RoleMissing, SameOperator: whoever acts, or the second one, may not.
        StateConflict: the same waits already.
    """
    made = propose(act, Propose(kind=ProposalKind.KEY_CEREMONY, subject=command.what, reason=command.reason))
    other = act.as_operator(command.second)
    decider = check_operator(other, Permission.KEYS_KEEP, made.proposal_id)
    made.check_decider(decider, proposer=act.uow.operators.get(made.by), now=act.now)
    end_proposal(other, made, ProposalState.APPROVED, reason=made.reason)
    return Ceremony(proposal_id=made.proposal_id, reason=made.reason)


def go_without(act: Act, *, is_sandbox: bool) -> Ceremony:
    """Let whoever has the command line act alone: in a sandbox, and while nobody is an operator yet.

    Raises:
        OperatorNeeded: somebody is.
    """
    if not is_sandbox and not act.uow.operators.list().is_empty:
        raise OperatorNeeded(
            "Keys take two operators: give --operator, --second and --reason. Who there is: eztong operators list."
        )
    return Ceremony()


def note_ceremony(act: Act, ceremony: Ceremony, kind: ActKind, *, facts: Mapping[str, str]) -> None:
    """Attest that it was done. ``facts`` are machine words: key ids, counts."""
    told = dict(facts) | ({"proposal": ceremony.proposal_id} if ceremony.proposal_id else {})
    attest_act(act, WhatWasDone(kind=kind, subject=SUBJECT, facts=told, reason=ceremony.reason))


def past_ceremonies(*, stored: Repositories, limit: int) -> Sequence[PastCeremony]:
    """Return the newest ceremonies, newest first."""
    rows = list(zip(stored.acts.of_subject(SUBJECT), stored.acts.leaves(SUBJECT), strict=True))[-limit:]
    found = []
    for act, (document, _batch, _index) in reversed(rows):
        facts: dict[str, str] = parse_document(document)["facts"]
        proposal = stored.proposals.get(facts.get("proposal", ""))
        second = None if proposal is None else proposal.ended
        found.append(
            PastCeremony(
                kind=act.kind,
                at=act.at,
                # What two agreed on at the console is carried out by the second one's act, or by the service.
                operator=(act.operator or "") if proposal is None else proposal.by,
                second="" if second is None else second.by,
                reason="" if proposal is None else proposal.reason,
                facts={name: value for name, value in facts.items() if name != "proposal"},
            )
        )
    return found
