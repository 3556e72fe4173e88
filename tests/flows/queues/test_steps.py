"""Each kind of work has a step of its own: what one waits for keeps no other from going on, and a stop waits for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from typing_extensions import override

from eztong.domain.guardianship.relation import RelationAnswer, RelationQuestion
from eztong.domain.holder import HolderState
from eztong.domain.identity.authority_answer import AuthorityAnswer, RegistrationStatus
from eztong.domain.identity.citizen_number import CitizenNumber
from eztong.domain.identity.real_name import RealName
from eztong.domain.notices import Topic
from eztong.ports.authority import Authority
from eztong.ports.sandbox import AuthorityFault
from eztong.usecases.sandbox.play_persona import play_registration
from eztong.wiring.background import background
from tests.flows.citizen.browser import Town
from tests.flows.queues.carrier import Carrier, write_messages

PATIENCE = 30


class Silent(Authority):
    """Says when it is asked, and answers when it may."""

    def __init__(self, real: Authority) -> None:
        self._real = real
        self.asked, self.may_answer = threading.Event(), threading.Event()

    @property
    @override
    def adapter_id(self) -> str:
        return "silent"

    @override
    def away_since(self) -> datetime | None:
        return self._real.away_since()

    @override
    def check_health(self) -> None:
        self._real.check_health()

    @override
    def status(self, *, reference: str) -> RegistrationStatus:
        return self._real.status(reference=reference)

    @override
    def revoke(self, *, reference: str) -> RegistrationStatus:
        return self._real.revoke(reference=reference)

    @override
    def relation(self, question: RelationQuestion) -> RelationAnswer:
        return self._real.relation(question)

    @override
    def match(self, *, name: RealName, number: CitizenNumber, reference: str) -> AuthorityAnswer:
        self.asked.set()
        assert self.may_answer.wait(PATIENCE)
        return self._real.match(name=name, number=number, reference=reference)


async def until(happened: Callable[[float], bool]) -> None:
    assert await asyncio.to_thread(happened, PATIENCE)


def test_while_the_authority_is_silent_messages_leave_and_a_stop_waits_for_its_answer(town: Town) -> None:
    assert town.built.sandbox is not None
    town.built.sandbox.set_fault(AuthorityFault.DOWN)
    holder_id = play_registration(town.built.sandbox.persona("S1"), services=town.services).holder.holder_id
    town.built.sandbox.set_fault(AuthorityFault.NONE)
    town.pass_time(60)
    silent, left = Silent(town.services.authority), threading.Event()
    carrier = Carrier(lambda message, _id: left.set() if message.topic is Topic.CODE_REPLAYED else None)
    built = replace(town.built, services=replace(town.services, authority=silent), notifier=carrier)

    async def serve() -> None:
        async with background(built):
            await until(silent.asked.wait)
            write_messages(town.services, Topic.CODE_REPLAYED)
            await until(left.wait)
            asyncio.get_running_loop().call_later(0.1, silent.may_answer.set)

    asyncio.run(serve())
    with town.services.store.read() as stored:
        holder = stored.holders.get(holder_id)
    assert holder is not None
    assert holder.state is HolderState.ACTIVE, "the step that was begun was finished"
