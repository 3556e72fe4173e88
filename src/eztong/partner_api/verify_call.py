"""One call of ``POST /v1/verifications``, without any framework: header values and body in, JSON out."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.claims import Claim
from eztong.domain.errors import CodeUnknown
from eztong.domain.partners.partner import Scope
from eztong.http.committing import commit
from eztong.http.limits import check_replays
from eztong.http.presented_codes import count_refusal, parse_genuine
from eztong.partner_api.answers import render_committed
from eztong.partner_api.context import idempotency_of, recognise
from eztong.partner_api.schemas import VerificationBody
from eztong.ports.act import PARTNER
from eztong.ports.limiter import Limit
from eztong.ports.services import Services
from eztong.ports.storage.store import Committed
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.codes.verify_code import VerifyCode, needs_of, verify_seen
from eztong.usecases.partners.authenticate_partner import SeenKey
from eztong.usecases.refusal import Refused

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

    async def answer(self, call: VerifyCall) -> bytes:
        """Authenticate the partner, verify the code, and return the answer once it is durable.

        Raises:
            EztongError, ValidationError: for http.problems to translate.
        """
        services = self.services
        seen = recognise(call.authorization, client=call.client, services=services)
        caller = seen.caller
        caller.require(Scope.VERIFY)
        services.limiter.hit(self.limit, caller.partner.partner_id)
        body: VerificationBody = _validate(call.body)
        command = VerifyCode(
            caller=caller,
            presented=parse_genuine(body.code, caller=caller, desk=body.desk, services=services),
            scene=body.scene,
            desk=body.desk,
            wants=frozenset(body.wants) | {Claim.IS_PERSON},
            environment=services.deployment.mode.value,
            idempotency=idempotency_of(
                call.idempotency_key, body=call.body, operation="verifications", keys=services.keys
            ),
        )
        check_replays(command, services=services)
        committed = await _verify(command, seen, services=services)
        if committed.value.leaf is not None:
            services.observer.verification(committed.value.verification.outcome.value)
        return render_committed(committed, services=services)


async def _verify(command: VerifyCode, seen: SeenKey, *, services: Services) -> Committed[Answered]:
    job = services.job(PARTNER, verify_seen, command, seen)
    try:
        committed = await commit(services.store, job, needs=needs_of(command, keys=services.keys))
    except CodeUnknown as why:
        count_refusal(command, why, services=services)
        raise
    value = committed.value
    if isinstance(value, Refused):
        count_refusal(command, value.error, services=services)
        raise value.error
    return Committed(value, committed.batch)
