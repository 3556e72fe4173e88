"""What a store on a server does besides: it runs again what others came before, and goes on when it was cut off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from itertools import count

import pytest
from psycopg.errors import UniqueViolation

from eztong.adapters.storage.postgres.place import PostgresPlace
from eztong.adapters.storage.postgres.schema import (
    LOCKS,
    UPGRADE_LOCK,
    UpgradeUnderWay,
    check_schema,
    different_tables,
    schema_differences,
    schema_version,
    upgrade_schema,
)
from eztong.adapters.storage.postgres.store import PostgresStore
from eztong.adapters.storage.rounds.transaction import OutcomeUnknown
from eztong.domain.errors import StateConflict, Unavailable
from eztong.domain.evidence.signed_note import parse_note
from eztong.ports.storage.store import UnitOfWork, submitted
from tests.contract.storage import values_people
from tests.contract.storage.stage import HOT, PATIENCE, World, each_in_a_thread, read_setting, setting
from tests.simulators.processes.postgres_server import EmptyDatabase

pytestmark = pytest.mark.postgres
CUT_OFF = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'eztong' AND state = ?"


def cut_off(world: World, state: str = "idle in transaction") -> None:
    """Let the server end the connections of the store that are in this state."""
    with world.aside() as other:
        assert other.rows(CUT_OFF, (state,)) != []


def test_a_job_that_another_came_before_is_run_again_and_sees_the_other(world: World) -> None:
    world.store.write(setting("mine", "a"))
    runs = count(1)

    def add(uow: UnitOfWork) -> int:
        run = next(runs)
        read = uow.settings.get("mine")
        if run == 1:
            with world.aside() as other:
                other.execute("UPDATE service_settings SET value = value || 'b' WHERE name = 'mine'")
        uow.settings.set("mine", f"{read}c")
        return run

    assert world.store.write(add).value == 2
    assert read_setting(world.store, "mine") == "abc"
    assert isinstance(world.store, PostgresStore)
    assert world.store.repeats == 1


def test_a_job_that_others_always_come_before_is_refused_in_the_end(world: World) -> None:
    world.store.write(setting("mine", "a"))

    def lose(uow: UnitOfWork) -> None:
        read = uow.settings.get("mine")
        with world.aside() as other:
            other.execute("UPDATE service_settings SET value = value || 'b' WHERE name = 'mine'")
        uow.settings.set("mine", f"{read}c")

    with pytest.raises(Unavailable, match="nothing was written"):
        world.store.write(lose)
    left = read_setting(world.store, "mine")
    assert left is not None
    assert "c" not in left


def test_a_job_whose_connection_is_cut_off_is_run_again_over_another(world: World) -> None:
    runs = count(1)

    def job(uow: UnitOfWork) -> int:
        uow.settings.set("mine", "there")
        run = next(runs)
        if run == 1:
            cut_off(world)
        return run

    assert world.store.write(job).value == 2
    assert read_setting(world.store, "mine") == "there"


def test_of_a_round_that_is_cut_off_in_its_commit_nobody_says_what_became(world: World) -> None:
    def job(uow: UnitOfWork) -> None:
        uow.settings.set("mine", "there")
        cut_off(world)

    with pytest.raises(OutcomeUnknown):
        submitted(world.store, job, needs=HOT).result(PATIENCE)
    world.store.write(setting("mine", "again"))
    assert read_setting(world.store, "mine") == "again"


@pytest.mark.parametrize("is_hot", [False, True])
def test_what_a_failed_statement_spoiled_is_not_acknowledged(world: World, *, is_hot: bool) -> None:
    world.store.write(lambda uow: uow.staff.add(values_people.staff(1)))

    def swallow(uow: UnitOfWork) -> None:
        uow.settings.set("mine", "there")
        with suppress(UniqueViolation):
            uow.staff.add(values_people.staff(1))

    with pytest.raises(Exception, match=r"nothing was written|could not commit"):
        submitted(world.store, swallow, needs=HOT if is_hot else None).result(PATIENCE)
    assert read_setting(world.store, "mine") is None


def test_readers_go_on_after_the_server_let_go_of_them(world: World) -> None:
    world.store.write(setting("mine"))
    assert read_setting(world.store, "mine") == "there"
    cut_off(world, "idle")
    assert read_setting(world.store, "mine") == "there"


def test_each_connection_numbers_batches_of_its_own_without_a_gap(world: World) -> None:
    stores = [world.store, PostgresStore(world.place, world.signing())]

    def attest(number: int) -> str:
        batch = stores[number % 2].write(lambda uow: uow.attest(f"document {number}".encode())).batch
        assert batch is not None
        return batch.note

    try:
        notes = each_in_a_thread(8, attest)
        world.store.close()
        world.store = world.opener(world)
        stores[0] = world.store
        notes.append(attest(100))
    finally:
        stores[1].close()
    places = [parse_note(note).unverified_root.place for note in notes]
    numbers = defaultdict[str, list[int]](list)
    for place in places:
        assert place is not None
        numbers[place.writer].append(place.number)
    assert len(numbers) == 2
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in numbers.values()), numbers


# --- the schema ---------------------------------------------------------------------------------------------------


def empty_place(postgres: EmptyDatabase, name: str) -> PostgresPlace:
    return PostgresPlace(postgres.server.make_database(name), postgres.server.folder)


def test_the_revisions_make_what_the_code_describes(world: World) -> None:
    assert schema_differences(world.place) == []
    assert different_tables(world.place) == []


def test_a_table_that_differs_is_named(world: World) -> None:
    check_schema(world.place)
    with world.aside() as other:
        other.execute("ALTER INDEX ix_jobs_waiting RENAME TO ix_other")
    try:
        with pytest.raises(StateConflict, match="jobs"):
            check_schema(world.place)
    finally:
        with world.aside() as other:
            other.execute("ALTER INDEX ix_other RENAME TO ix_jobs_waiting")


def test_an_upgrade_keeps_out_of_the_way_of_another(postgres: EmptyDatabase) -> None:
    place = empty_place(postgres, "upgraded")
    with place.changing() as other:
        other.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCKS}, {UPGRADE_LOCK})")
        with pytest.raises(UpgradeUnderWay):
            upgrade_schema(place)
    assert schema_version(place).found is None


def refusals(place: PostgresPlace) -> list[Callable[[], object]]:
    return [lambda: check_schema(place), lambda: upgrade_schema(place)]


def test_a_database_of_a_later_version_is_left_alone(postgres: EmptyDatabase) -> None:
    place = empty_place(postgres, "later")
    with place.changing() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num text)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('9999')")
    for refused in refusals(place):
        with pytest.raises(StateConflict, match="does not know"):
            refused()
