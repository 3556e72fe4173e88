"""What an eid flow adds to a request's page: the intention to confirm, and the switch for name and number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from eztong.citizen.visit import Visit
from eztong.domain.eid.eid_flow import may_release
from eztong.domain.requests.request import Request
from eztong.i18n.moments import moment_words
from eztong.ports.services import Services
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.find_session import find_session
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.eid.answer_eid_flow import AnswerEidFlow, answer_eid_flow, is_guarded
from eztong.usecases.eid.open_eid_flow import open_settings
from eztong.usecases.requests.answer_request import AnswerRequest, answer_request

_MAX_STEPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class EidParts:
    """What the page shows beyond an ordinary request; ``merchant`` is empty if it is not registered any more."""

    merchant: str
    started: str
    mode: str
    steps: tuple[str, ...]
    can_release: bool


def eid_parts(visit: Visit, request: Request) -> EidParts | None:
    """Return what an eid flow adds to the page, or None for an ordinary request."""
    with visit.services.store.read() as stored:
        flow = stored.eid_flows.of_request(request.request_id)
        if flow is None:
            return None
        merchant = stored.merchants.get(flow.merchant_id)
        guarded = is_guarded(flow, stored=stored)
    settings = open_settings(flow, keys=visit.services.keys)
    intention = settings.intention
    return EidParts(
        merchant="" if merchant is None else merchant.name,
        started=moment_words(flow.created_at, now=visit.now, words=visit.words),
        mode="" if intention is None else intention.mode.value,
        steps=() if intention is None else intention.steps,
        can_release=may_release(settings, guarded=guarded),
    )


def record_answer(
    command: AnswerRequest, *, form: Mapping[str, str], services: Services, uow: UnitOfWork, now: datetime
) -> Answered:
    """Record the answer of an eid flow or of an ordinary request, whichever it is.

    Raises:
        IntentionNotConfirmed: the intention's steps were not confirmed as they stand.
    """
    flow = uow.eid_flows.of_request(command.request.request_id)
    if flow is None:
        return answer_request(command, uow=uow, keys=services.keys, entropy=services.entropy, now=now)
    unlocked_until = find_session(command.session_hash, stored=uow, now=now).session.unlocked_until
    findings = [services.live_person.look(unlocked_until=unlocked_until, now=now)] if command.approve else []
    answer = AnswerEidFlow(
        answer=command,
        findings=findings,
        confirmations=_confirmations(form),
        release_identity=form.get("release") == "yes",
    )
    return answer_eid_flow(answer, uow=uow, keys=services.keys, entropy=services.entropy, now=now)


def _confirmations(form: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(form[name] for name in (f"step_{number}" for number in range(_MAX_STEPS)) if name in form)
