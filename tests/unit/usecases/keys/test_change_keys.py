"""A key is changed from the console: proposed, approved by another one, carried out once, and attested."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eztong.adapters.keys.keyring import create_keyring, load_keyring
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.jobs.job import Job, JobKind
from eztong.domain.keys.reseal import ResealRunning
from eztong.domain.keys.rotation import KeyChange, RotatedMeanwhile
from eztong.domain.operators.operator import OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import Proposal, ProposalEnded, ProposalKind, ProposalState, ReasonInvalid
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import OPERATOR, Acting
from eztong.usecases.jobs.queue_run import QueueRun
from eztong.usecases.keys.ceremony import Ceremony, note_ceremony, past_ceremonies
from eztong.usecases.keys.change_keys import ProposeKeyChange, propose_key_change, queued_changes, waiting_changes
from eztong.usecases.keys.reseal import find_reseal, measure_reseal, old_values
from eztong.usecases.operators.propose import Propose, propose
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from tests.simulators.due_work import make_due_keys
from tests.unit.usecases.fakes import START, CountedEntropy
from tests.unit.usecases.keys.turning import RING, ROOT_KEY, finish, ring_of, step, turn_seals
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage, copy_of, make_template

KEK, RESULTS, RESEAL = KeyChange(key_id="kek-2"), KeyChange(key_id="results-2"), KeyChange()


@pytest.fixture(scope="module")
def with_ring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("with-ring")
    keys = create_keyring(folder / RING, folder / ROOT_KEY, entropy=CountedEntropy("changing"), now=START)
    return make_template(folder, keys)


@pytest.fixture
def stage(with_ring: Path, tmp_path: Path) -> Iterator[Stage]:
    folder = copy_of(with_ring, tmp_path)
    made = Stage(folder, load_keyring(folder / RING, folder / ROOT_KEY))
    yield made
    made.close()


@pytest.fixture
def li(stage: Stage) -> Acting:
    return operator(stage, "li.na", OperatorRole.SECURITY)


@pytest.fixture
def wang(stage: Stage) -> Acting:
    return operator(stage, "wang.wu", OperatorRole.SYSTEM)


def proposed(stage: Stage, change: KeyChange, by: Acting) -> Proposal:
    made: Proposal = stage.act(propose_key_change, ProposeKeyChange(change=change, reason="yearly"), by=by)
    return made


def decided(stage: Stage, proposal: Proposal, by: Acting, *, approve: bool = True) -> Proposal:
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=approve, reason="seen")
    return stage.act(decide_proposal, command, by=by, calendar=WorkCalendar())


def work(stage: Stage) -> QueueRun:
    return make_due_keys(services=stage.services, ring=ring_of(stage))


def key_ids(stage: Stage) -> set[str]:
    return {key.key_id for key in stage.keys.describe()}


def test_a_key_is_made_once_two_agreed_and_both_stand_on_record(stage: Stage, li: Acting, wang: Acting) -> None:
    proposal = proposed(stage, RESULTS, li)
    assert stage.act(waiting_changes) == [proposal]
    with pytest.raises(SameOperator):
        decided(stage, proposal, li)
    decided(stage, proposal, wang)
    with pytest.raises(ProposalEnded):
        decided(stage, proposal, wang)
    assert "results-2" not in key_ids(stage), "a unit of work reaches no file"
    ((queued, job),) = stage.act(queued_changes)
    assert (queued.proposal_id, job.attempts) == (proposal.proposal_id, 0)
    assert work(stage).done == 1
    anew = load_keyring(stage.folder / RING, stage.folder / ROOT_KEY)
    assert "results-2" in {key.key_id for key in anew.describe()}, "it is durable"
    (past,) = stage.act(past_ceremonies, limit=5)
    assert (past.kind, past.operator, past.second, past.reason) == (ActKind.KEY_ROTATED, "li.na", "wang.wu", "yearly")
    assert past.facts == {"key": "results-2"}
    assert (work(stage).done, stage.act(waiting_changes), stage.act(queued_changes)) == (0, [], [])


def test_one_person_under_two_names_changes_no_key(stage: Stage) -> None:
    first, again = (operator(stage, name, person=b"one person") for name in ("zhao", "zhao.2"))
    with pytest.raises(SameOperator):
        decided(stage, proposed(stage, KEK, first), again)


def test_after_a_crash_behind_the_file_the_same_key_is_attested_and_none_made_anew(
    stage: Stage, li: Acting, wang: Acting
) -> None:
    decided(stage, proposed(stage, KEK, li), wang)
    # As a process does that dies before it can say so: in the file, and nowhere else.
    other = load_keyring(stage.folder / RING, stage.folder / ROOT_KEY)
    other.rotate("kek", entropy=stage.services.entropy, now=stage.clock.now(), expected="kek-2")
    assert work(stage).done == 1
    assert {key for key in key_ids(stage) if key.startswith("kek-")} == {"kek-1", "kek-2"}
    (past,) = stage.act(past_ceremonies, limit=5)
    assert past.facts == {"key": "kek-2"}


def test_a_key_that_a_command_made_and_attested_meanwhile_is_attested_once(
    stage: Stage, li: Acting, wang: Acting
) -> None:
    decided(stage, proposed(stage, KEK, li), wang)
    ring_of(stage).rotate("kek", entropy=stage.services.entropy, now=stage.clock.now())
    stage.act(note_ceremony, Ceremony(), ActKind.KEY_ROTATED, facts={"key": "kek-2"}, by=OPERATOR)
    assert work(stage).done == 1
    assert len(stage.act(past_ceremonies, limit=5)) == 1


def test_a_key_that_is_not_the_next_one_any_more_is_neither_proposed_nor_made(
    stage: Stage, li: Acting, wang: Acting
) -> None:
    proposal = proposed(stage, KEK, li)
    ring_of(stage).rotate("kek", entropy=stage.services.entropy, now=stage.clock.now())
    with pytest.raises(RotatedMeanwhile):
        decided(stage, proposal, wang)
    assert stage.read(lambda stored: stored.proposals.get(proposal.proposal_id)) == proposal, "it still waits"
    decided(stage, proposal, wang, approve=False)
    with pytest.raises(RotatedMeanwhile):
        proposed(stage, KEK, li)
    with pytest.raises(RotatedMeanwhile):
        ring_of(stage).rotate("kek", entropy=stage.services.entropy, now=stage.clock.now(), expected="kek-2")
    assert "kek-3" not in key_ids(stage)


def test_a_job_without_an_approval_makes_nothing(stage: Stage, li: Acting, wang: Acting) -> None:
    waits = proposed(stage, RESULTS, li)
    rejected = decided(stage, proposed(stage, KEK, li), wang, approve=False)
    for number, key in enumerate((waits.proposal_id, rejected.proposal_id, "prp_of_nobody")):
        now = stage.clock.now()
        job = Job(job_id=f"job_{number}", kind=JobKind.KEY_CEREMONY, key=key, created_at=now, next_attempt_at=now)
        stage.write(lambda uow, job=job: uow.jobs.add(job))  # type: ignore[misc]
    before = key_ids(stage)
    for _ in range(3):
        assert work(stage).failures == {}
    assert key_ids(stage) == before
    assert stage.read(lambda stored: stored.jobs.depths()[JobKind.KEY_CEREMONY]) == 0


def test_sealing_again_begins_with_the_approval_and_says_how_far_it_is(stage: Stage, li: Acting, wang: Acting) -> None:
    turn_seals(stage)
    counts = stage.read(lambda stored: stored.sealed_values.count_by_key())
    assert set(old_values(counts, keys=stage.keys)) == {"kek-1"}
    proposal = proposed(stage, RESEAL, li)
    assert stage.act(find_reseal) is None
    measure_reseal(stage.services)
    decided(stage, proposal, wang)
    measure_reseal(stage.services)
    begun = stage.act(find_reseal)
    assert begun is not None
    assert (begun.total, begun.old, begun.remaining, begun.percent) == (sum(counts.values()),) * 3 + (0,)
    step(stage)
    measure_reseal(stage.services)
    assert begun.total == stage.act(find_reseal).total  # type: ignore[union-attr]
    with pytest.raises(ResealRunning):
        proposed(stage, RESEAL, li)
    done = finish(stage)
    assert (done.percent, done.remaining, done.moved) == (100, 0, begun.old)
    ended, started = stage.act(past_ceremonies, limit=5)[:2]
    assert (started.kind, started.operator, started.second) == (ActKind.KEYS_RESEALING, "li.na", "wang.wu")
    assert ended.kind is ActKind.KEYS_RESEALED


def test_nobody_without_the_role_or_a_reason_proposes_and_a_commands_own_changes_nothing(
    stage: Stage, li: Acting, wang: Acting
) -> None:
    with pytest.raises(RoleMissing):
        proposed(stage, RESULTS, operator(stage, "zhao", OperatorRole.AUDIT))
    with pytest.raises(ReasonInvalid):
        stage.act(propose_key_change, ProposeKeyChange(change=RESULTS, reason=" "), by=li)
    others = stage.act(propose, Propose(kind=ProposalKind.KEY_CEREMONY, subject="retire kek-1", reason="old"), by=li)
    assert decided(stage, others, wang).state is ProposalState.APPROVED
    assert work(stage).done == 0
    assert stage.act(past_ceremonies, limit=5) == []
