"""The real service for tests: the program itself in a process of its own, spoken to over HTTP.

One sandbox for many tests keeps them quick; what needs a fresh one starts its own. A fresh data folder is a copy of
one that ``eztong sandbox credentials`` made once, so its API keys are known without asking again.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg

from tests.at_end import AT_END
from tests.simulators.processes import prefork

START_SECONDS = 30.0
WAIT_SECONDS = 30.0
OPERATORS = "operators"
"""Under this name the demo operators' secret is kept beside the partners' keys."""
_issued: dict[Path, dict[str, str]] = {}


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Partner:
    """A demo partner with a fresh key."""

    partner_id: str
    api_key: str
    http: httpx.Client

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        """POST JSON as this partner; underscores in header names stand for dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post(path, json=body, headers={"authorization": f"Bearer {self.api_key}", **named})

    def get(self, path: str) -> httpx.Response:
        """GET as this partner."""
        return self.http.get(path, headers={"authorization": f"Bearer {self.api_key}"})

    def verify(self, code: str, scene: str, *wants: str, desk: str | None = None, **headers: str) -> httpx.Response:
        """Present a code."""
        body: dict[str, Any] = {"code": code, "scene": scene}
        if wants:
            body["wants"] = list(wants)
        if desk is not None:
            body["desk"] = desk
        return self.post("/v1/verifications", body, **headers)


@dataclass
class Service:
    """A running sandbox."""

    url: str
    data_dir: Path
    log: Path
    process: prefork.Child
    http: httpx.Client
    partners: dict[str, Partner] = field(default_factory=dict)
    to_close: list[httpx.Client] = field(default_factory=list)
    people: Iterator[int] = field(default_factory=itertools.count)
    server: str = ""
    """The address of the database, where it is not a file."""

    @property
    def database(self) -> Path:
        """The database file."""
        return self.data_dir / "eztong.db"

    def register(self, persona: str) -> httpx.Response:
        """Register a persona, and return the answer as it came."""
        return self.http.post("/v1/test_helpers/holders", json={"persona": persona})

    def holder(self, persona: str) -> dict[str, Any]:
        """Register a persona."""
        answer = self.register(persona)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def somebody(self) -> str:
        """Register a synthetic citizen whom no other test has seen; return the holder id."""
        return str(self.holder(f"S{next(self.people)}")["id"])

    def ask_code(self, holder_id: str, channel: str = "screen") -> httpx.Response:
        """Ask for a code, and return the answer as it came."""
        return self.http.post(f"/v1/test_helpers/holders/{holder_id}/codes", json={"channel": channel})

    def code(self, holder_id: str, channel: str = "screen") -> dict[str, Any]:
        """Show a code."""
        answer = self.ask_code(holder_id, channel)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def freeze(self, holder_id: str) -> dict[str, Any]:
        """Freeze an account as its holder would."""
        answer = self.http.post(f"/v1/test_helpers/holders/{holder_id}/freeze")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def answer(self, request_id: str, act: str, persona: str, **more: object) -> httpx.Response:
        """Approve or decline a request as a persona."""
        body = {"persona": persona} | more
        return self.http.post(f"/v1/test_helpers/requests/{request_id}/{act}", json=body)

    def fault(self, fault: str) -> None:
        """Make the authority fail, or well again with ``none``."""
        self.http.post("/v1/test_helpers/authority", json={"fault": fault}).raise_for_status()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Look into the database, without being able to change it; question marks stand for the values."""
        if self.server:
            with psycopg.connect(self.server) as connection:
                connection.read_only = True
                return connection.execute(query.replace("?", "%s").encode(), values).fetchall()
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def advance(self, seconds: int) -> None:
        """Move the clock."""
        self.http.post("/v1/test_helpers/clock", json={"advance_seconds": seconds}).raise_for_status()

    def now(self) -> datetime:
        """Return the service's time."""
        answer = self.http.post("/v1/test_helpers/clock", json={"advance_seconds": 0})
        answer.raise_for_status()
        return datetime.fromisoformat(answer.json()["now"])

    def settle(self) -> None:
        """Wait until nothing is left to deliver: whoever reads the newest message then reads no earlier one."""
        waiting = "SELECT 1 FROM jobs WHERE kind = 'outbox' AND ended_at IS NULL AND next_attempt_at <= ? LIMIT 1"
        now = int(self.now().timestamp() * 1000) + 1
        self.wait_for(lambda: not self.rows(waiting, now))

    def messages(self, topic: str, phone: str | None = None) -> list[str]:
        """Return the texts of this topic that were delivered, newest first, to one phone or to all."""
        items = self.http.get("/sandbox/inbox", params={"format": "json"}).json()
        return [item["text"] for item in items if item["topic"] == topic and phone in {None, item["phone"]}]

    def wait_for(self, condition: Callable[[], bool], *, advance: int = 0) -> None:
        """Wait until ``condition`` holds, moving the clock by ``advance`` seconds before each look.

        Raises:
            AssertionError: it does not within half a minute.
        """
        deadline = time.monotonic() + WAIT_SECONDS
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            if advance:
                self.advance(advance)
            time.sleep(0.05)

    def inbox(self) -> str:
        """Return the messages that were delivered, as JSON text."""
        return self.http.get("/sandbox/inbox", params={"format": "json"}).text

    def newest_message(self, topic: str, phone: str | None = None) -> str:
        """Wait for the message of this topic that was asked for last, to one phone or to all, and return its text."""
        self.settle()
        self.wait_for(lambda: bool(self.messages(topic, phone)))
        return self.messages(topic, phone)[0]

    def newest_otp(self, phone: str) -> str:
        """Wait for the message code that went to ``phone`` last and return its digits."""
        self.settle()
        found: list[str] = []

        def arrived() -> bool:
            items = self.http.get("/sandbox/inbox", params={"format": "json"}).json()
            found.extend(item["otp"] for item in items if item["phone"] == phone and "otp" in item)
            return bool(found)

        self.wait_for(arrived)
        return found[0]

    def logged(self, text: str) -> str:
        """Wait until ``text`` stands in the log, whose lines leave by a thread of the server's; return all of it."""
        self.wait_for(lambda: text in self.log.read_text())
        return self.log.read_text()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line against this service's data."""
        secret = self.operator_secret
        settings = {"database": self.server} if self.server else {}
        port = int(self.url.rpartition(":")[2])
        return run_cli(*arguments, data_dir=self.data_dir, port=port, secret=secret, **settings)

    @property
    def operator_secret(self) -> str | None:
        """The secret of the demo operators, if their credentials were taken."""
        return _issued.get(self.data_dir, {}).get(OPERATORS)

    def kill(self) -> None:
        """Kill without a chance to clean up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


def run_cli(
    *arguments: str, data_dir: Path, port: int | None = None, secret: str | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run ``eztong`` with these settings, as the operator whose ``secret`` it is, and return what it printed."""
    given = settings | ({"operator_secret": secret} if secret else {})
    settings_of = {f"EZTONG_{name.upper()}": value for name, value in given.items()}
    done = prefork.run(*arguments, env=_environment(data_dir, port) | settings_of)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@contextmanager
