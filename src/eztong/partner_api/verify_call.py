"""One call of ``POST /v1/verifications``, without any framework: header values and body in, JSON out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from eztong.domain.claims import PERSON_ALONE
from eztong.domain.errors import CodeUnknown
from eztong.domain.partners.partner import Scope
from eztong.http.committing import commit_then
from eztong.http.direct.route import Outcome
from eztong.http.direct.whole_request import WholeRequest
from eztong.http.limits import check_replays, own_limit
from eztong.http.presented_codes import count_refusal, parse_genuine
from eztong.partner_api.answers import render_answered
from eztong.partner_api.context import idempotency_of, recognise
from eztong.partner_api.schemas import VerificationBody
from eztong.ports.act import PARTNER
from eztong.ports.limiter import Limit
from eztong.ports.services import Services
from eztong.ports.storage.store import Committed
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.codes.verify_code import VerifyCode, handles_of, needs_of, verify_seen
from eztong.usecases.partners.authenticate_partner import SeenKey
from eztong.usecases.refusal import Refused

_Told = Committed[Answered | Refused] | Exception
_validate = VerificationBody.__pydantic_validator__.validate_json


class VerifyCall(msgspec.Struct, frozen=True, kw_only=True):
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

    async def answer(self, call: VerifyCall) -> bytes:
        """Authenticate the partner, verify the code, and return the answer once it is durable.

        Raises:
            EztongError, ValidationError: for http.problems to translate.
        """
        waiter: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def tell(outcome: Outcome) -> None:
            if waiter.cancelled():
                return
            if isinstance(outcome, Exception):
                waiter.set_exception(outcome)
            else:
                waiter.set_result(outcome)

        self.begin(call, tell)
        return await waiter

    def begin(self, call: VerifyCall, tell: Callable[[Outcome], None]) -> None:
        """The same for a caller on the event loop that does not wait: it is told once, now or later."""
        try:
            now = self.services.clock.now()
            command, seen = self._command(call, now)
            self._verify(command, seen, now, tell)
        except Exception as error:  # noqa: BLE001 - whatever failed is told
            tell(error)

    def answer_request(self, request: WholeRequest, client: str, tell: Callable[[Outcome], None]) -> None:
        """Answer a request that came directly."""
        self.begin(
            VerifyCall(
                authorization=request.text(b"authorization") or "",
                idempotency_key=request.text(b"idempotency-key"),
                client=client,
                body=request.body,
            ),
            tell,
        )

    def _command(self, call: VerifyCall, now: datetime) -> tuple[VerifyCode, SeenKey]:
        services = self.services
        seen = recognise(call.authorization, client=call.client, now=now, services=services)
        caller = seen.caller
        caller.require(Scope.VERIFY)
        services.limiter.hit(own_limit(self.limit, caller.partner), caller.partner.partner_id, now=now)
        body: VerificationBody = _validate(call.body)
        presented = parse_genuine(body.code, caller=caller, desk=body.desk, now=now, services=services)
        command = VerifyCode(
            caller=caller,
            presented=presented,
            handles=handles_of(presented, keys=services.keys),
            scene=body.scene,
            desk=body.desk,
            wants=PERSON_ALONE if PERSON_ALONE.issuperset(body.wants) else PERSON_ALONE.union(body.wants),
            environment=services.deployment.mode,
            idempotency=idempotency_of(
                call.idempotency_key, body=call.body, operation="verifications", keys=services.keys
            ),
        )
        check_replays(command, now=now, services=services)
        return command, seen

    def _verify(self, command: VerifyCode, seen: SeenKey, now: datetime, tell: Callable[[Outcome], None]) -> None:
        services = self.services
        job = services.job_of(now, PARTNER, verify_seen, command, seen)

        def then(told: _Told) -> None:
            outcome: Outcome
            try:
                outcome = _answer_of(told, command, services=services)
            except Exception as error:  # noqa: BLE001 - whatever failed is told
                outcome = error
            tell(outcome)

        commit_then(services.store, job, then, needs=needs_of(command))


def _answer_of(told: _Told, command: VerifyCode, *, services: Services) -> bytes:
    if isinstance(told, CodeUnknown):
        count_refusal(command, told, services=services)
    if isinstance(told, Exception):
        raise told
    answered = told.value
    if isinstance(answered, Refused):
        count_refusal(command, answered.error, services=services)
        raise answered.error
    if answered.leaf is not None:
        services.observer.verification(answered.verification.outcome)
    return render_answered(answered, told.batch, services=services)
