"""``make bench ARGS=--console``: the console's queues and its audit with a million holders, tickets and entries.

The rows are put in by SQL, as many as asked for, and the pages are asked in one process, without a network. What is
told is the server's own time for a page, that of the entry that it leaves in the audit and its commit included.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from starlette.testclient import TestClient

from bench import subject
from bench.measure import say
from eztong.http.cookies import CONSOLE_COOKIE, new_token
from eztong.ports.act import OPERATOR
from eztong.usecases.sandbox.demo_operators import DEMO_OPERATORS, sign_in_operator_as
from eztong.wiring.asgi import build_application
from eztong.wiring.build import Built, build
from eztong.wiring.settings import read_settings

ROWS: Final = 1_000_000
LIMIT_MS: Final = 100.0
"""The most that a page may take at the median."""

TIMES: Final = 9
_WAITING: Final = 2_000
"""Applications under review among the holders, and tickets that are open: as many as a bad month leaves."""

_NUMBERS: Final = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)"
_TICKETS: Final = (
    "INSERT INTO tickets (ticket_id, number, kind, state, created_at, asked_at, due_at, is_due_provisional) "
    "SELECT printf('tkt_%026d', i), printf('%010d', i), 'question', 'open', i, i, i, 0 FROM n"
)
_ID: Final = "printf('%s_%026d', '{0}', i)"


@dataclass(frozen=True, slots=True)
class PageTime:
    """How long a page takes: the median, in milliseconds."""

    page: str
    milliseconds: float

    @property
    def is_too_long(self) -> bool:
        """Say whether that is over the limit."""
        return self.milliseconds > LIMIT_MS


def measure_console(rows: int = ROWS) -> list[PageTime]:
    """Fill a new installation with ``rows`` of each, and ask every queue and page of the audit."""
    with tempfile.TemporaryDirectory(prefix="eztong-bench-", dir=".") as folder:
        data_dir = Path(folder) / "data"
        subject.fill(data_dir, 1)
        built = build(read_settings(data_dir=data_dir))
        try:
            services = built.services
            token = new_token(entropy=services.entropy)
            services.perform(replace(OPERATOR, name=DEMO_OPERATORS[0]), sign_in_operator_as, token)
            say(f"filling in {rows:,} holders, tickets and entries of the audit ...")
            _fill(built, rows)
            return list(_ask(built, token, rows))
        finally:
            built.close()


def _fill(built: Built, rows: int) -> None:
    with closing(sqlite3.connect(built.settings.database)) as connection, connection:
        for table, key, prefix, changed in (
            ("holders", "holder_id", "hld", {"number_index": "randomblob(32)", "phone_index": "randomblob(32)"}),
            ("audit_entries", "entry_id", "aud", {"operator": "'op' || (i % 50)", "subject": "'s' || (i % 5000)"}),
        ):
            _copy(connection, table, {key: _ID.format(prefix), **changed}, rows)
        connection.execute(f"{_NUMBERS} {_TICKETS}", {"rows": rows})
        few = {"most": _WAITING}
        connection.execute(
            "UPDATE holders SET state = 'under_review' WHERE holder_id IN "
            "(SELECT holder_id FROM holders ORDER BY holder_id DESC LIMIT :most)",
            few,
        )
        connection.execute(
            "UPDATE tickets SET state = 'answered' WHERE ticket_id NOT IN "
            "(SELECT ticket_id FROM tickets ORDER BY ticket_id DESC LIMIT :most)",
            few,
        )
        connection.execute("ANALYZE")


def _copy(connection: sqlite3.Connection, table: str, changed: dict[str, str], rows: int) -> None:
    """Copy the table's one row so often, with other values where they are given."""
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changed.get(name, f"one.{name}") for name in names)
    copied = f"INSERT INTO {table} SELECT {values} FROM n, (SELECT * FROM {table} LIMIT 1) one"  # noqa: S608 - names of ours
    connection.execute(f"{_NUMBERS} {copied}", {"rows": rows})


def _ask(built: Built, token: str, rows: int) -> Iterator[PageTime]:
    client = TestClient(build_application(built), cookies={CONSOLE_COOKIE: token})
    for page in (
        "/console",
        "/console/applications",
        "/console/tickets",
        "/console/audit",
        f"/console/audit?before=aud_{rows // 2:026d}",
        "/console/audit?operator=op7",
        f"/console/audit?operator=op7&subject=s57&before=aud_{rows // 2:026d}",
    ):
        yield PageTime(page, statistics.median(_times(client, page)))


def _times(client: TestClient, page: str) -> Iterator[float]:
    for _ in range(TIMES + 1):
        started = time.perf_counter()
        client.get(page).raise_for_status()
        yield (time.perf_counter() - started) * 1000
