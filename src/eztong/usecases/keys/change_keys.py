"""Change keys from the console: looked at beforehand, proposed, approved by a second operator, and then carried out.

What is sealed again begins in the unit of work that approves it. A rotation changes a file, which no unit of work
reaches: the approval queues a job, and whoever serves makes the key. Everything is done as at the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import Job, JobEnd, JobKind
from eztong.domain.keys.reseal import ResealRunning
from eztong.domain.keys.rotation import KeyChange, RotatedMeanwhile, key_made_on_page, parse_change
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.ports.act import SYSTEM, Act
from eztong.ports.keys import KeyTurning
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.keys.ceremony import Ceremony, note_ceremony, past_ceremonies
from eztong.usecases.keys.reseal import begin_reseal, find_reseal
from eztong.usecases.naming import new_id
from eztong.usecases.operators.propose import Propose, propose

_LOOKED_BACK: Final = 1_000
"""Ceremonies among which that of a key is looked for: more than a purpose can have had."""
_WAITING: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeKeyChange:
    """What an operator wants done to which key, as the page told it, and why."""

    change: KeyChange
    reason: str


def propose_key_change(act: Act, command: ProposeKeyChange) -> Proposal:
    """Propose a rotation, or to seal again; nothing of it is done yet.

    1. It has to be possible now, and the key that was looked at is still the next one.
    2. It is proposed as any other: by an operator of a role for keys, proven anew, with a reason.

    Raises:
        RotationRefused, RotatedJustNow, RotatedMeanwhile, ChangedAtShell, ResealRunning: not possible, or not now.
        ReasonInvalid, OperatorNeeded, OperatorRefused, RoleMissing, ProofNeeded, StateConflict: as ``propose`` says.
    """
    made = propose(act, Propose(kind=ProposalKind.KEY_CEREMONY, subject=command.change.words, reason=command.reason))
    _check_possible(act, command.change)
    return made


def settle_key_change(act: Act, ended: Proposal) -> None:
    """Carry out what was approved: begin to seal again, or queue the rotation; what else was agreed on is a command's.

    Raises:
        RotationRefused, RotatedJustNow, RotatedMeanwhile, ChangedAtShell, ResealRunning: it is not possible any more.
    """
    change = parse_change(ended.subject)
    if ended.state is not ProposalState.APPROVED or change is None:
        return
    _check_possible(act, change)
    if not change.key_id:
        begin_reseal(act, Ceremony(proposal_id=ended.proposal_id, reason=ended.reason))
        return
    act.uow.jobs.add(
        Job(
            job_id=new_id(act, "job"),
            kind=JobKind.KEY_CEREMONY,
            key=ended.proposal_id,
            created_at=act.now,
            next_attempt_at=act.now,
        )
    )


def carry_out_rotation(leased: LeasedJob, *, services: Services, ring: KeyTurning) -> Fate:
    """Make the key that was agreed on, and attest it. After a crash in between the key is there and only attested.

    Args:
        leased: The job, whose key names the approved proposal.
        services: Its ``keys`` are the same ring.
        ring: Where the key is made.

    Raises:
        LeaseLost: another process does it.
        RotatedJustNow, RotatedMeanwhile, KeyringProblem: not now; it is tried again.
    """
    with services.store.read() as stored:
        proposal = stored.proposals.get(leased.job.key)
    change = None if proposal is None else parse_change(proposal.subject)
    if proposal is None or not _is_approved_change(proposal) or change is None or not change.key_id:
        return Fate.DROPPED
    ring.reload_if_changed()
    if change.key_id not in {key.key_id for key in services.keys.describe()}:
        now = services.clock.now()
        ring.rotate(change.purpose, entropy=services.entropy, now=now, expected=change.key_id)
    services.perform(SYSTEM, _note_rotation, leased, proposal, change.key_id)
    return Fate.NOTED


def waiting_changes(*, stored: Repositories) -> Sequence[Proposal]:
    """Return the changes of keys that wait for a second operator, as they are stored."""
    found = stored.proposals.open(limit=_WAITING).those
    return [one for one in found if one.kind is ProposalKind.KEY_CEREMONY]


def queued_changes(*, stored: Repositories) -> Sequence[tuple[Proposal, Job]]:
    """Return the approved rotations that are not done yet, each with its job: how often it was tried, and when next."""
    approved = [one for one in stored.proposals.list(before=None, limit=_WAITING).those if _is_approved_change(one)]
    found = [(one, stored.jobs.waiting(JobKind.KEY_CEREMONY, one.proposal_id)) for one in approved]
    return [(one, job) for one, job in found if job is not None]


def _is_approved_change(proposal: Proposal) -> bool:
    return proposal.kind is ProposalKind.KEY_CEREMONY and proposal.state is ProposalState.APPROVED


def _note_rotation(act: Act, leased: LeasedJob, proposal: Proposal, key_id: str) -> None:
    past = past_ceremonies(stored=act.uow, limit=_LOOKED_BACK)
    # Another process may have made the same key by its own command, which attested it.
    if not any(one.kind is ActKind.KEY_ROTATED and one.facts.get("key") == key_id for one in past):
        ceremony = Ceremony(proposal_id=proposal.proposal_id, reason=proposal.reason)
        note_ceremony(act, ceremony, ActKind.KEY_ROTATED, facts={"key": key_id})
    if not act.uow.jobs.end(leased.job.job_id, JobEnd.DONE, lease=leased.lease, now=act.now):
        raise LeaseLost


def _check_possible(act: Act, change: KeyChange) -> None:
    if not change.key_id:
        running = find_reseal(stored=act.uow)
        if running is not None and not running.is_done:
            raise ResealRunning
    elif key_made_on_page(change.purpose, act.keys.describe(), now=act.now) != change.key_id:
        raise RotatedMeanwhile
