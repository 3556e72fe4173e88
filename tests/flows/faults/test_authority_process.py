"""The authority as a process of its own goes down and comes back: applications wait, and are decided once each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.simulators.problems import expect_outcome
from tests.simulators.service import free_port, run_cli, running

SCENE = "hotel_check_in"
WAITING = "SELECT count(*) FROM jobs WHERE kind = 'registrations' AND ended_at IS NULL"


@contextmanager
def authority(folder: Path, port: int, client: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the authority with its own data folder until the block ends."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EZTONG_")}  # noqa: TID251 - a child's environment is ours to give
    with (folder.parent / f"authority-{time.monotonic_ns()}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "eztong", "authority", "serve", "--port", str(port), "--client", client],
            env=clean | {"EZTONG_DATA_DIR": str(folder)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 30
        while not is_well(port):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        assert process.wait(20) == 0


def is_well(port: int) -> bool:
    """Say whether the authority answers."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=1, trust_env=False).is_success
    except httpx.HTTPError:
        return False


@pytest.mark.timeout(120)
def test_applications_wait_while_the_authority_is_away_and_are_decided_once_when_it_is_back(tmp_path: Path) -> None:
    service_dir, authority_dir = tmp_path / "data", tmp_path / "authority"
    assert run_cli("keys", "init", data_dir=service_dir).returncode == 0
    client = run_cli("keys", "client", data_dir=service_dir).stdout.strip()
    pin = json.loads(run_cli("authority", "keys", "--json", data_dir=authority_dir).stdout)
    port = free_port()
    settings = {
        "authority_url": f"http://127.0.0.1:{port}",
        "authority_signing_key": pin["signing"]["spki"],
        "authority_encryption_key": pin["encryption"]["spki"],
    }
    with running(service_dir, **settings) as service:
        hotel = service.partners["hotel"]
        with authority(authority_dir, port, client):
            first = service.holder("P01")
            assert first["state"] == "active"
            refused = service.holder("P03")
            assert (refused["state"], refused["reason"]) == ("refused", "name_number_mismatch")
        waiting = {name: service.holder(name) for name in ("P02", "P06", "P04")}
        assert {holder["state"] for holder in waiting.values()} == {"applied"}
        expect_outcome(hotel.verify(service.code(first["id"])["qr"], SCENE), "passed")
        with authority(authority_dir, port, client):
            service.wait_for(lambda: service.rows(WAITING) == [(0,)], advance=120)
            found = {name: service.holder(name)["state"] for name in waiting}
            assert found == {"P02": "active", "P06": "restricted", "P04": "refused"}
        decided = service.rows("SELECT holder_id FROM holder_events WHERE kind LIKE 'registration_%'")
        assert len(decided) == len(set(decided)) == 5, "each application is decided once"
        log = service.log.read_text()
        assert "Traceback" not in log


@pytest.mark.timeout(120)
def test_an_authority_with_another_key_is_not_believed(tmp_path: Path) -> None:
    service_dir, true_dir, false_dir = tmp_path / "data", tmp_path / "authority", tmp_path / "impostor"
    assert run_cli("keys", "init", data_dir=service_dir).returncode == 0
    client = run_cli("keys", "client", data_dir=service_dir).stdout.strip()
    pin = json.loads(run_cli("authority", "keys", "--json", data_dir=true_dir).stdout)
    impostor = json.loads(run_cli("authority", "keys", "--json", data_dir=false_dir).stdout)
    port = free_port()
    settings = {
        "authority_url": f"http://127.0.0.1:{port}",
        "authority_signing_key": pin["signing"]["spki"],
        "authority_encryption_key": impostor["encryption"]["spki"],
    }
    with (
        running(service_dir, with_partners=False, **settings) as service,
        authority(false_dir, port, client),
    ):
        assert service.holder("P03")["state"] == "applied", "neither a false match nor a false refusal is believed"
