"""An act of a holder takes an account and its bound device, and says so before anything dear is done or written.

An application has a session too: whoever ticks two boxes gets one. It switches, freezes, answers and unlocks nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from eztong.domain.access.device import DeviceState
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.errors import DeviceNotBound, EztongError, HolderNotActive, Locked, OtpWrong, SessionMissing
from eztong.domain.holder import FreezeReason
from eztong.domain.identifiers import DeviceId, GrantId, PartnerId
from eztong.domain.requests.request import Request
from eztong.domain.working_days import WorkCalendar
from eztong.usecases.access.add_passkey import add_passkey
from eztong.usecases.access.challenge_passkey import PasskeyAnswer, offer_new_passkey, offer_unlock
from eztong.usecases.access.end_access import (
    end_other_sessions,
    end_session,
    remove_passkey,
    rename_passkey,
    unbind_device,
)
from eztong.usecases.access.set_pin import SetPin, set_pin
from eztong.usecases.access.sign_in import SignInByPin, sign_in_by_pin
from eztong.usecases.access.unlock import UnlockByPin, unlock_by_pin
from eztong.usecases.access.unlock_by_passkey import unlock_by_passkey
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration, ask_deregistration
from eztong.usecases.deregistration.undo_deregistration import undo_from_session
from eztong.usecases.desks.open_desk_request import open_desk_request
from eztong.usecases.eid.answer_eid_flow import AnswerEidFlow, answer_any_request
from eztong.usecases.freezing.freeze_from_session import freeze_from_session
from eztong.usecases.grants.switch_partner import SwitchPartner, switch_partner
from eztong.usecases.grants.withdraw_grant import withdraw_grant
from eztong.usecases.own_data.export_data import permit_export
from eztong.usecases.own_data.reveal_identity import reveal_identity
from eztong.usecases.records.refuse_and_report import refuse_and_report
from eztong.usecases.records.report_not_me import ReportNotMe, report_not_me
from eztong.usecases.recovery.recover_account import RecoverAccount, recover_account
from eztong.usecases.registration.accept_agreements import accept_agreements
from eztong.usecases.requests.open_request import begin_answering
from eztong.usecases.requests.set_request_aside import set_aside, take_up
from tests.unit.usecases.access.ways import (
    OPENING,
    PIN,
    ask_sign_in,
    claim,
    give_pin,
    newest_digits,
    typed,
    wrong,
)
from tests.unit.usecases.requests.acts import approving, ask
from tests.unit.usecases.stage import LI, ZHAO, Stage, accepting, confirm

HOTEL: Final = PartnerId("hotel")


Acting = Callable[[Stage, bytes, Request], object]


def answered(stage: Stage, session: bytes, request: Request, *, approve: bool) -> object:
    answer = approving(request, approve=approve, session_hash=session)
    return stage.act(answer_any_request, AnswerEidFlow(answer=answer, findings=()))


def refused_and_reported(stage: Stage, session: bytes, request: Request) -> object:
    answer = approving(request, approve=False, session_hash=session)
    return stage.act(refuse_and_report, AnswerEidFlow(answer=answer, findings=()), calendar=WorkCalendar())


def reported(stage: Stage, session: bytes, *, freeze: bool) -> object:
    command = ReportNotMe(session_hash=session, record_id="any", freeze=freeze, note="")
    return stage.act(report_not_me, command, calendar=WorkCalendar())


def switched(stage: Stage, session: bytes, *, on: bool) -> object:
    return stage.act(switch_partner, SwitchPartner(session_hash=session, partner_id=HOTEL, on=on))


def by_junk(session: bytes, purpose: PasskeyPurpose) -> PasskeyAnswer:
    return PasskeyAnswer(session_hash=session, purpose=purpose, response="{}")


def deregistered(stage: Stage, own: bytes) -> object:
    command = AskDeregistration(session_hash=own, secret="0" * 16, understood=True)
    return stage.act(ask_deregistration, command, calendar=WorkCalendar())


ACTS: Final[dict[str, Acting]] = {
    "show a code": lambda stage, own, _: stage.act(issue_code, IssueCode(session_hash=own)),
    "look at a request": lambda stage, own, asked: stage.act(begin_answering, asked, own),
    "agree": lambda stage, own, asked: answered(stage, own, asked, approve=True),
    "refuse": lambda stage, own, asked: answered(stage, own, asked, approve=False),
    "refuse and report": refused_and_reported,
    "set aside": lambda stage, own, asked: stage.act(set_aside, asked, own),
    "take up": lambda stage, own, asked: stage.act(take_up, asked, own),
    "open a desk's request": lambda stage, own, _: stage.act(open_desk_request, "any", own),
    "report": lambda stage, own, _: reported(stage, own, freeze=False),
    "report and freeze": lambda stage, own, _: reported(stage, own, freeze=True),
    "freeze": lambda stage, own, _: stage.act(freeze_from_session, own, FreezeReason.PAUSE),
    "switch off": lambda stage, own, _: switched(stage, own, on=False),
    "switch on": lambda stage, own, _: switched(stage, own, on=True),
    "withdraw a grant": lambda stage, own, _: stage.act(withdraw_grant, own, GrantId("any")),
    "deregister": lambda stage, own, _: deregistered(stage, own),
    "stay": lambda stage, own, _: stage.act(undo_from_session, own),
    "reveal": lambda stage, own, _: stage.act(reveal_identity, own),
    "export": lambda stage, own, _: stage.act(permit_export, own),
    "end a session": lambda stage, own, _: stage.act(end_session, own, "any"),
    "end the others": lambda stage, own, _: stage.act(end_other_sessions, own),
    "unbind": lambda stage, own, _: stage.act(unbind_device, own, DeviceId("any")),
    "rename a passkey": lambda stage, own, _: stage.act(rename_passkey, own, b"any", "label"),
    "remove a passkey": lambda stage, own, _: stage.act(remove_passkey, own, b"any"),
    "set a PIN": lambda stage, own, _: stage.act(set_pin, SetPin(session_hash=own, pin=PIN, again=PIN)),
    "unlock by PIN": lambda stage, own, _: stage.act(unlock_by_pin, UnlockByPin(session_hash=own, pin=PIN)),
    "ask for a new passkey": lambda stage, own, _: stage.act(offer_new_passkey, own),
    "add a passkey": lambda stage, own, _: stage.act(add_passkey, by_junk(own, PasskeyPurpose.REGISTER), label="any"),
    "ask to unlock by passkey": lambda stage, own, _: stage.act(offer_unlock, own),
    "unlock by passkey": lambda stage, own, _: stage.act(unlock_by_passkey, by_junk(own, PasskeyPurpose.UNLOCK)),
}


def nobody(_stage: Stage) -> bytes:
    return b"nobody"


def an_application(stage: Stage) -> bytes:
    stage.act(accept_agreements, accepting(stage, ZHAO.session))
    return ZHAO.session


def an_application_with_a_phone(stage: Stage) -> bytes:
    stage.act(accept_agreements, accepting(stage, ZHAO.session))
    confirm(stage, ZHAO)
    return ZHAO.session


def an_account_without_its_device(stage: Stage) -> bytes:
    device = stage.device()
    stage.write(lambda uow: uow.devices.set_state(device.holder_id, device.device_id, DeviceState.LOST))
    return LI.session


WHO: Final[dict[Callable[[Stage], bytes], type[EztongError]]] = {
    nobody: SessionMissing,
    an_application: HolderNotActive,
    an_application_with_a_phone: HolderNotActive,
    an_account_without_its_device: DeviceNotBound,
}


def dear(stage: Stage) -> tuple[int, int, int]:
    """Return how often something dear was begun: a turn to hash, a passkey's answer, a question to the authority."""
    return stage.hasher.turns, stage.passkeys.read, len(stage.authority.asked)


