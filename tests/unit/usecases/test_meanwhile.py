"""What changes while the authority is asked, between two units of work, is what counts in the second.

For what is proven between two acts: ``test_proofs_between_acts.py``.
"""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.errors import AuthorityUnavailable
from eztong.domain.holder import HolderState
from eztong.usecases.jobs.queue_run import QueueRun
from eztong.usecases.registration.accept_agreements import accept_agreements
from eztong.usecases.registration.register_identity import RegisterIdentity, register_identity
from tests.simulators.due_work import resume_due_registrations
from tests.unit.usecases.stage import LI, ZHAO, Stage, accepting, confirm


def apply(stage: Stage) -> None:
    stage.act(accept_agreements, accepting(stage, ZHAO.session))
    confirm(stage, ZHAO)
    stage.act(register_identity, RegisterIdentity(session_hash=ZHAO.session, name=ZHAO.name, number=ZHAO.number))


def apply_in_vain(stage: Stage) -> None:
    """Leave ZHAO's application in the queue, due."""
    stage.authority.answer = AuthorityUnavailable()
    apply(stage)
    stage.authority.answer = None
    stage.clock.pass_by(minutes=1)


# --- while the authority is asked ---------------------------------------------------------------------------------


def test_what_is_decided_is_not_decided_again(stage: Stage) -> None:
    stage.authority.meanwhile.happens = lambda: stage.change(ZHAO, state=HolderState.REFUSED, reason="by_hand")
    apply(stage)
    assert (stage.holder(ZHAO).state, stage.holder(ZHAO).reason) == (HolderState.REFUSED, "by_hand")
    assert stage.applications() == 0
    assert ("registration", "approve") not in stage.observer.seen


def test_an_application_that_is_decided_while_the_authority_is_silent_waits_no_longer(stage: Stage) -> None:
    apply_in_vain(stage)
    stage.authority.answer = AuthorityUnavailable()
    holder_id = stage.holder_id(ZHAO)
    now = stage.clock.now()
    stage.authority.meanwhile.happens = lambda: stage.write(lambda uow: uow.jobs.withdraw(holder_id, now=now))
    assert stage.act(resume_due_registrations).failures == {"LeaseLost": 1}
    assert stage.applications() == 0


def test_a_worker_that_comes_in_the_middle_of_a_run_leaves_it_to_the_first(stage: Stage) -> None:
    apply_in_vain(stage)
    second = replace(ZHAO, phone="13900000008", session=b"second")
    stage.authority.answer = AuthorityUnavailable()
    stage.act(accept_agreements, accepting(stage, second.session))
    stage.empty_outbox()
    confirm(stage, second)
    stage.act(register_identity, RegisterIdentity(session_hash=second.session, name=LI.name, number=ZHAO.number))
    stage.clock.pass_by(minutes=1)
    asked, beside = len(stage.authority.asked), list[QueueRun]()
    stage.authority.meanwhile.happens = lambda: beside.append(stage.act(resume_due_registrations))
    stage.act(resume_due_registrations)
    assert (beside, len(stage.authority.asked)) == ([QueueRun()], asked + 2)
