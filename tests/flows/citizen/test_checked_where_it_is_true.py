"""Session, device and unlock are checked in the unit of work that acts, not on the page before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from eztong.domain.access.device import DeviceState
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.errors import DeviceNotBound, EztongError, Locked, SessionMissing
from eztong.domain.identifiers import PartnerId
from eztong.domain.requests.request import Request
from eztong.ports.act import HOLDER, Act
from eztong.ports.storage.access.sessions import Session
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.find_session import hash_session
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from eztong.usecases.grants.switch_partner import SwitchPartner, switch_partner
from eztong.usecases.requests.answer_request import AnswerRequest, answer_request
from eztong.usecases.requests.open_request import begin_answering
from tests.flows.citizen.browser import Browser, Town


def show_code(act: Act, session_hash: bytes) -> None:
    issue_code(act, IssueCode(session_hash=session_hash))


def only_request(act: Act) -> Request:
    (request,) = act.uow.requests.list(PartnerId("hotel"), before=None, limit=1)
    return request


def agree(act: Act, session_hash: bytes) -> None:
    request = only_request(act)
    command = AnswerRequest(
        request=request,
        session_hash=session_hash,
        approve=True,
        allowed=frozenset(),
        match_number=request.match_number,
        environment="sandbox",
    )
    answer_request(act, command)


def look_at(act: Act, session_hash: bytes) -> None:
    begin_answering(act, only_request(act), session_hash)


def switch_on(act: Act, session_hash: bytes) -> None:
    switch_partner(act, SwitchPartner(session_hash=session_hash, partner_id=PartnerId("hotel"), on=True))


ACTS: Final[dict[str, Callable[[Act, bytes], None]]] = {
    "show a code": show_code,
    "look at a request": look_at,
    "agree": agree,
    "switch on": switch_on,
}


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


@pytest.mark.parametrize("name", ACTS)
def test_what_ended_after_the_page_was_shown_ends_the_act(name: str, browser: Browser, town: Town) -> None:
    browser.register()
    town.ask()
    token = browser.client.cookies["ezt_session"]
    session_hash = hash_session(token, keys=town.services.keys)

    def end_and(act: Act, end: Callable[[Session, UnitOfWork], None]) -> None:
        session = act.uow.sessions.get(session_hash)
        assert session is not None
        end(session, act.uow)
        ACTS[name](act, session_hash)

    for end, error in ENDS.values():
        with pytest.raises(error):
            town.services.perform(HOLDER, end_and, end)
    town.services.perform(HOLDER, ACTS[name], session_hash)