@pytest.mark.parametrize("who", WHO, ids=lambda who: who.__name__)
def test_who_may_not_act_hears_the_same_everywhere_and_leaves_nothing(
    stage: Stage, who: Callable[[Stage], bytes]
) -> None:
    session, request = who(stage), ask(stage)
    before, begun = stage.rows(), dear(stage)
    heard = {}
    for name, act in ACTS.items():
        try:
            act(stage, session, request)
        except EztongError as error:
            heard[name] = type(error)
        assert (stage.rows(), dear(stage)) == (before, begun), name
    assert heard == dict.fromkeys(ACTS, WHO[who])


def test_who_must_unlock_first_has_nothing_hashed_or_verified(stage: Stage) -> None:
    give_pin(stage)
    stage.lock()
    begun = dear(stage)
    for name in ("set a PIN", "ask for a new passkey", "add a passkey"):
        with pytest.raises(Locked):
            ACTS[name](stage, LI.session, ask(stage))
    assert dear(stage) == begun


def test_only_who_has_the_message_gets_a_turn_to_hash(stage: Stage) -> None:
    give_pin(stage)
    ask_sign_in(stage)
    slip = typed(stage, OtpPurpose.SIGN_IN, digits=wrong(newest_digits(stage)))
    begun = dear(stage)
    with pytest.raises(OtpWrong):
        stage.act(sign_in_by_pin, SignInByPin(opening=OPENING, code=slip, pin=PIN, last_four=""))
    claim(stage, OtpPurpose.RECOVER)
    slip = typed(stage, OtpPurpose.RECOVER, digits=wrong(newest_digits(stage)))
    with pytest.raises(OtpWrong):
        stage.act(recover_account, RecoverAccount(opening=OPENING, code=slip, pin=PIN))
    assert dear(stage) == begun


def test_a_switch_that_stands_so_already_is_not_moved_again(stage: Stage) -> None:
    switched(stage, LI.session, on=False)
    before = stage.rows()
    for _ in range(3):
        switched(stage, LI.session, on=False)
    assert stage.rows() == before
    assert [one.detail for one in stage.events()] == ["partner=hotel on=False"]
