"""What an eid flow adds to a request's page: the intention to confirm, and the switch for name and number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eztong.citizen.visit import Visit
from eztong.domain.eid.eid_flow import may_release
from eztong.domain.eid.live_person import LivePersonFinding
from eztong.domain.requests.request import Request
from eztong.i18n.moments import moment_words
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.eid.answer_eid_flow import AnswerEidFlow, is_guarded
from eztong.usecases.eid.open_eid_flow import open_settings
from eztong.usecases.requests.answer_request import AnswerRequest

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


def with_eid_parts(visit: Visit, answer: AnswerRequest) -> AnswerEidFlow:
    """Return the answer with what an eid flow takes beyond an ordinary request, for whichever it is.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: an eid flow's approval takes a look at the live person,
            who has to unlock first.
    """
    return AnswerEidFlow(
        answer=answer,
        findings=_looks(visit, answer.request) if answer.approve else (),
        confirmations=_confirmations(visit.form),
        release_identity=visit.form.get("release") == "yes",
    )


def _looks(visit: Visit, request: Request) -> Sequence[LivePersonFinding]:
    # A look may take its time, so it comes before the act, which asks for the unlock itself.
    with visit.services.store.read() as stored:
        if stored.eid_flows.of_request(request.request_id) is None:
            return ()
        session = find_unlocked(visit.session_hash, stored=stored, now=visit.now).session
    return [visit.services.live_person.look(unlocked_until=session.unlocked_until, now=visit.now)]


def _confirmations(form: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(form[name] for name in (f"step_{number}" for number in range(_MAX_STEPS)) if name in form)
