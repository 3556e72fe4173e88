"""A merchant of a demo partner, and people who answer it, over the use cases of the built service."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path

from eztong.adapters.notifier.inbox import VisibleInboxWarning
from eztong.domain.codes.verification import Verification
from eztong.domain.eid.eid_flow import EidCode, FlowSettings
from eztong.domain.eid.live_person import LivePersonFinding
from eztong.domain.holder import FreezeCause
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.requests.request import RequestState
from eztong.ports import act
from eztong.ports.services import Services
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.eid.answer_eid_flow import AnswerEidFlow, answer_eid_flow
from eztong.usecases.eid.open_eid_flow import OpenedEidFlow, OpenEidFlow, open_eid_flow
from eztong.usecases.eid.read_eid_flow import EidResult, read_eid_result, read_eid_status
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.requests.answer_request import AnswerRequest
from eztong.usecases.requests.open_request import start_request
from eztong.usecases.sandbox.play_persona import act_as, play_registration
from eztong.wiring.build import build
from eztong.wiring.settings import Settings

PARTNER = PartnerId("esign")
SCENE = "contract_signing"
MERCHANT = "0NSJ0000000000000001"
LIVE = (LivePersonFinding(provider="device_unlock", code=EidCode.PASSED),)


def findings(*codes: EidCode) -> tuple[LivePersonFinding, ...]:
    """Return one look for each code."""
    return tuple(LivePersonFinding(provider="simulated_face", code=code) for code in codes)


@dataclass
class Signing:
    """The built service with an e-contract platform on it."""

    folder: Path
    services: Services = field(init=False)

    def __post_init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", VisibleInboxWarning)
            self.built = build(Settings(data_dir=self.folder))
        self.services = self.built.services

    def pass_time(self, seconds: int) -> None:
        """Move the clock."""
        assert self.built.sandbox is not None
        self.built.sandbox.advance_clock(seconds)

    def person(self, key: str) -> HolderId:
        """Register a persona."""
        assert self.built.sandbox is not None
        return play_registration(self.built.sandbox.persona(key), services=self.services).holder.holder_id

    def freeze(self, holder_id: HolderId) -> None:
        """Freeze an account as its holder would."""
        services = self.services
        command = FreezeHolder(holder_id=holder_id, cause=FreezeCause.SELF, channel="test")
        services.perform(act.HOLDER, freeze_holder, command)

    def open(self, settings: FlowSettings | None = None, *, merchant_id: str = MERCHANT) -> OpenedEidFlow:
        """Open a flow."""
        services = self.services
        command = OpenEidFlow(
            partner_id=PARTNER, merchant_id=merchant_id, scene=SCENE, settings=settings or FlowSettings()
        )
        return services.perform(act.PARTNER, open_eid_flow, command)

    def start(self, opened: OpenedEidFlow) -> None:
        """Open the link."""
        self.services.perform(act.HOLDER, start_request, opened.request)

    def answer(
        self,
        opened: OpenedEidFlow,
        holder_id: HolderId,
        *,
        approve: bool = True,
        looks: tuple[LivePersonFinding, ...] = LIVE,
        confirmations: tuple[str, ...] = (),
        release: bool = False,
    ) -> Verification:
        """Answer as a holder."""

        def record(within: act.Act) -> Answered:
            answer = AnswerRequest(
                request=opened.request,
                session_hash=act_as(within, holder_id),
                approve=approve,
                allowed=opened.request.claims,
                match_number=None,
                environment="sandbox",
            )
            command = AnswerEidFlow(
                answer=answer, findings=looks, confirmations=confirmations, release_identity=release
            )
            return answer_eid_flow(within, command)

        return self.services.perform(act.HOLDER, record).verification

    def status(self, opened: OpenedEidFlow, *, partner: PartnerId = PARTNER) -> RequestState:
        """Poll."""
        with self.services.store.read() as stored:
            return read_eid_status(
                opened.flow.eid_token, partner_id=partner, stored=stored, now=self.services.clock.now()
            )

    def result(self, opened: OpenedEidFlow, *, partner: PartnerId = PARTNER) -> EidResult:
        """Fetch the result."""
        services = self.services
        with services.store.read() as stored:
            return read_eid_result(
                opened.flow.eid_token, partner_id=partner, stored=stored, keys=services.keys, now=services.clock.now()
            )
