"""``make bench ARGS=--console``: the console's queues and its audit with a million holders, tickets and entries.

The rows are put in by SQL, as many as asked for, and the pages are asked in one process, without a network. What is
told is the server's own time for a page, that of the entry that it leaves in the audit and its commit included.
"""

from __future__ import annotations

import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from httpx import Response
from starlette.testclient import TestClient

from bench import subject
from bench.failing import CannotMeasure
from bench.measure import say
from eztong.http.cookies import CONSOLE_COOKIE, new_token
from eztong.ports.act import OPERATOR
from eztong.usecases.own_data.reveal_identity import OwnIdentity, open_identity
from eztong.usecases.sandbox.demo_operators import DEMO_OPERATORS, sign_in_operator_as
from eztong.wiring.asgi import build_application
from eztong.wiring.build import Built, build
from eztong.wiring.settings import read_settings

ROWS: Final = 1_000_000
LIMIT_MS: Final = 100.0
"""The most that a page may take at the median."""

TIMES: Final = 20
_WAITING: Final = 2_000
"""Applications under review among the holders, half of them with a day: as many as a bad month leaves."""

_MANY: Final = 100_000
"""Guardianships, cases and proposals: a queue of them that nobody ever worked off."""

_NUMBERS: Final = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)"
_TICKETS: Final = (
    "INSERT INTO tickets (ticket_id, number, kind, state, created_at, asked_at, due_at, is_due_provisional) "
    "SELECT printf('tkt_%026d', i), printf('%010d', i), iif(i % 10, 'question', 'correction'), 'open', i, i, "
    # A day's end is due for thousands at once, so that a page begins in the midst of one.
    "1767196800000 + (i % 90) * 86400000, 0 FROM n"
)
_STEPS: Final = (
    "INSERT INTO application_steps (holder_id, step_id, kind, rules, at, due_at, is_due_provisional, sealed_words) "
    "SELECT holder_id, 'stp_' || substr(holder_id, 5), 'appeal', 'R14', 1, 1767196800000 + created_at % 90, 0, x'00' "
    "FROM holders WHERE state = 'under_review' AND holder_id > (SELECT holder_id FROM holders "
    "WHERE state = 'under_review' ORDER BY holder_id DESC LIMIT 1 OFFSET 1000)"
)
_GUARDIANSHIPS: Final = (
    "INSERT INTO guardianships (guardianship_id, ward_id, guardian_id, state, relation, asked_at, declared_at) "
    "SELECT printf('gdn_%026d', i), :holder, :holder, 'declared', 'mother', i, i / 100 FROM n"
)
_CASES: Final = (
    "INSERT INTO cases (case_id, number, holder_id, reason, state, opened_by, opened_at, due_at, is_due_provisional) "
    "SELECT printf('cas_%026d', i), printf('%010d', i), :holder, 'fraud', 'open', 'li', i, i / 100, 0 FROM n"
)
_PROPOSALS: Final = (
    "INSERT INTO proposals (proposal_id, kind, subject, reason, proposed_by, proposed_at, until, state) "
    "SELECT printf('prp_%026d', i), 'certificate', 'csr_' || i, 'r', 'li', i, :until, 'open' FROM n"
)
_ID: Final = "printf('%s_%026d', '{0}', i)"


@dataclass(frozen=True, slots=True)
class PageTime:
    """How long a page takes in milliseconds: at the median, and at most but for one of a hundred."""

    page: str
    milliseconds: float
    nearly_all: float
    processor: float
    """What processor time one takes at the median, that of asking included: so it is told from a busy machine."""

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
            say("filled")
            return list(_ask(built, token, rows))
        finally:
            built.close()


def _fill(built: Built, rows: int) -> None:
    with closing(sqlite3.connect(built.settings.database_file)) as connection, connection:
        connection.execute("PRAGMA cache_size = -500000")
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
        connection.execute(_STEPS)
        holder = connection.execute("SELECT holder_id FROM persons").fetchone()[0]
        given = {"rows": min(rows, _MANY), "holder": holder, "until": 2**42}
        for statement in (_GUARDIANSHIPS, _CASES, _PROPOSALS):
            connection.execute(f"{_NUMBERS} {statement}", given)


