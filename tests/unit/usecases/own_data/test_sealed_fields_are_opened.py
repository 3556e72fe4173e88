"""Whatever is sealed is opened by a full check, under the key and for the place that the use cases chose."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest
from rich.progress import Progress

from eztong.adapters.storage.sql.sealed_columns import UNDER_MERCHANTS, UNDER_OWNERS, opened_columns
from eztong.adapters.storage.sql.tables import metadata
from eztong.cli.data.audit_report import AuditReport, Rows
from eztong.cli.data.audit_sealed import check_sealed
from eztong.domain.guardianship.relation import RelationAnswer
from eztong.domain.operators.operator import OperatorRole
from eztong.ports.act import PARTNER
from eztong.ports.keys import Keys
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from eztong.usecases.partners.apply_as_partner import apply_as_partner
from tests.unit.usecases.assistance import helping
from tests.unit.usecases.cases.acts import Staff
from tests.unit.usecases.desks import duty
from tests.unit.usecases.feedback.test_feedback import write
from tests.unit.usecases.guardianship import family, handing
from tests.unit.usecases.operators.acts import operator, with_second_factor
from tests.unit.usecases.own_data.full_life import EXPECTED, live_fully
from tests.unit.usecases.partners.acts import handed_in
from tests.unit.usecases.portal import acts as portal
from tests.unit.usecases.restrictions.acts import valid_until
from tests.unit.usecases.stage import FILE, LI, Stage
from tests.unit.usecases.talks import acts as talks

BESIDE_ACCOUNTS = {
    ("inbox", "sealed"),
    ("account_keys", "sealed_secret"),
    ("bundles", "sealed_basis"),
    ("eid_flows", "sealed_settings"),
    ("incident_reports", "sealed_slots"),
    ("webhook_endpoints", "sealed_secret"),
    ("webhook_endpoints", "sealed_previous"),
}
"""Columns under the service's key that no account's life fills."""


def problems(connection: sqlite3.Connection, keys: Keys) -> list[str]:
    report = AuditReport()
    with Progress(disable=True) as bar:
        check_sealed(Rows(connection), keys, report, bar)
    return report.problems


@pytest.fixture
def lived(stage: Stage) -> Iterator[sqlite3.Connection]:
    """The store after a life that leaves something in every sealed column of accounts."""
    family.waiting_minor(stage)
    family.invite(stage)
    handed = handing.grown(stage)
    live_fully(stage)
    valid_until(stage, date(2030, 1, 1))
    write(stage, secret="8" * 16)
    helping.invite(stage)
    claim = family.claimed_child(stage)
    told = DecideRelation(guardianship_id=claim.guardianship_id, holds=False, words="seen")
    stage.act(decide_relation, told, by=operator(stage, "qian", OperatorRole.CASES))
    stage.authority.related_as = RelationAnswer.CONFIRMED
    stage.unlock(LI)
    handing.ask(stage, handing.offer(stage, handed))
    stranger = talks.open_one(stage, session=talks.NOBODY, secret="42" * 8)
    talks.offer(stage, stranger)
    stage.act(apply_as_partner, handed_in(), by=PARTNER)
    Staff(stage).warned()
    with_second_factor(stage, "zhao")
    portal.person(stage)
    duty.hire_with_app(stage)
    with closing(sqlite3.connect(stage.folder / FILE, isolation_level=None)) as connection:
        # The flow of that life keeps what no use case sealed.
        connection.execute("UPDATE eid_flows SET sealed_settings = x'' WHERE sealed_settings = ?", (EXPECTED.encode(),))
        yield connection


def test_every_column_that_says_it_is_sealed_is_opened() -> None:
    said = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if (column.comment or "").startswith("[sealed]")
    }
    assert said == opened_columns()


def test_what_the_use_cases_sealed_opens_and_a_changed_byte_in_any_column_is_found(
    lived: sqlite3.Connection, stage: Stage
) -> None:
    assert problems(lived, stage.keys) == []
    for table, column in sorted(
        opened_columns() - BESIDE_ACCOUNTS - UNDER_MERCHANTS - {("eid_flows", "sealed_settings")}
    ):
        lived.execute("BEGIN")
        shorter = f"UPDATE {table} SET {column} = substr({column}, 1, length({column}) - 1) WHERE length({column}) > 0"  # noqa: S608 - our own names
        assert lived.execute(shorter).rowcount > 0, f"the life leaves nothing in {table}.{column}"
        assert problems(lived, stage.keys), f"nobody opens {table}.{column}"
        lived.execute("ROLLBACK")


@pytest.mark.parametrize("column", sorted(UNDER_MERCHANTS))
def test_what_only_a_merchant_opens_is_looked_at(
    lived: sqlite3.Connection, stage: Stage, column: tuple[str, str]
) -> None:
    lived.execute(f"UPDATE {column[0]} SET {column[1]} = 'AA=='")  # noqa: S608 - our own names
    assert problems(lived, stage.keys) == []
    lived.execute(f"UPDATE {column[0]} SET {column[1]} = 'A='")  # noqa: S608 - our own names
    assert len(problems(lived, stage.keys)) == 1


def test_a_field_without_its_owner_is_a_problem_unless_it_outlives_the_owner_by_rule(
    lived: sqlite3.Connection, stage: Stage
) -> None:
    lived.execute("DELETE FROM holders")
    found = problems(lived, stage.keys)
    said = {problem.partition(":")[0] for problem in found if "is not there" in problem}
    outliving = {f"{table}.{column}" for (table, column), of in UNDER_OWNERS.items() if of.outlives}
    assert outliving == {"acceptances.sealed_context"}
    assert not said & outliving
    assert {"pins.sealed_hash", "ticket_messages.sealed", "guardianships.sealed_digits"} <= said


def test_a_ticket_without_an_account_keeps_its_own_key(lived: sqlite3.Connection, stage: Stage) -> None:
    lived.execute("DELETE FROM tickets WHERE holder_id IS NULL")
    assert any("ticket_messages.sealed" in problem for problem in problems(lived, stage.keys))
