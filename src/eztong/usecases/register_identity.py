"""Register: name and number in, the policy's decision out (clauses 2.1, 2.5, 3.2, 4.1).

The authority may take seconds, so it is asked between two units of work, never inside one. What is committed before
the question is enough to go on after a crash: the application is ``applied`` and queued.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from eztong.domain.age import age_band_on, service_date
from eztong.domain.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.citizen_number import CitizenNumber, parse_citizen_number
from eztong.domain.errors import AlreadyRegistered, HolderNotActive, Unavailable
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.message import Topic
from eztong.domain.real_name import RealName, parse_real_name
from eztong.domain.registration import (
    Applicant,
    Decision,
    Reason,
    Verdict,
    decide,
    decide_before_authority,
    state_after,
)
from eztong.ports.records import HolderEvent, Person, QueuedRegistration
from eztong.ports.services import Deployment, Services
from eztong.ports.storage import UnitOfWork
from eztong.usecases.confirm_phone import check_room_on_phone
from eztong.usecases.find_session import find_session, require_device
from eztong.usecases.naming import new_id
from eztong.usecases.vault import Vault, number_index, open_vault
from eztong.usecases.warn_holder import tell_holder

FIRST_RETRY = timedelta(seconds=30)
MAX_RETRY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterIdentity:
    """Name and number as they were typed."""

    session_hash: bytes
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class _Case:
    """An application that goes to the authority."""

    holder_id: HolderId
    name: RealName
    number: CitizenNumber


def register_identity(command: RegisterIdentity, *, services: Services) -> Holder:
    """Apply with name and number, ask the authority, decide.

    Returns:
        The account in its state after the decision; still ``applied`` if the authority must be asked again.

    Raises:
        InputInvalid: number or name cannot be right; nothing was stored.
        SessionMissing, DeviceNotBound: agreements and phone come first (clause 3.2).
        AlreadyRegistered: the person has an account; recover it instead.
        PhoneFull: the phone carries as many accounts as it may.
    """
    name = parse_real_name(command.name)
    number = _parse_number(command.number, deployment=services.deployment, now=services.clock.now())
    case = services.store.write(lambda uow: _apply(command, name, number, uow=uow, services=services)).value
    if case is not None:
        _ask_and_conclude(case, attempts=0, services=services)
    with services.store.read() as stored:
        return find_session(command.session_hash, stored=stored, now=services.clock.now()).holder


def register_at_once(
    command: RegisterIdentity, answer: AuthorityAnswer, *, uow: UnitOfWork, services: Services
) -> None:
    """Apply and conclude in one unit of work with an answer that was fetched before (for filling a sandbox)."""
    name = parse_real_name(command.name)
    number = _parse_number(command.number, deployment=services.deployment, now=services.clock.now())
    case = _apply(command, name, number, uow=uow, services=services)
    if case is not None:
        _conclude(case, answer, uow=uow, services=services)


def resume_registration(item: QueuedRegistration, *, services: Services) -> None:
    """Ask the authority again for a queued application."""
    with services.store.read() as stored:
        holder = stored.holders.get(item.holder_id)
    if holder is None or holder.state is not HolderState.APPLIED:
        services.store.write(lambda uow: uow.queues.unqueue_registration(item.holder_id))
        return
    vault = open_vault(holder, keys=services.keys)
    number = vault.open("sealed_number", holder.sealed_number or b"").decode()
    case = _Case(
        holder.holder_id,
        parse_real_name(vault.open("sealed_name", holder.sealed_name or b"").decode()),
        _parse_number(number, deployment=services.deployment, now=services.clock.now()),
    )
    _ask_and_conclude(case, attempts=item.attempts, services=services)


def resume_due_registrations(*, services: Services, limit: int = 20) -> int:
    """Resume what is due; return how many were tried."""
    now = services.clock.now()
    with services.store.read() as stored:
        due = stored.queues.due_registrations(now=now, limit=limit)
    for item in due:
        resume_registration(item, services=services)
    return len(due)


def _parse_number(text: str, *, deployment: Deployment, now: datetime) -> CitizenNumber:
    return parse_citizen_number(
        text,
        today=service_date(now),
        accept_hk_macau_taiwan=deployment.accept_hk_macau_taiwan,
        accept_foreigners=deployment.accept_foreigners,
    )


def _apply(
    command: RegisterIdentity, name: RealName, number: CitizenNumber, *, uow: UnitOfWork, services: Services
) -> _Case | None:
    now, keys, entropy = services.clock.now(), services.keys, services.entropy
    signed_in = find_session(command.session_hash, stored=uow, now=now)
    require_device(signed_in, stored=uow)
    holder = signed_in.holder
    if holder.state is HolderState.APPLIED:
        return None
    index = number_index(number.document_type.value, number.value, keys=keys)
    _check_free(index, uow=uow)
    if holder.phone_index is not None:
        check_room_on_phone(holder.phone_index, but=holder, uow=uow)
    vault = open_vault(holder, keys=keys)
    applied = replace(
        holder.moved_to(HolderState.APPLIED),
        document_type=number.document_type,
        number_index=index,
        sealed_number=vault.seal("sealed_number", number.value.encode(), entropy=entropy),
        sealed_name=vault.seal("sealed_name", name.display.encode(), entropy=entropy),
    )
    early = decide_before_authority(_applicant(index, number, uow=uow, today=service_date(now)))
    if early is not None:
        _settle(applied, early, vault=vault, answer=None, uow=uow, services=services)
        return None
    uow.holders.update(applied)
    uow.queues.queue_registration(
        QueuedRegistration(holder_id=holder.holder_id, next_attempt_at=now + FIRST_RETRY, attempts=0)
    )
    return _Case(holder.holder_id, name, number)


def _check_free(index: bytes, *, uow: UnitOfWork) -> None:
    person = uow.holders.person(index)
    if person is None or person.holder_id is None:
        return
    holder = uow.holders.get(person.holder_id)
    if holder is not None and holder.has_account:
        raise AlreadyRegistered


def _applicant(index: bytes, number: CitizenNumber, *, uow: UnitOfWork, today: date) -> Applicant:
    person = uow.holders.person(index)
    return Applicant(
        age_band=age_band_on(number.birth_date, today),
        service_ended_before=person is not None and person.service_ended,
    )


def _ask_and_conclude(case: _Case, *, attempts: int, services: Services) -> None:
    try:
        answer = services.authority.match(name=case.name, number=case.number, reference=case.holder_id)
    except Unavailable:
        _postpone(case.holder_id, attempts=attempts, services=services)
        return
    if answer.verdict is AuthorityVerdict.PENDING:
        _postpone(case.holder_id, attempts=attempts, services=services)
        return
    services.store.write(lambda uow: _conclude(case, answer, uow=uow, services=services))


def _postpone(holder_id: HolderId, *, attempts: int, services: Services) -> None:
    wait = min(FIRST_RETRY * 2**attempts, MAX_RETRY)
    item = QueuedRegistration(holder_id=holder_id, next_attempt_at=services.clock.now() + wait, attempts=attempts + 1)
    services.store.write(lambda uow: uow.queues.queue_registration(item))


def _conclude(case: _Case, answer: AuthorityAnswer, *, uow: UnitOfWork, services: Services) -> None:
    uow.queues.unqueue_registration(case.holder_id)
    holder = uow.holders.get(case.holder_id)
    if holder is None or holder.state is not HolderState.APPLIED or holder.number_index is None:
        return
    today = service_date(services.clock.now())
    applicant = _applicant(holder.number_index, case.number, uow=uow, today=today)
    decision = decide(applicant, answer, today=today)
    try:
        _check_free(holder.number_index, uow=uow)
    except AlreadyRegistered:
        decision = Decision(verdict=Verdict.REFUSE, reason=Reason.ALREADY_REGISTERED, rules=("R13",))
    vault = open_vault(holder, keys=services.keys)
    _settle(holder, decision, vault=vault, answer=answer, uow=uow, services=services)


def _settle(
    holder: Holder,
    decision: Decision,
    *,
    vault: Vault,
    answer: AuthorityAnswer | None,
    uow: UnitOfWork,
    services: Services,
) -> None:
    settled = replace(
        holder.moved_to(state_after(decision)),
        decision=decision.verdict.value,
        reason=None if decision.reason is None else decision.reason.value,
        rules=" ".join(decision.rules),
        policy_version=decision.policy_version,
        authority_reference=None if answer is None else answer.reference,
    )
    if settled.state is HolderState.APPROVED:
        settled = _activated(settled, decision, vault=vault, answer=answer, uow=uow, services=services)
    uow.holders.update(settled)
    _tell(settled, uow=uow, services=services)
    services.observer.registration(decision.verdict.value)


def _activated(
    holder: Holder,
    decision: Decision,
    *,
    vault: Vault,
    answer: AuthorityAnswer | None,
    uow: UnitOfWork,
    services: Services,
) -> Holder:
    if answer is None or answer.eid_mark is None or holder.number_index is None:
        raise HolderNotActive("An approval needs the authority's eid mark.")
    person = uow.holders.person(holder.number_index)
    generation = 1 if person is None else person.generation
    uow.holders.save_person(
        Person(
            number_index=holder.number_index,
            holder_id=holder.holder_id,
            generation=generation,
            service_ended=person is not None and person.service_ended,
        )
    )
    entropy = services.entropy
    active = replace(
        holder.moved_to(HolderState.ACTIVE),
        generation=generation,
        sealed_eid_mark=vault.seal("sealed_eid_mark", answer.eid_mark, entropy=entropy),
    )
    if answer.name_on_file is not None:
        sealed_name = vault.seal("sealed_name", answer.name_on_file.encode(), entropy=entropy)
        active = replace(active, sealed_name=sealed_name)
    if decision.verdict is Verdict.APPROVE_RESTRICTED:
        active = active.moved_to(HolderState.RESTRICTED)
    return active


def _tell(holder: Holder, *, uow: UnitOfWork, services: Services) -> None:
    now, entropy = services.clock.now(), services.entropy
    uow.holders.add_event(
        HolderEvent(
            holder_id=holder.holder_id,
            event_id=new_id("evt", now=now, entropy=entropy),
            kind=f"registration_{holder.decision}",
            actor="system",
            detail=holder.reason or "",
            at=now,
        )
    )
    params = {"decision": str(holder.decision)}
    tell_holder(holder, Topic.REGISTRATION_DECIDED, params, uow=uow, keys=services.keys, entropy=entropy, now=now)