def _copy(connection: sqlite3.Connection, table: str, changed: dict[str, str], rows: int) -> None:
    """Copy the table's one row so often, with other values where they are given."""
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changed.get(name, f"one.{name}") for name in names)
    copied = f"INSERT INTO {table} SELECT {values} FROM n, (SELECT * FROM {table} LIMIT 1) one"  # noqa: S608 - names of ours
    connection.execute(f"{_NUMBERS} {copied}", {"rows": rows})


def _ask(built: Built, token: str, rows: int) -> Iterator[PageTime]:
    client = TestClient(build_application(built), cookies={CONSOLE_COOKIE: token})
    half = 1767196800000 + 45 * 86400000
    middle = f"{rows // 2:026d}"
    for page in (
        "/console",
        "/console/applications",
        f"/console/applications?after={10**14 + 1}-hld_{rows - 500:026d}",
        "/console/tickets",
        f"/console/tickets?after={half}-tkt_{middle}",
        "/console/tickets?about=correction",
        f"/console/tickets?about=correction&after={half}-tkt_{middle}",
        "/console/guardianships",
        "/console/cases",
        f"/console/cases?after={_MANY // 200}-cas_{_MANY // 2:026d}",
        "/console/proposals",
        f"/console/proposals?before=prp_{_MANY // 2:026d}",
        "/console/partners",
        "/console/audit",
        f"/console/audit?before=aud_{middle}",
        "/console/audit?operator=op7",
        f"/console/audit?operator=op7&subject=s57&before=aud_{middle}",
    ):
        yield _timed(page, lambda page=page: client.get(page))  # type: ignore[misc]  # bound at once
    csrf = re.findall(r'name="csrf" value="([^"]+)"', client.get("/console/find").text)[0]
    own = _somebody(built)
    # Whose page is asked now is no guardian of a hundred thousand.
    with closing(sqlite3.connect(built.settings.database_file)) as connection, connection:
        connection.execute("DELETE FROM guardianships")
        connection.execute("DELETE FROM cases")
    for what, typed in (("ticket", f"{rows // 2:010d}"), ("phone", own.phone), ("number", own.number)):
        form = {"csrf": csrf, "find": typed}
        yield _timed(f"/console/find ({what})", lambda form=form: client.post("/console/find", data=form))  # type: ignore[misc]  # bound at once


def _somebody(built: Built) -> OwnIdentity:
    with closing(sqlite3.connect(built.settings.database_file)) as connection:
        holder_id = connection.execute("SELECT holder_id FROM persons").fetchone()[0]
    with built.services.store.read() as stored:
        holder = stored.holders.get(holder_id)
    if holder is None:
        raise CannotMeasure("the one citizen who was registered is gone")
    return open_identity(holder, keys=built.services.keys)


def tell(pages: Sequence[PageTime], *, rows: int) -> str:
    """Return the figures as a table for the page of benchmarks."""
    head = (
        f"{rows:,} holders, {rows:,} open tickets and {rows:,} entries of the audit; {_WAITING:,} applications under "
        f"review; {min(rows, _MANY):,} each of guardianships, cases and proposals that wait. Each page {TIMES} times."
    )
    lines = [f"| `{one.page}` | {one.processor:.1f} | {one.milliseconds:.1f} | {one.nearly_all:.1f} |" for one in pages]
    return "\n".join([head, "", "| Page | processor, ms | median, ms | p99, ms |", "|---|---:|---:|---:|", *lines])


def _timed(page: str, ask: Callable[[], Response]) -> PageTime:
    both = list(_times(ask))
    times, processor = [one for one, _ in both], [one for _, one in both]
    found = PageTime(
        page, statistics.median(times), statistics.quantiles(times, n=100)[-1], statistics.median(processor)
    )
    say(f"{found.processor:7.1f} {found.milliseconds:7.1f} {found.nearly_all:7.1f} ms  {page}")
    return found


def _times(ask: Callable[[], Response]) -> Iterator[tuple[float, float]]:
    ask().raise_for_status()
    for _ in range(TIMES):
        started, used = time.perf_counter(), time.process_time()
        ask().raise_for_status()
        yield (time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000
