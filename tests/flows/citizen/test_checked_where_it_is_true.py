"""Session, device and unlock are checked in the unit of work that acts, not on the page before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

import pytest

from eztong.domain.access.device import DeviceState
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.errors import DeviceNotBound, EztongError, Locked, SessionMissing
from eztong.domain.identifiers import PartnerId
from eztong.ports.storage.records import Session
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.find_session import hash_session
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from eztong.usecases.grants.switch_partner import SwitchPartner, switch_partner
from eztong.usecases.requests.answer_request import AnswerRequest, answer_request
from tests.flows.citizen.browser import Browser, Town

Act = Callable[[bytes, UnitOfWork, Town], None]


def show_code(session_hash: bytes, uow: UnitOfWork, town: Town) -> None:
    services = town.services
    issue_code(
        IssueCode(session_hash=session_hash),
        uow=uow,
        keys=services.keys,
        entropy=services.entropy,
        now=services.clock.now(),
    )


def agree(session_hash: bytes, uow: UnitOfWork, town: Town) -> None:
    services = town.services
    (request,) = uow.requests.list(PartnerId("hotel"), before=None, limit=1)
    command = AnswerRequest(
        request=request,
        session_hash=session_hash,
        approve=True,
        allowed=frozenset(),
        match_number=request.match_number,
        environment="sandbox",
    )
    answer_request(command, uow=uow, keys=services.keys, entropy=services.entropy, now=services.clock.now())


def switch_on(session_hash: bytes, uow: UnitOfWork, town: Town) -> None:
    command = SwitchPartner(session_hash=session_hash, partner_id=PartnerId("hotel"), on=True)
    switch_partner(command, uow=uow, entropy=town.services.entropy, now=town.services.clock.now())


ACTS: Final[dict[str, Act]] = {"show a code": show_code, "agree": agree, "switch on": switch_on}


def sign_out(session: Session, uow: UnitOfWork) -> None:
    uow.sessions.update(replace(session, revoked_at=session.created_at))


def lock(session: Session, uow: UnitOfWork) -> None:
    uow.sessions.update(replace(session, unlocked_until=session.created_at))


def unlocked_too_long_ago(session: Session, uow: UnitOfWork) -> None:
    assert session.unlocked_until is not None
    uow.sessions.update(replace(session, unlocked_until=session.unlocked_until - UNLOCK_LIFE - timedelta(minutes=1)))


def lose_device(session: Session, uow: UnitOfWork) -> None:
    assert session.holder_id is not None
    assert session.device_id is not None
    uow.devices.set_state(session.holder_id, session.device_id, DeviceState.LOST)


ENDS: Final[dict[str, tuple[Callable[[Session, UnitOfWork], None], type[EztongError]]]] = {
    "signed out": (sign_out, SessionMissing),
    "locked": (lock, Locked),
    "unlocked too long ago": (unlocked_too_long_ago, Locked),
    "device lost": (lose_device, DeviceNotBound),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_ended_after_the_page_was_shown_ends_the_act(act: str, browser: Browser, town: Town) -> None:
    browser.register()
    town.ask()
    token = browser.client.cookies["ezt_session"]
    session_hash = hash_session(token, keys=town.services.keys)

    def job(end: Callable[[Session, UnitOfWork], None], uow: UnitOfWork) -> None:
        session = uow.sessions.get(session_hash)
        assert session is not None
        end(session, uow)
        ACTS[act](session_hash, uow, town)

    for end, error in ENDS.values():
        with pytest.raises(error):
            town.services.store.write(partial(job, end))
    town.services.store.write(lambda uow: ACTS[act](session_hash, uow, town))
