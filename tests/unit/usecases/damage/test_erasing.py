"""An erasure waits for nothing to be read or opened: what a leaver has left goes, whatever of it is damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from eztong.domain.deregistration.deregistration import DeregistrationState
from eztong.domain.holder import HolderState
from eztong.ports.act import SYSTEM
from eztong.usecases.deregistration.erase_listed import erase_listed
from eztong.usecases.deregistration.execute_deregistration import erase_again
from tests.unit.usecases.assistance.helping import helping
from tests.unit.usecases.contact.acts import change
from tests.unit.usecases.damage.forbidding import forbidden
from tests.unit.usecases.deregistration.leaving import account, ask, now_of, run
from tests.unit.usecases.disputes.acts import use
from tests.unit.usecases.guardianship.family import registered_child
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, Stage

SEALED = b"x" * 40
OWN = ["sealed_phone", "sealed_eid_mark", "sealed_number", "sealed_name", "data_key"]
WORDS = ["state", "stopped", "document_type", "created_at", "ceiling"]


@pytest.fixture(autouse=True)
def taken(stage: Stage) -> Iterator[None]:
    yield
    assert {kind for _, kind in stage.take_left_out()} <= {"RowDamaged", "SealedDataDamaged"}


def leave(stage: Stage, damage: Callable[[], object]) -> None:
    """Let LI leave with something damaged since; everything of the account must be gone."""
    asked, holder_id = ask(stage), stage.holder_id()
    damage()
    stage.clock.pass_by(hours=72)
    assert run(stage) == 1
    left = stage.select("SELECT state, length(data_key), number_index FROM holders WHERE holder_id = ?", holder_id)
    assert left == [("deregistered", 0, None)]
    done = now_of(stage, asked)
    assert done.state is DeregistrationState.DONE
    assert done.receipt


@pytest.mark.parametrize("column", OWN)
def test_what_was_sealed_and_opens_no_more(stage: Stage, column: str) -> None:
    use(stage)
    leave(stage, lambda: stage.damage("holders", column, SEALED, of=stage.holder_id()))


@pytest.mark.parametrize("column", WORDS)
def test_a_row_that_cannot_be_read(stage: Stage, column: str) -> None:
    leave(stage, lambda: stage.damage("holders", column, of=stage.holder_id()))


def test_what_partners_cannot_be_told_is_counted_and_not_in_the_receipt(stage: Stage) -> None:
    use(stage)
    leave(stage, lambda: stage.damage("holders", "sealed_eid_mark", SEALED, of=stage.holder_id()))
    assert ("partner_news", "SealedDataDamaged") in stage.left_out
    assert stage.select("SELECT count(*) FROM partner_events") == [(0,)]
    ((receipt,),) = stage.select("SELECT receipt FROM deregistrations")
    assert b"partner_news" not in receipt


@pytest.mark.parametrize(
    ("table", "column"),
    [("tickets", "kind"), ("operators", "state"), ("phone_changes", "state"), ("guardianships", "state")],
)
def test_a_row_beside_it(stage: Stage, table: str, column: str) -> None:
    registered_child(stage)
    change(stage)
    stage.clock.pass_by(days=4)
    stage.unlock()
    operator(stage)
    leave(stage, lambda: stage.damage(table, column))


@pytest.mark.parametrize(("column", "value"), [("sealed_phone", SEALED), ("state", "damaged")])
def test_the_helpers_row(stage: Stage, column: str, value: object) -> None:
    helping(stage)
    leave(stage, lambda: stage.damage("holders", column, value, of=stage.holder_id(WANG)))


def test_whoever_is_on_the_list_is_erased_though_the_row_cannot_be_read(stage: Stage) -> None:
    one, other = stage.holder_id(LI), stage.holder_id(WANG)
    stage.damage("holders", "state", of=one)
    assert erase_listed([one, other, one], services=stage.services) == []
    assert account(stage, one).is_erased
    assert account(stage, other).is_erased
    assert stage.act(erase_again, one, by=SYSTEM) is False


def test_one_that_cannot_be_erased_is_barred_and_keeps_no_other(stage: Stage) -> None:
    one, other = stage.holder_id(LI), stage.holder_id(WANG)
    with forbidden(stage, "UPDATE ON holders", f"old.holder_id = '{one}' AND length(new.data_key) = 0"):
        assert erase_listed([one, other], services=stage.services) == [one]
    assert ("queue_failure", "erasures", "IntegrityError") in stage.observer.seen
    assert account(stage, other).is_erased
    left = account(stage, one)
    assert (left.state, left.is_erased) == (HolderState.DEREGISTERING, False)
    assert stage.session(LI.session).revoked_at is not None
    assert erase_listed([one], services=stage.services) == []
    assert account(stage, one).is_erased
