"""The server dies or is stopped under load: what was acknowledged is there, and no code served twice."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx

from eztong.domain.proof import parse_published_keys, verify_proof
from tests.simulators.service import Service, running

SCENE = "hotel_check_in"
PEOPLE = 60
THREADS = 8


def codes_of(service: Service, people: int) -> list[str]:
    """Show a code for each of so many synthetic citizens."""

    def one(index: int) -> str:
        holder = service.holder(f"S{index}")
        return str(service.code(holder["id"], "spoken")["number"])

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(people)))


class Load:
    """Threads that verify codes until the server is gone, and remember every acknowledged answer."""

    def __init__(self, service: Service, codes: list[str]) -> None:
        self.acknowledged: dict[str, str] = {}
        self.enough = threading.Event()
        self._service = service
        self._codes = iter(codes)
        self._gate = threading.Lock()
        self._threads = [threading.Thread(target=self._run) for _ in range(THREADS)]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(30)

    def _run(self) -> None:
        key = self._service.partners["hotel"].api_key
        with httpx.Client(base_url=self._service.url, timeout=10, trust_env=False) as http:
            while (code := self._next()) is not None:
                try:
                    answer = http.post(
                        "/v1/verifications",
                        json={"code": code, "scene": SCENE},
                        headers={"authorization": f"Bearer {key}"},
                    )
                except httpx.TransportError:
                    return
                if answer.status_code == httpx.codes.OK:
                    with self._gate:
                        self.acknowledged[answer.json()["id"]] = code
                        if len(self.acknowledged) >= PEOPLE // 3:
                            self.enough.set()

    def _next(self) -> str | None:
        with self._gate:
            return next(self._codes, None)


def check_nothing_was_lost(data_dir: Path, acknowledged: dict[str, str]) -> None:
    """Restart on the same data and look for every acknowledged verification."""
    with running(data_dir) as service:
        keys = parse_published_keys(service.http.get("/.well-known/eztong-keys.json").content)
        hotel = service.partners["hotel"]
        for verification_id in acknowledged:
            proof = verify_proof(hotel.get(f"/v1/verifications/{verification_id}/proof").content, keys=keys)
            assert proof.document["outcome"] == "passed"
        for code in acknowledged.values():
            assert hotel.verify(code, SCENE).json()["code"] == "code_already_used"
    with closing(sqlite3.connect(data_dir / "eztong.db")) as database:
        used_twice = database.execute(
            "SELECT code_id FROM verifications WHERE outcome = 'passed' GROUP BY code_id HAVING count(*) > 1"
        ).fetchall()
    assert used_twice == []


def test_killed_in_the_middle_of_load_it_keeps_every_acknowledged_verification(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with running(data_dir) as service:
        load = Load(service, codes_of(service, PEOPLE))
        assert load.enough.wait(30)
        service.kill()
        load.join()
    assert len(load.acknowledged) >= PEOPLE // 3
    check_nothing_was_lost(data_dir, load.acknowledged)


def test_asked_to_stop_in_the_middle_of_load_it_finishes_what_it_accepted_and_exits_cleanly(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with running(data_dir) as service:
        load = Load(service, codes_of(service, PEOPLE))
        assert load.enough.wait(30)
        service.process.terminate()
        assert service.process.wait(30) == 0
        load.join()
    check_nothing_was_lost(data_dir, load.acknowledged)