def running(
    data_dir: Path, *, with_partners: bool = True, at: str = "127.0.0.1", log: Path | None = None, **settings: str
) -> Iterator[Service]:
    """Serve ``data_dir`` until the block ends; without ``with_partners`` a new folder is really empty.

    ``at`` is where the client finds it; one with a public address is asked under that name, as a proxy would.
    ``log`` is where its lines go, if not with all that it says into a file beside the folder.
    """
    port = free_port()
    file = log or data_dir.parent / f"{data_dir.name}-{port}.log"
    server = settings.get("database", "")
    if with_partners and not server and not data_dir.exists():
        template, keys = _template()
        shutil.copytree(template, data_dir)
        data_dir.chmod(0o700)
        _issued[data_dir] = keys
    file.write_bytes(b"")
    process = prefork.start(
        "serve",
        "--port",
        str(port),
        env=_environment(data_dir, port) | {f"EZTONG_{k.upper()}": v for k, v in settings.items()},
        says=prefork.Says(Path(os.devnull) if log else file, file),
    )
    url = f"http://{at}:{port}"
    named = {"host": urlsplit(settings["public_url"]).netloc} if "public_url" in settings else {}
    with httpx.Client(base_url=url, timeout=30, trust_env=False, headers=named) as http:
        service = Service(url, data_dir, file, process, http, server=server)
        try:
            _wait_until_ready(service)
            if with_partners:
                _take_credentials(service)
            yield service
        finally:
            for client in service.to_close:
                client.close()
            if process.poll() is None:
                process.terminate()
                process.wait(30)


def _environment(data_dir: Path, port: int | None) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EZTONG_")}  # noqa: TID251 - a child's environment is ours to give
    clean["EZTONG_DATA_DIR"] = str(data_dir)
    if port is not None:
        clean["EZTONG_PORT"] = str(port)
    return clean


def _wait_until_ready(service: Service) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if service.process.poll() is not None:
            break
        try:
            if service.http.get("/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    told = service.log.read_text() if service.log.is_file() else f"its lines went to {service.log}"
    raise AssertionError(f"the service did not start:\n{told}")


def _take_credentials(service: Service) -> None:
    if service.data_dir not in _issued:
        settings = {"database": service.server} if service.server else {}
        _issued[service.data_dir] = issue_credentials(service.data_dir, **settings)
    for partner_id, api_key in _issued[service.data_dir].items():
        if partner_id == OPERATORS:
            continue
        service.partners[partner_id] = Partner(partner_id, api_key, service.http)


def issue_credentials(data_dir: Path, **settings: str) -> dict[str, str]:
    """Return a fresh API key for each demo partner, and the demo operators' secret, as the command line says."""
    printed = run_cli("sandbox", "credentials", "--json", data_dir=data_dir, port=None, secret=None, **settings)
    assert printed.returncode == 0, printed.stderr
    shown = json.loads(printed.stdout)
    keys = {entry["id"]: entry["api_key"] for entry in shown["partners"].values()}
    return keys | {OPERATORS: shown["operators"]["secret"]}


@lru_cache(maxsize=1)
def _template() -> tuple[Path, dict[str, str]]:
    folder = Path(tempfile.mkdtemp(prefix="eztong-tests-")) / "data"
    keys = issue_credentials(folder)
    AT_END.callback(shutil.rmtree, folder.parent, ignore_errors=True)
    return folder, keys
