"""Evidence: what commits together is one signed tree, and every proof of it holds offline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eztong.domain.canonical_json import render_canonical
from eztong.domain.errors import StateConflict
from eztong.domain.evidence.merkle import leaf_hash
from eztong.domain.evidence.proof import proof_format, rebuild_batch, verify_proof
from eztong.domain.evidence.signed_note import parse_note
from eztong.ports.storage.store import Committed, Leaf, Store, UnitOfWork
from tests.contract.storage.stage import ORIGIN, PATIENCE, World, batch_id, setting, together

Attestation = Callable[[UnitOfWork], Leaf]


def document(number: int) -> dict[str, Any]:
    return {"format": "eztong/example/v1", "number": number, "name": "例"}


def attest(number: int) -> Attestation:
    return lambda uow: uow.attest(render_canonical(document(number)))


def attest_then_fail(uow: UnitOfWork) -> Leaf:
    uow.attest(render_canonical(document(666)))
    raise StateConflict("This job fails after attesting.")


def batch_of(store: Store, size: int) -> list[Committed[Leaf]]:
    return [future.result(PATIENCE) for future in together(store, [attest(number) for number in range(size)])]


def proof_of(committed: Committed[Leaf], number: int) -> bytes:
    assert committed.batch is not None
    part = committed.batch.proof_part(committed.value.index)
    return render_canonical({"format": proof_format(committed.batch.note), "document": document(number), **part})


@pytest.mark.parametrize("size", [1, 2, 7])
def test_every_proof_of_a_batch_verifies(world: World, size: int) -> None:
    keys = {key.key_id: key for key in world.keys.published()}
    batch = batch_of(world.store, size)
    proved = [verify_proof(proof_of(committed, number), keys=keys) for number, committed in enumerate(batch)]
    assert [proof.document for proof in proved] == [document(number) for number in range(size)]


@pytest.mark.parametrize("size", [1, 2, 7])
def test_leaves_count_from_nought_in_the_order_of_the_jobs(store: Store, size: int) -> None:
    assert [committed.value.index for committed in batch_of(store, size)] == list(range(size))


def test_a_batch_is_signed_once_for_all(store: Store) -> None:
    notes = {committed.batch.note for committed in batch_of(store, 7) if committed.batch}
    assert len(notes) == 1


def test_the_note_names_origin_batch_and_size(store: Store) -> None:
    committed = batch_of(store, 2)[0]
    assert committed.batch is not None
    root = parse_note(committed.batch.note).unverified_root
    assert (root.origin, root.batch_id, root.size) == (ORIGIN, committed.value.batch_id, 2)


def test_one_job_may_attest_several_documents(store: Store) -> None:
    committed = store.write(lambda uow: [attest(number)(uow).index for number in range(3)])
    assert committed.value == [0, 1, 2]


def test_nothing_attested_means_no_batch(store: Store) -> None:
    assert store.write(setting("mine")).batch is None


def test_who_attested_nothing_still_gets_the_batch_of_the_others(store: Store) -> None:
    jobs: list[Callable[[UnitOfWork], object]] = [setting("mine"), attest(1)]
    assert together(store, jobs)[0].result(PATIENCE).batch is not None


def test_the_leaves_of_a_failed_job_vanish(store: Store) -> None:
    futures = together(store, [attest(0), attest_then_fail, attest(2)])
    leaf = futures[0].result(PATIENCE).value
    with store.read() as stored:
        leaves = stored.batches.leaves(leaf.batch_id)
    assert leaves == [leaf_hash(render_canonical(document(number))) for number in (0, 2)]


def test_proofs_beside_a_failed_job_verify(world: World) -> None:
    futures = together(world.store, [attest(0), attest_then_fail, attest(2)])
    keys = {key.key_id: key for key in world.keys.published()}
    assert verify_proof(proof_of(futures[2].result(PATIENCE), 2), keys=keys).document == document(2)


def test_a_batch_whose_only_leaf_failed_is_not_signed(store: Store) -> None:
    jobs: list[Callable[[UnitOfWork], object]] = [attest_then_fail, setting("mine")]
    assert together(store, jobs)[1].result(PATIENCE).batch is None


def test_the_next_batch_starts_with_no_leaves(store: Store) -> None:
    store.write(attest(0))
    assert store.write(attest(1)).value.index == 0


def test_two_batches_have_two_names(store: Store) -> None:
    assert store.write(attest(0)).value.batch_id != store.write(attest(1)).value.batch_id


def test_the_note_is_stored(store: Store) -> None:
    committed = store.write(attest(0))
    assert committed.batch is not None
    with store.read() as stored:
        assert stored.batches.note(committed.value.batch_id) == committed.batch.note


def test_a_stored_batch_can_be_rebuilt(store: Store) -> None:
    committed = batch_of(store, 7)[3]
    with store.read() as stored:
        leaves = stored.batches.leaves(committed.value.batch_id)
        note = stored.batches.note(committed.value.batch_id)
    assert note is not None
    assert committed.batch is not None
    rebuilt = rebuild_batch(leaves, note=note)
    assert rebuilt.proof_part(3) == committed.batch.proof_part(3)


def test_an_unknown_batch_has_no_note(store: Store) -> None:
    with store.read() as stored:
        assert stored.batches.note(batch_id()) is None


def test_an_unknown_batch_has_no_leaves(store: Store) -> None:
    with store.read() as stored:
        assert list(stored.batches.leaves(batch_id())) == []
