"""The sandbox over a PostgreSQL server: it is killed under load, and nothing acknowledged is lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.faults.load import SCENE, Load, passed_rows, prepare
from tests.simulators.batches import check
from tests.simulators.evidence import proof_of, published
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.processes.postgres_server import PostgresServer, postgres_server
from tests.simulators.service import Service, run_cli, running

pytestmark = pytest.mark.postgres
PEOPLE = 70


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as started:
        yield started


def check_acknowledged(service: Service, load: Load) -> None:
    """Every acknowledged verification is there, word for word, with a proof that holds."""
    keys, hotel = published(service), service.partners["hotel"]
    for answered in load.acknowledged.values():
        read = hotel.get(f"/v1/verifications/{answered['id']}")
        assert read.status_code == 200, "an acknowledged verification is gone"
        assert read.json() == answered
        proof = hotel.get(f"/v1/verifications/{answered['id']}/proof").content
        assert check(proof, keys).document == check(proof_of(answered), keys).document == answered["result"]


@pytest.mark.timeout(240)
def test_killed_in_the_middle_of_load_it_goes_on_where_it_was(server: PostgresServer, tmp_path: Path) -> None:
    url, data = server.make_database("load"), tmp_path / "data"
    with running(data, database=url) as service:
        frozen = service.somebody()
        shown = service.code(frozen)
        service.freeze(frozen)
        expect_outcome(service.partners["hotel"].verify(shown["qr"], SCENE), "not_passed")
        load = Load(prepare(service, PEOPLE))
        load.run(service.partners["hotel"], service.kill)
    assert len(load.acknowledged) >= load.threshold
    assert load.lost, "it was killed in the middle"
    with running(data, database=url) as again:
        hotel, before = again.partners["hotel"], passed_rows(again)
        assert {answer["id"] for answer in load.acknowledged.values()} <= set(before.values())
        check_acknowledged(again, load)
        for attempt in {attempt.code: attempt for attempt in load.lost}.values():
            answered = expect_outcome(
                hotel.verify(attempt.code, SCENE, desk="front-1", idempotency_key=attempt.key), "passed"
            )
            assert load.acknowledged.setdefault(attempt.code, answered) == answered
            expect_problem(hotel.verify(attempt.code, SCENE), 409, "code_already_used")
        assert len(passed_rows(again)) == PEOPLE
        check_acknowledged(again, load)
        assert not (data / "eztong.db").exists()


def test_what_is_about_a_file_says_that_there_is_none(server: PostgresServer, tmp_path: Path) -> None:
    url = server.make_database("commands")
    made = run_cli("db", "upgrade", data_dir=tmp_path / "data", database=url)
    assert made.returncode == 0, made.stderr
    for command in (("check",), ("backup", str(tmp_path / "backup.tar"))):
        refused = run_cli("db", *command, data_dir=tmp_path / "data", database=url)
        assert refused.returncode != 0
        assert "pg_dump" in refused.stderr


def test_live_mode_takes_no_server_and_says_why(server: PostgresServer, tmp_path: Path) -> None:
    for command in ("serve", "doctor"):
        refused = run_cli(command, data_dir=tmp_path / "data", database=server.url("postgres"), mode="live")
        assert refused.returncode != 0
        assert "sandbox only" in " ".join((refused.stderr + refused.stdout).split())


@pytest.mark.parametrize("url", ["mysql://host/eztong", "eztong.db"])
def test_an_address_of_another_kind_is_refused_with_the_form_that_it_should_have(url: str, tmp_path: Path) -> None:
    refused = run_cli("doctor", data_dir=tmp_path / "data", database=url)
    assert refused.returncode != 0
    assert "EZTONG_DATABASE" in refused.stderr
    assert "postgresql://user@host/name" in refused.stderr


def test_a_server_that_is_not_there_is_said_without_the_password_of_the_address(tmp_path: Path) -> None:
    refused = run_cli(
        "db", "upgrade", data_dir=tmp_path / "data", database="postgresql://eztong:hunter2@127.0.0.1:1/eztong"
    )
    assert refused.returncode != 0
    assert "database server" in refused.stderr
    assert "hunter2" not in refused.stdout + refused.stderr


def test_a_database_with_another_order_of_texts_is_refused_with_the_command_that_makes_one(
    server: PostgresServer, tmp_path: Path
) -> None:
    server.run("postgres", "CREATE DATABASE latin TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
    refused = run_cli("db", "upgrade", data_dir=tmp_path / "data", database=server.url("latin"))
    assert refused.returncode != 0
    assert "SQL_ASCII" in refused.stderr
