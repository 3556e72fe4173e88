"""The server under test: filled with synthetic citizens, pinned to one core, spoken to over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench import load
from bench.cores import cores, start
from bench.failing import CannotMeasure
from bench.tencent_flows import Account
from eztong.adapters.notifier.inbox import VisibleInboxWarning
from eztong.http.logs import configure_logs
from eztong.usecases.sandbox.play_persona import play_many
from eztong.wiring.background import background
from eztong.wiring.build import Built, build
from eztong.wiring.settings import read_settings

SCENE = "hotel_check_in"
ISSUE_CONNECTIONS = 32
CHUNK = 250
_READY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Subject:
    """A running server."""

    port: int
    pid: int
    key: str
    data_dir: Path
    accounts: tuple[Account, ...]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Return when the server answers anything.

    Raises:
        CannotMeasure: it did not within a minute.
    """
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise CannotMeasure("the server did not start within a minute")


def fill(data_dir: Path, holders: int) -> None:
    """Register synthetic citizens until there are ``holders``, with all that registering does.

    Their messages are delivered, too: what is left over would be done beside what is measured, and count as its cost.
    """
    configure_logs("error", stream=sys.stderr)
    warnings.simplefilter("ignore", VisibleInboxWarning)
    built = build(read_settings(data_dir=data_dir))
    if built.sandbox is None:
        raise RuntimeError("only a sandbox can be filled")
    try:
        for first in range(len(holder_ids(data_dir, limit=holders)), holders, CHUNK):
            people = [built.sandbox.persona(f"S{index}") for index in range(first, min(first + CHUNK, holders))]
            play_many(people, services=built.services)
            print(f"\r  {first + len(people):,} of {holders:,} holders", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        asyncio.run(_finish_jobs(built))
    finally:
        built.close()


async def _finish_jobs(built: Built) -> None:
    async with background(built):
        while _waiting_jobs(built):  # noqa: ASYNC110 - no store tells when a queue is empty
            await asyncio.sleep(0.1)


def _waiting_jobs(built: Built) -> int:
    with built.services.store.read() as stored:
        return sum(stored.jobs.depths().values())


@contextmanager
def serving(data_dir: Path) -> Iterator[Subject]:
    """Serve ``data_dir`` on the server's core; the log goes to a file, as it would in production."""
    port = free_port()
    environment = _environment(data_dir) | {"EZTONG_PORT": str(port)}
    with (data_dir.parent / "server.log").open("wb") as log:
        process = start(["-m", "eztong", "serve"], core=cores()[0], env=environment, stdout=log, stderr=log)
    try:
        try:
            wait_for(port)
        except CannotMeasure as problem:
            raise CannotMeasure(f"{problem}; the end of its log: {_end(data_dir.parent / 'server.log')}") from problem
        partners = _credentials(environment)
        accounts = tuple(
            Account(secret_id=p["secret_id"], secret_key=p["secret_key"], merchant_id=p["merchant_id"])
            for p in partners.values()
        )
        yield Subject(port, process.pid, partners["hotel"]["api_key"], data_dir, accounts)
    finally:
        process.terminate()
        process.wait(60)


def _end(log: Path) -> str:
    return "\n".join(log.read_text("utf-8").splitlines()[-3:])


def api_key(data_dir: Path) -> str:
    """Return a fresh API key of the hotel, for an installation that nobody serves yet."""
    return str(_credentials(_environment(data_dir))["hotel"]["api_key"])


def _credentials(environment: dict[str, str]) -> dict[str, dict[str, str]]:
    printed = subprocess.run(
        [sys.executable, "-m", "eztong", "sandbox", "credentials", "--json"],
        env=environment,
        capture_output=True,
        check=True,
    )
    partners: dict[str, dict[str, str]] = json.loads(printed.stdout)["partners"]
    return partners


def holder_ids(data_dir: Path, *, limit: int, offset: int = 0) -> list[str]:
    """Return ids of active holders."""
    query = "SELECT holder_id FROM holders WHERE state = 'active' ORDER BY holder_id LIMIT ? OFFSET ?"
    with closing(sqlite3.connect(f"file:{data_dir / 'eztong.db'}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute(query, (limit, offset))]


def issue_codes(subject: Subject, holders: Sequence[str]) -> tuple[load.Result, list[str]]:
    """Issue one code to each holder over HTTP; return the measurement and the QR payloads."""
    calls = [
        load.prepare(subject.port, f"/v1/test_helpers/holders/{holder}/codes", b"{}", expect=b'"qr":"01')
        for holder in holders
    ]
    result = load.run(subject.port, calls, connections=ISSUE_CONNECTIONS, keep=True)
    return result, [json.loads(body)["qr"] for body in result.bodies]


def verify(subject: Subject, codes: list[str], *, connections: int) -> load.Result:
    """Verify each code once over HTTP, with an idempotency key, as a careful partner does."""
    calls = [
        load.prepare(
            subject.port,
            "/v1/verifications",
            json.dumps({"code": code, "scene": SCENE, "desk": "front-1"}).encode(),
            expect=b'"outcome":"passed"',
            key=subject.key,
            idempotency=code[15:44],
        )
        for code in codes
    ]
    return load.run(subject.port, calls, connections=connections)


def register(subject: Subject, *, first: int, count: int, connections: int) -> load.Result:
    """Register synthetic citizens one by one over HTTP, each with an authority call and a commit of its own."""
    calls = [
        load.prepare(
            subject.port,
            "/v1/test_helpers/holders",
            json.dumps({"persona": f"S{first + index}"}).encode(),
            expect=b'"state":"active"',
        )
        for index in range(count)
    ]
    return load.run(subject.port, calls, connections=connections)


def _environment(data_dir: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EZTONG_")}
    return clean | {"EZTONG_DATA_DIR": str(data_dir)}
