"""One call of ``POST /v1/verifications``, without any framework: header values and body in, JSON out."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.claims import Claim
from eztong.domain.errors import CodeForged, CodeUnknown, DeskUnknown
from eztong.domain.partner import Caller, Scope
from eztong.domain.presentation_code import PresentedCode, parse_presented
from eztong.http.committing import commit
from eztong.http.limits import check_budget, spend_budget
from eztong.http.metrics import Metrics
from eztong.partner_api.answers import render_committed
from eztong.partner_api.context import authenticate, idempotency_of
from eztong.partner_api.schemas import VerificationBody
from eztong.ports.limiter import Limit
from eztong.ports.services import Services
from eztong.ports.storage import Committed, UnitOfWork
from eztong.usecases.conclude_verification import Answered
from eztong.usecases.refusal import Refused
from eztong.usecases.verify_code import VerifyCode, check_genuine, verify_code

_validate = VerificationBody.__pydantic_validator__.validate_json


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyCall:
    """What the call came with, unverified."""

    authorization: str
    idempotency_key: str | None
    client: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """Answers calls for one deployment."""

    services: Services
    limit: Limit
    metrics: Metrics

    async def answer(self, call: VerifyCall) -> bytes:
        """Authenticate the partner, verify the code, and return the answer once it is durable.

        Raises:
            EztongError, ValidationError: for http.problems to translate.
        """
        services = self.services
        caller = authenticate(call.authorization, client=call.client, services=services)
        caller.require(Scope.VERIFY)
        services.limiter.hit(self.limit, caller.partner.partner_id)
        body: VerificationBody = _validate(call.body)
        command = VerifyCode(
            caller=caller,
            presented=_genuine(caller, body, services=services),
            scene=body.scene,
            desk=body.desk,
            wants=frozenset(body.wants) | {Claim.IS_PERSON},
            environment=services.deployment.mode.value,
            idempotency=idempotency_of(
                call.idempotency_key, body=call.body, operation="verifications", keys=services.keys
            ),
        )
        committed = await _verify(command, services=services)
        services.observer.verification(committed.value.verification.outcome.value)
        return render_committed(committed, services=services)


def _genuine(caller: Caller, body: VerificationBody, *, services: Services) -> PresentedCode:
    presented = parse_presented(body.code)
    check_budget(services.limiter, caller, body.desk)
    try:
        check_genuine(presented, keys=services.keys, now=services.clock.now())
    except CodeForged:
        _spend(caller, body.desk, services=services)
        raise
    return presented


def _spend(caller: Caller, desk: str | None, *, services: Services) -> None:
    # An invented desk name must not open a fresh budget, nor push others out of the counter.
    if desk is not None:
        with services.store.read() as stored:
            if not stored.partners.has_desk(caller.partner.partner_id, desk):
                raise DeskUnknown
    spend_budget(services.limiter, caller, desk)


async def _verify(command: VerifyCode, *, services: Services) -> Committed[Answered]:
    keys, entropy, clock = services.keys, services.entropy, services.clock

    def job(uow: UnitOfWork) -> Answered | Refused:
        return verify_code(command, uow=uow, keys=keys, entropy=entropy, now=clock.now())

    try:
        committed = await commit(services.store, job)
    except CodeUnknown:
        _spend(command.caller, command.desk, services=services)
        raise
    value = committed.value
    if isinstance(value, Refused):
        raise value.error
    return Committed(value, committed.batch)
