"""Many who act for the same unregistered person at once end up with one account, and none hears «not passed»."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from eztong.domain.errors import EztongError
from eztong.domain.holder import HolderState
from eztong.ports.sandbox import AuthorityFault
from eztong.usecases.sandbox.play_persona import play_account, play_registration
from tests.flows.citizen.browser import Town
from tests.simulators.problems import expect_problem
from tests.simulators.service import Service, running

AT_ONCE = 80
THREADS = 16


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("at-once") / "data") as started:
        yield started


def opened(service: Service) -> str:
    """Open a request of the hotel; return its id."""
    answer = service.partners["hotel"].post("/v1/requests", {"scene": "hotel_check_in"})
    answer.raise_for_status()
    return str(answer.json()["id"])


@pytest.mark.timeout(180)
def test_parallel_approvals_as_one_unregistered_person_all_pass(service: Service) -> None:
    requests = [opened(service) for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(threads.map(lambda request: service.answer(request, "approve", "S500"), requests))
    assert Counter((answer.status_code, answer.json().get("outcome")) for answer in answers) == {
        (200, "passed"): AT_ONCE
    }
    assert service.rows("SELECT state, count(*) FROM holders GROUP BY state") == [("active", 1)]


def test_parallel_registrations_of_one_person_make_one_account_and_leave_no_draft(town: Town) -> None:
    assert town.built.sandbox is not None
    persona = town.built.sandbox.persona("S7")
    with ThreadPoolExecutor(THREADS) as threads:
        played = list(threads.map(lambda _: play_registration(persona, services=town.services), range(40)))
    assert {(p.holder.holder_id, p.holder.state) for p in played} == {(played[0].holder.holder_id, HolderState.ACTIVE)}
    assert sum(p.is_new for p in played) == 1
    assert town.accounts() == 1


@pytest.mark.parametrize("fault", [AuthorityFault.DOWN, AuthorityFault.PENDING])
def test_an_application_that_is_not_decided_is_no_account_to_act_as(town: Town, fault: AuthorityFault) -> None:
    assert town.built.sandbox is not None
    town.built.sandbox.set_fault(fault)
    persona = town.built.sandbox.persona("S8")
    for _ in range(2):
        with pytest.raises(EztongError) as refused:
            play_account(persona, services=town.services)
        assert (refused.value.code, refused.value.retry_after) == ("unavailable", 30)
    assert town.accounts_in(HolderState.APPLIED) == town.accounts() == 1


def test_approving_while_the_authority_is_away_is_told_to_come_again_and_passes_then(tmp_path: Path) -> None:
    with running(tmp_path / "data") as service:
        request = opened(service)
        service.fault("down")
        refused = service.answer(request, "approve", "S9")
        expect_problem(refused, 503, "unavailable")
        assert int(refused.headers["retry-after"]) > 0
        service.fault("none")
        service.wait_for(lambda: service.holder("S9")["state"] == "active", advance=10)
        assert service.answer(request, "approve", "S9").json()["outcome"] == "passed"
