"""The chain: a writer's batches follow each other without a gap; what was put back is never gone on with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from eztong.adapters.storage.beside.marks import Marks, mark_of, read_marks, write_marks
from eztong.domain.evidence.merkle import leaf_hash
from eztong.domain.evidence.signed_note import NO_ROOT, BatchRoot, ChainPlace, parse_note
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage.stage import PATIENCE, World, setting, together


def attested(store: Store, number: int) -> BatchRoot:
    """Attest something in a batch of its own; return what the batch's note says."""
    batch = store.write(lambda uow: uow.attest(f"document {number}".encode())).batch
    assert batch is not None
    return parse_note(batch.note).unverified_root


def place_of(root: BatchRoot) -> ChainPlace:
    assert root.place is not None
    return root.place


def marked_numbers(world: World) -> list[int]:
    return [place_of(parse_note(note).unverified_root).number for note in read_marks(mark_of(world.path)).notes]


def test_the_first_batch_has_nothing_before_it(store: Store) -> None:
    place = place_of(attested(store, 1))
    assert (place.number, place.previous) == (1, NO_ROOT)


def test_each_batch_names_the_root_before_it(store: Store) -> None:
    roots = [attested(store, number) for number in range(4)]
    assert [place_of(root).number for root in roots] == [1, 2, 3, 4]
    assert [place_of(root).previous for root in roots[1:]] == [root.root for root in roots[:-1]]
    assert len({place_of(root).writer for root in roots}) == 1


def test_a_commit_without_documents_takes_no_number(store: Store) -> None:
    first = attested(store, 1)
    store.write(setting("anything"))
    assert place_of(attested(store, 2)).number == place_of(first).number + 1


def test_a_job_that_fails_takes_no_number(store: Store) -> None:
    def fail(uow: UnitOfWork) -> None:
        uow.attest(b"never")
        raise ValueError

    first = attested(store, 1)
    assert isinstance(together(store, [fail])[0].exception(PATIENCE), ValueError)
    assert place_of(attested(store, 2)).number == place_of(first).number + 1


def test_the_chain_goes_on_after_a_restart(world: World) -> None:
    before = attested(world.store, 1)
    after = place_of(attested(world.reopen(), 2))
    assert (after.writer, after.number, after.previous) == (place_of(before).writer, 2, before.root)


@pytest.mark.sqlite
def test_two_processes_share_one_chain(world: World) -> None:
    first = attested(world.store, 1)
    beside = world.opener(world)
    try:
        second = attested(beside, 2)
    finally:
        beside.close()
    third = attested(world.store, 3)
    assert [place_of(root).number for root in (first, second, third)] == [1, 2, 3]
    assert place_of(third).previous == second.root


def test_closing_leaves_the_newest_note_in_the_mark(world: World) -> None:
    for number in range(3):
        attested(world.store, number)
    world.store.close()
    assert marked_numbers(world) == [3]
    assert mark_of(world.path).stat().st_mode & 0o077 == 0


@pytest.mark.sqlite
def test_an_older_file_put_in_place_is_gone_on_with_by_a_new_writer(world: World, tmp_path: Path) -> None:
    first = attested(world.store, 1)
    world.store.close()
    older = shutil.copyfile(world.path, tmp_path / "older.db")
    attested(world.reopen(), 2)
    world.store.close()
    shutil.copyfile(older, world.path)
    gone_on = place_of(attested(world.reopen(), 3))
    assert gone_on.writer != place_of(first).writer
    assert (gone_on.number, gone_on.previous) == (1, first.root)
    world.store.close()
    assert sorted(marked_numbers(world)) == [1, 2], "what the mark knew of the other writer stays"


def test_a_writer_that_a_restore_ended_is_not_gone_on_with(world: World) -> None:
    first = attested(world.store, 1)
    world.store.close()
    mark = mark_of(world.path)
    write_marks(mark, Marks(read_marks(mark).notes, [place_of(first).writer]))
    gone_on = place_of(attested(world.reopen(), 2))
    assert gone_on.writer != place_of(first).writer
    assert (gone_on.number, gone_on.previous) == (1, first.root)
    assert place_of(attested(world.store, 3)).number == 2


def test_a_damaged_mark_stops_nobody_and_is_kept(world: World) -> None:
    first = attested(world.store, 1)
    world.store.close()
    mark = mark_of(world.path)
    mark.write_bytes(b"{")
    second = place_of(attested(world.reopen(), 2))
    assert (second.writer, second.number) == (place_of(first).writer, 2)
    world.store.close()
    assert mark.with_name(mark.name + ".damaged").exists()
    assert marked_numbers(world) == [2]


def test_the_leaf_of_a_batch_of_one_is_its_root(store: Store) -> None:
    assert attested(store, 7).root == leaf_hash(b"document 7")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "damage",
    [
        *("number = 'zz'", "number = x'ff'", "number = NULL", "number = 0"),
        *("note = 'zz'", "note = x'ff'", "note = CAST(x'ff' AS TEXT)", "writer = 'zz'", "writer = NULL"),
    ],
)
@pytest.mark.parametrize("has_mark", [True, False])
def test_where_the_newest_batch_is_damaged_a_new_writer_begins(world: World, damage: str, has_mark: bool) -> None:
    writers = {place_of(attested(world.store, number)).writer for number in range(3)}
    world.store.close()
    if not has_mark:
        mark_of(world.path).unlink()
    newest = "(SELECT max(batch_id) FROM batches)"
    changed(world, f"UPDATE batches SET {damage} WHERE batch_id = {newest}")  # noqa: S608 - our own names
    places = [place_of(attested(world.reopen(), number)) for number in range(2)]
    assert [place.number for place in places] == [1, 2]
    assert len({place.writer for place in places} - writers) == 1


@pytest.mark.sqlite
def test_an_older_damaged_number_gives_no_number_twice(world: World) -> None:
    roots = [attested(world.store, number) for number in range(4)]
    world.store.close()
    changed(world, "UPDATE batches SET number = 'zz' WHERE number = 2")
    place = place_of(attested(world.reopen(), 5))
    assert (place.number, place.previous) == (1, roots[-1].root)


@pytest.mark.sqlite
@pytest.mark.parametrize("value", ["'zz'", "x'ff'", "CAST(x'ff' AS TEXT)"])
def test_a_writer_whose_name_is_damaged_is_not_gone_on_with(world: World, value: str) -> None:
    before = place_of(attested(world.store, 1))
    world.store.close()
    changed(world, f"UPDATE service_settings SET value = {value} WHERE name = 'chain_writer'")  # noqa: S608 - ours
    places = [place_of(attested(world.reopen(), number)) for number in range(2)]
    assert [place.number for place in places] == [1, 2]
    assert before.writer not in {place.writer for place in places}


def test_a_name_that_is_changed_and_could_be_one_is_given_to_no_batch(world: World) -> None:
    """A restore would begin it again at one: nobody knows of a writer that has no row."""
    before = place_of(attested(world.store, 1))
    world.store.close()
    other = before.writer[:-1] + ("0" if before.writer[-1] != "0" else "1")
    changed(world, f"UPDATE service_settings SET value = '{other}' WHERE name = 'chain_writer'")  # noqa: S608 - ours
    place = place_of(attested(world.reopen(), 2))
    assert place.number == 1
    assert place.writer not in {before.writer, other}


def changed(world: World, statement: str) -> None:
    with world.aside() as connection:
        connection.execute(statement)
