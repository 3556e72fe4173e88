"""An expired document keeps a flow from passing: its merchant reads 302, if the holder lets it know (clause 2.5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.codes.verification import Outcome
from eztong.domain.eid.eid_flow import EidCode
from eztong.domain.errors import NotFound, RequestFinished, SessionMissing, StateConflict
from eztong.domain.holder import Assurance
from eztong.domain.requests.request import Request
from eztong.domain.restrictions.mark import Cause
from eztong.ports.act import SYSTEM
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.eid.open_eid_flow import OpenedEidFlow, OpenEidFlow, open_eid_flow
from eztong.usecases.eid.tell_expired import may_tell_expired, tell_expired
from eztong.usecases.partners.register_partner import approve_scene
from tests.unit.usecases.eid.test_eid import HOTEL, PLAIN, answer, read
from tests.unit.usecases.requests.acts import ask
from tests.unit.usecases.stage import LI, Stage


@pytest.fixture
def demanding(stage: Stage) -> OpenedEidFlow:
    """A flow of a scene that asks for more than an expired document carries."""
    scene = stage.read(lambda stored: stored.partners.scene(stage.partner().partner_id, "hotel_check_in"))
    assert scene is not None
    stage.act(
        approve_scene, stage.partner().partner_id, replace(scene, scene="vault", floor=Assurance.SUBSTANTIAL), by=SYSTEM
    )
    command = OpenEidFlow(partner_id=HOTEL, merchant_id="0EZT1", scene="vault", settings=PLAIN)
    return stage.act(open_eid_flow, command)


@pytest.fixture
def flow(demanding: OpenedEidFlow) -> Request:
    """Its request."""
    return demanding.request


def tell(stage: Stage, request: Request, session: bytes = LI.session) -> Answered:
    return stage.act(tell_expired, request, session, environment="sandbox")


def test_the_merchant_reads_its_code_and_nothing_of_the_person(stage: Stage, demanding: OpenedEidFlow) -> None:
    flow = demanding.request
    stage.mark()
    assert stage.read(lambda stored: may_tell_expired(flow, stage.holder_id(), stored=stored))
    verification = tell(stage, flow).verification
    assert (verification.outcome, verification.reason) == (Outcome.NOT_PASSED, "document_expired")
    result = read(stage, demanding)
    assert (result.code, result.partner_code, len(result.flow.tries)) == (EidCode.DOCUMENT_EXPIRED, "", 1)
    with pytest.raises((RequestFinished, StateConflict)):
        tell(stage, flow)


def test_an_approval_that_came_too_late_has_the_same_code(stage: Stage, demanding: OpenedEidFlow) -> None:
    stage.mark()
    answer(stage, demanding)
    assert read(stage, demanding).code is EidCode.DOCUMENT_EXPIRED


@pytest.mark.parametrize("cause", sorted(set(Cause) - {Cause.DOCUMENT_EXPIRED}))
def test_no_other_mark_is_told(stage: Stage, flow: Request, cause: Cause) -> None:
    stage.mark(cause=cause)
    assert not stage.read(lambda stored: may_tell_expired(flow, stage.holder_id(), stored=stored))
    with pytest.raises(StateConflict):
        tell(stage, flow)


def test_what_could_pass_and_what_is_no_flow_is_not_told(stage: Stage, flow: Request) -> None:
    assert not stage.read(lambda stored: may_tell_expired(flow, stage.holder_id(), stored=stored))
    with pytest.raises(StateConflict):
        tell(stage, flow)
    with pytest.raises(SessionMissing):
        tell(stage, flow, b"nobody")
    with pytest.raises(NotFound):
        tell(stage, ask(stage))
