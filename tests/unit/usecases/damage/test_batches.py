"""What is done for many is done for each by itself: one that cannot be read is counted and passed over."""

from __future__ import annotations

from eztong.domain.agreements import AgreementKind
from eztong.usecases.agreement_sets.keep_agreements import keep_agreements
from eztong.usecases.jobs.queue_run import tried
from eztong.usecases.jobs.sweep_old_rows import sweep_old_rows
from eztong.usecases.own_notices.choose_notices import choose_per_use
from eztong.usecases.own_notices.tell_uses import tell_uses
from tests.unit.usecases.agreement_sets.publishing import published
from tests.unit.usecases.damage.forbidding import forbidden
from tests.unit.usecases.disputes.acts import use
from tests.unit.usecases.stage import LI, WANG, Stage

SEALED = b"x" * 40


def test_whatever_one_raises_the_next_is_done() -> None:
    done: list[int] = []

    def do(one: int) -> None:
        done.append(10 // one)

    assert tried([1, 0, 2], do) == [(0, "ZeroDivisionError")]
    assert done == [10, 5]


def told_of_a_new_set(stage: Stage, column: str, value: object) -> set[str]:
    """Damage WANG's row and let everybody be told of a new set; return who was."""
    published(stage, {AgreementKind.SERVICE.value: "C"})
    stage.empty_outbox()
    stage.damage("holders", column, value, of=stage.holder_id(WANG))
    assert keep_agreements(stage.services) is False
    assert stage.select("SELECT told_at FROM agreement_sets WHERE number = 2") != [(None,)]
    return {one.phone for one in stage.messages()}


def test_all_but_a_damaged_account_are_told_of_a_new_set(stage: Stage) -> None:
    assert told_of_a_new_set(stage, "stopped", "damaged") == {LI.phone}
    assert stage.take_left_out() == {("agreements", "RowDamaged")}


def test_all_but_one_with_a_damaged_number_are_told_of_a_new_set(stage: Stage) -> None:
    assert told_of_a_new_set(stage, "sealed_phone", SEALED) == {LI.phone}
    assert stage.take_left_out() == {("telling", "SealedDataDamaged")}


def test_a_use_that_cannot_be_read_is_passed_over(stage: Stage) -> None:
    stage.act(choose_per_use, LI.session, is_on=True)
    use(stage)
    stage.damage("verifications", "outcome")
    use(stage)
    stage.clock.pass_by(seconds=5)
    run = tell_uses(services=stage.services)
    assert (run.done, run.failures) == (1, {"RowDamaged": 1})
    assert tell_uses(services=stage.services).failures == {}
    assert stage.topics().count("code_used") == 1


def test_a_row_that_cannot_be_removed_keeps_no_other_of_its_kind(stage: Stage) -> None:
    stage.clock.pass_by(days=400)
    before = {name for (name,) in stage.select("SELECT session_hash FROM sessions")}
    with forbidden(stage, "DELETE ON sessions", f"old.session_hash = x'{LI.session.hex()}'"):
        sweep_old_rows(services=stage.services)
    assert WANG.session in before
    assert {name for (name,) in stage.select("SELECT session_hash FROM sessions")} == {LI.session}
    assert stage.take_left_out() == {("retention", "IntegrityError")}
