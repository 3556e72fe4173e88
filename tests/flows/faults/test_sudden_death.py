"""The service is killed or stopped in the middle of load: what was acknowledged stays, and no code serves twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.faults.load import SCENE, Load, passed_rows, prepare
from tests.simulators.batches import check
from tests.simulators.evidence import check_independently, proof_of, published
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Service, running

PEOPLE = 130


def check_acknowledged(service: Service, load: Load) -> None:
    """Every acknowledged verification is there, word for word, with a proof that holds."""
    keys = published(service)
    hotel = service.partners["hotel"]
    for answered in load.acknowledged.values():
        read = hotel.get(f"/v1/verifications/{answered['id']}")
        assert read.status_code == 200, "an acknowledged verification is gone"
        assert read.json() == answered
        proof = hotel.get(f"/v1/verifications/{answered['id']}/proof").content
        assert check(proof, keys).document == answered["result"]
        assert check(proof_of(answered), keys).document == answered["result"]


@pytest.mark.timeout(120)
def test_killed_in_the_middle_of_load_it_keeps_every_acknowledged_verification_and_consumes_no_code_twice(
    tmp_path: Path,
) -> None:
    with running(tmp_path / "data") as service:
        load = Load(prepare(service, PEOPLE))
        load.run(service.partners["hotel"], service.kill)
    assert len(load.acknowledged) >= load.threshold
    assert load.lost, "it was killed in the middle"
    with running(tmp_path / "data") as again:
        hotel = again.partners["hotel"]
        before = passed_rows(again)
        assert {answer["id"] for answer in load.acknowledged.values()} <= set(before.values())
        check_acknowledged(again, load)
        for attempt in {attempt.code: attempt for attempt in load.lost}.values():
            # The answer was lost. With its key the same one comes, or the first; at no desk a used code is a replay.
            answered = expect_outcome(
                hotel.verify(attempt.code, SCENE, desk="front-1", idempotency_key=attempt.key), "passed"
            )
            assert load.acknowledged.setdefault(attempt.code, answered) == answered
            expect_problem(hotel.verify(attempt.code, SCENE), 409, "code_already_used")
        after = passed_rows(again)
        assert before.items() <= after.items()
        assert len(after) == PEOPLE
        check_acknowledged(again, load)
        some = next(iter(load.acknowledged.values()))
        done = check_independently(proof_of(some), published(again), tmp_path)
        assert done.returncode == 0, done.stdout
        assert again.run("db", "check").returncode == 0


@pytest.mark.timeout(120)
def test_stopped_in_the_middle_of_load_it_ends_well_and_keeps_every_acknowledged_write(tmp_path: Path) -> None:
    with running(tmp_path / "data") as service:
        load = Load(prepare(service, PEOPLE))
        load.run(service.partners["hotel"], service.process.terminate)
        assert service.process.wait(20) == 0
        assert "Traceback" not in service.log.read_text()
    assert len(load.acknowledged) >= load.threshold
    with running(tmp_path / "data") as again:
        kept = passed_rows(again)
        assert {answer["id"] for answer in load.acknowledged.values()} <= set(kept.values())
        check_acknowledged(again, load)
        assert set(load.refused) <= {"unavailable"}, "who came too late was told to come again"
