"""Who sees an application again, by a message code and four characters, objects and answers, and does nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from eztong.domain.codes.presentation_code import Channel
from eztong.domain.errors import DeviceNotBound, EztongError, HolderNotActive, HolderNotUsable, StateConflict
from eztong.domain.guardianship.relation import Relation
from eztong.domain.holder import FreezeReason, Holder, HolderState
from eztong.domain.identity.phone import parse_phone
from eztong.domain.registration import NotAppliedHere, StepKind
from eztong.ports.storage.access.sessions import Session
from eztong.usecases.access.set_pin import SetPin, set_pin
from eztong.usecases.agreements.withdraw_authorisation import withdraw_authorisation
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration, ask_deregistration
from eztong.usecases.feedback.find_ticket import TicketProof, find_ticket
from eztong.usecases.freezing.freeze_from_session import freeze_from_session
from eztong.usecases.guardianship.invite_guardian import InviteGuardian, invite_guardian
from eztong.usecases.own_data.reveal_identity import reveal_identity
from eztong.usecases.registration.accept_agreements import accept_agreements
from eztong.usecases.registration.confirm_phone import AskForOtp, send_registration_otp
from eztong.usecases.registration.register_identity import register_identity
from eztong.usecases.registration.withdraw_application import WithdrawApplication, withdraw_application
from eztong.usecases.restrictions.pause_use import pause_use
from tests.unit.usecases.deregistration.leaving import CALENDAR
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.registration.applying import command
from tests.unit.usecases.registration.test_more_asked import answer, asked, withdraw
from tests.unit.usecases.registration.test_reviewed_by_people import (
    FRESH,
    appeal,
    ask,
    refused,
    review,
    see,
    under_review,
)
from tests.unit.usecases.stage import ZHAO, Stage, accepting, asker

Act = Callable[[Stage], object]

REFUSED: dict[str, tuple[Act, type[EztongError]]] = {
    "withdraw": (
        lambda stage: stage.act(withdraw_application, WithdrawApplication(session_hash=FRESH, understood=True)),
        NotAppliedHere,
    ),
    "agree": (lambda stage: stage.act(accept_agreements, accepting(stage, FRESH)), DeviceNotBound),
    "apply": (
        lambda stage: register_identity(replace(command(), session_hash=FRESH), services=stage.services),
        DeviceNotBound,
    ),
    "another phone": (
        lambda stage: stage.act(
            send_registration_otp,
            AskForOtp(asker=asker(FRESH), phone=parse_phone("13900000009"), language="zh-CN"),
        ),
        StateConflict,
    ),
    "invite": (
        lambda stage: stage.act(invite_guardian, InviteGuardian(session_hash=FRESH, relation=Relation.PARENT)),
        DeviceNotBound,
    ),
    "PIN": (
        lambda stage: set_pin(SetPin(session_hash=FRESH, pin="135790", again="135790"), services=stage.services),
        HolderNotUsable,
    ),
    "code": (
        lambda stage: stage.act(issue_code, IssueCode(session_hash=FRESH, channel=Channel.SCREEN)),
        HolderNotUsable,
    ),
    "freeze": (lambda stage: stage.act(freeze_from_session, FRESH, FreezeReason.PAUSE), HolderNotActive),
    "pause": (lambda stage: stage.act(pause_use, FRESH), HolderNotActive),
    "withdraw consent": (lambda stage: stage.act(withdraw_authorisation, FRESH), HolderNotActive),
    "leave": (
        lambda stage: stage.act(
            ask_deregistration,
            AskDeregistration(session_hash=FRESH, secret="7" * 16, understood=True),
            calendar=CALENDAR,
        ),
        HolderNotActive,
    ),
    "reveal": (lambda stage: stage.act(reveal_identity, FRESH), HolderNotActive),
    "tickets": (
        lambda stage: stage.act(find_ticket, TicketProof(number="1", secret=None, session_hash=FRESH)),
        HolderNotActive,
    ),
}
"""What such a session is refused, and why."""


def seen(stage: Stage, put: Callable[[Stage], Holder]) -> Holder:
    """Let Zhao's application be seen from another browser."""
    holder = put(stage)
    ask(stage)
    assert isinstance(see(stage), Session)
    return holder


@pytest.mark.parametrize("put", [under_review, asked])
@pytest.mark.parametrize(("act", "why"), REFUSED.values(), ids=REFUSED)
def test_whoever_only_sees_it_ends_and_binds_nothing(
    stage: Stage, put: Callable[[Stage], Holder], act: Act, why: type[EztongError]
) -> None:
    holder = seen(stage, put)
    with pytest.raises(why):
        act(stage)
    assert stage.holder(ZHAO) == holder


def test_it_objects_and_answers(stage: Stage) -> None:
    seen(stage, refused)
    appeal(stage, session=FRESH)
    review(stage, stage.holder(ZHAO), StepKind.SUPPLEMENT, operator(stage, "wu"), "?")
    answer(stage, session=FRESH)
    assert stage.holder(ZHAO).state is HolderState.UNDER_REVIEW


def test_the_browser_that_applied_still_withdraws(stage: Stage) -> None:
    seen(stage, under_review)
    withdraw(stage)
    assert stage.holder(ZHAO).reason == "withdrawn"


def test_nor_does_it_act_for_the_account_that_comes_of_it(stage: Stage) -> None:
    holder = seen(stage, under_review)
    review(stage, holder, StepKind.APPROVE, operator(stage, "wu"))
    for name in ("agree", "PIN", "code", "freeze", "pause", "withdraw consent", "leave", "reveal", "tickets"):
        with pytest.raises(DeviceNotBound):
            REFUSED[name][0](stage)
    assert stage.holder(ZHAO).state is HolderState.ACTIVE
