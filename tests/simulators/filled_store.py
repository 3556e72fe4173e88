"""A small installation with rows in every table: what people, partners and desks leave, and an invented row elsewhere.

Whatever the doors can leave in the time of a test, they left; each table that is still empty gets one row whose values
are of the right kind, written over a connection that seals rows as the service does. So a table that is new is filled
without anybody thinking of it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from http import HTTPStatus
from pathlib import Path
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, Text

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sql.tables import metadata
from eztong.adapters.storage.sqlite.connections import connect_writer
from eztong.adapters.storage.sqlite.row_seals import RowSeals
from eztong.domain.claims import Claim
from eztong.domain.deregistration.deregistration import COOLING
from eztong.domain.eid.eid_flow import FlowSettings
from eztong.domain.eid.intention import Intention, IntentionMode
from eztong.domain.holder import HolderState
from eztong.ports.keys import Keys
from eztong.usecases.sandbox.play_persona import play_registration
from tests.flows.citizen.browser import Browser, Person, Town
from tests.flows.eid.stage import Signing
from tests.simulators.due_work import execute_due_deregistrations

PAGE_BYTES = 1024
_LEAVER = Person("测一二", "110000199003080023", "19900000002")
_READ = Intention(mode=IntentionMode.READ_ALOUD, text="我自愿签署这份合同。")
# What cannot be just anything: it must open under the service's key.
_SEALED: Mapping[tuple[str, str], Callable[[Keys], bytes]] = {
    ("account_keys", "sealed_secret"): lambda keys: keys.seal(
        b"secret", nonce=bytes(12), place=("account_keys", "x-secret_id", "sealed_secret")
    ),
    ("webhook_endpoints", "sealed_secret"): lambda keys: keys.seal(
        bytes(64), nonce=bytes(12), place=("webhook_endpoints", "x-endpoint_id", "sealed_secret")
    ),
    ("webhook_endpoints", "sealed_previous"): lambda keys: keys.seal(
        bytes(64), nonce=bytes(12), place=("webhook_endpoints", "x-endpoint_id", "sealed_previous")
    ),
    ("incident_reports", "sealed_slots"): lambda keys: keys.seal(
        b"{}", nonce=bytes(12), place=("incident_reports", "x-report_id", "sealed_slots")
    ),
    ("jobs", "sealed"): lambda keys: keys.seal(b"{}", nonce=bytes(12), place=("x-kind", "x-job_id", "sealed")),
    ("inbox", "sealed"): lambda keys: keys.seal(b"{}", nonce=bytes(12), place=("inbox", "x-message_id", "sealed")),
}


_OWNERS = frozenset({"holder_id", "ward_id", "guardian_id", "elder_id"})
"""Whose sealed fields cannot be just anything, either: they are said to be an erased account's, which nothing opens."""


def make_filled_store(data_dir: Path) -> Path:
    """Fill a new installation; return its database, one file without a log."""
    _live_in(Town(data_dir))
    _sign_in(Signing(data_dir))
    database = data_dir / "eztong.db"
    keys = keys_of(data_dir)
    with closing(connect_writer(database)) as connection:
        RowSeals(keys).watch(connection)
        _remember_one(connection)
        (erased,) = connection.execute("SELECT holder_id FROM holders WHERE length(data_key) = 0").fetchone()
        for table in metadata.sorted_tables:
            if connection.execute(f"SELECT 1 FROM {table.name}").fetchone() is None:  # noqa: S608 - our own names
                _invent_row(connection, table, keys, erased)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute("VACUUM")
    return database


def keys_of(data_dir: Path) -> FileKeyring:
    """Return the keys of an installation."""
    return FileKeyring(data_dir / "keyring.json", data_dir / "root.key")


def _remember_one(connection: sqlite3.Connection) -> None:
    """Let an idempotency key stand for a verification that is there."""
    connection.execute(
        "INSERT INTO idempotency_keys SELECT partner_id, x'01', 'verifications.create', x'02', verification_id, 1 "
        "FROM verifications LIMIT 1"
    )


def _live_in(town: Town) -> None:
    _leave(town)
    browser = town.browser()
    browser.register()
    shown = browser.show_code()
    digits = next(value for value in shown.values() if value.isdigit())
    town.verify(digits)
    town.verify(digits)
    town.verify(digits, desk="front-1")
    _ask_for_help(browser)
    browser.show_code()
    for act, wants in (("approve", (Claim.MASKED_NAME, Claim.AGE_OVER_18)), ("decline", ())):
        request, _ = town.ask(*wants, grant_days=7)
        _answer(browser, request.request_id, act)
    town.ask()
    digits = next(value for value in browser.show_code().values() if value.isdigit())
    browser.get("/me/agreements/withdraw")
    browser.send("/me/agreements/withdraw")
    freeze = f"/v1/test_helpers/holders/{_holder_of(town)}/freeze"
    assert browser.client.post(freeze).status_code == HTTPStatus.OK
    town.verify(digits)
    # An operator signs in, which stands in the audit.
    assert browser.client.post("/v1/test_helpers/operators/demo-li/sessions").status_code == HTTPStatus.CREATED
    town.deliver()
    town.built.close()


def _leave(town: Town) -> None:
    """Somebody uses a code twice and leaves for good: a receipt, and what is left of a refused try."""
    browser = town.browser()
    browser.register(_LEAVER)
    digits = next(value for value in browser.show_code().values() if value.isdigit())
    town.verify(digits)
    town.verify(digits, desk="front-1")
    browser.unlock()
    browser.get("/me/deregister")
    browser.send("/me/deregister", understood="yes")
    town.pass_time(int(COOLING.total_seconds()) + 1)
    execute_due_deregistrations(services=town.services, remember=town.built.erased.add)
    assert town.accounts_in(HolderState.DEREGISTERED) == 1


def _ask_for_help(browser: Browser) -> None:
    found = re.search(r'href="(/records/(?:ver|att)_[0-9A-Z]{26})"', browser.get("/records").text)
    assert found is not None
    browser.get(f"{found[1]}/assist")
    assert browser.send(f"{found[1]}/assist", act="assist").status_code == HTTPStatus.OK


def _holder_of(town: Town) -> str:
    assert town.built.sandbox is not None
    persona = town.built.sandbox.persona("P01")
    return play_registration(persona, services=town.services).holder.holder_id


def _answer(browser: Browser, request_id: str, act: str) -> None:
    answer = browser.client.post(f"/v1/test_helpers/requests/{request_id}/{act}", json={"persona": "P01"})
    assert answer.status_code == HTTPStatus.OK, answer.text


def _sign_in(signing: Signing) -> None:
    opened = signing.open(FlowSettings(intention=_READ))
    signing.answer(opened, signing.person("P02"), confirmations=(_READ.text or "",))
    signing.person("P03")
    signing.freeze(signing.person("P02"))
    signing.built.close()


def _invent_row(connection: sqlite3.Connection, table: Table, keys: Keys, erased: str) -> None:
    values = [erased if column.name in _OWNERS else _invent(table, column, keys) for column in table.columns]
    marks = ", ".join("?" for _ in values)
    connection.execute(f"INSERT INTO {table.name} VALUES ({marks})", values)  # noqa: S608 - our own names


def _invent(table: Table, column: Column[Any], keys: Keys) -> object:
    sealed = _SEALED.get((table.name, column.name))
    if sealed is not None:
        return sealed(keys)
    if (column.comment or "").startswith("[sealed]") and column.nullable:
        return None
    if isinstance(column.type, Text):
        return f"x-{column.name}"
    return f"x-{column.name}".encode() if isinstance(column.type, LargeBinary) else 1_768_442_400_000
