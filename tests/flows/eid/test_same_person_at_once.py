"""Flows that one unregistered person answers at the same moment all pass."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from eztong.domain.codes.verification import Outcome
from eztong.usecases.sandbox.play_persona import play_account
from tests.flows.eid.stage import Signing

AT_ONCE = 20


def test_parallel_answers_as_one_unregistered_person_all_pass(signing: Signing) -> None:
    assert signing.built.sandbox is not None
    persona = signing.built.sandbox.persona("S500")
    flows = [signing.open() for _ in range(AT_ONCE)]
    for flow in flows:
        signing.start(flow)

    def answer(number: int) -> Outcome:
        account = play_account(persona, services=signing.services)
        return signing.answer(flows[number], account.holder_id).outcome

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert set(threads.map(answer, range(AT_ONCE))) == {Outcome.PASSED}
