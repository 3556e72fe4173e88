"""Register: name and number in, the policy's decision out (clauses 2.1, 2.5, 3.2, 4.1).

The authority may take seconds, so it is asked between two units of work, never inside one. What is committed before
the question is enough to go on after a crash: the application is ``applied`` and queued.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from eztong.domain.errors import HolderNotActive, Unavailable
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import age_band_on, service_date
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.citizen_number import CitizenNumber, parse_citizen_number
from eztong.domain.identity.real_name import RealName, parse_real_name
from eztong.domain.notices import Topic
from eztong.domain.registration import (
    APPLICATIONS_BY_NUMBER,
    APPLICATIONS_BY_PHONE,
    SECOND_APPLICATION_NOTICES,
    Applicant,
    Decision,
    Reason,
    Verdict,
    decide,
    decide_before_authority,
    state_after,
)
from eztong.domain.retry import REGISTRATIONS
from eztong.ports.act import HOLDER, SYSTEM, Act, Acting
from eztong.ports.services import Deployment, Services
from eztong.ports.storage.records import Person, QueuedRegistration
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_session, require_device
from eztong.usecases.jobs.queue_run import QueueRun, counted
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.registration.confirm_phone import check_room_on_phone
from eztong.usecases.registration.erase_application import erase_application
from eztong.usecases.spend_budget import spend, take
from eztong.usecases.vault import Vault, number_index, open_vault

QUEUE = "registrations"
# Longer than the authority is waited for, so that nobody else asks meanwhile.
LEASE = timedelta(minutes=2)
_DECIDED: Final = {
    Verdict.APPROVE: EventKind.REGISTRATION_APPROVE,
    Verdict.APPROVE_RESTRICTED: EventKind.REGISTRATION_APPROVE_RESTRICTED,
    Verdict.REFUSE: EventKind.REGISTRATION_REFUSE,
    Verdict.REVIEW: EventKind.REGISTRATION_REVIEW,
    Verdict.SUPPLEMENT: EventKind.REGISTRATION_SUPPLEMENT,
}


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
        The account in its state after the decision; still ``applied`` if the authority must be asked again. Of a
        child who must be applied for by a guardian only the decision is left.

    Raises:
        InputInvalid: number or name cannot be right; nothing was stored.
        SessionMissing, DeviceNotBound: agreements and phone come first (clause 3.2).
        TooMany: too many names and numbers were tried today with this phone, or names for this number.
        PhoneFull: the phone carries as many accounts as it may.
    """
    name = parse_real_name(command.name)
    number = _parse_number(command.number, deployment=services.deployment, now=services.clock.now())
    applied = services.perform(HOLDER, _apply_counted, command, name, number)
    if isinstance(applied, Verdict):
        services.observer.registration(applied.value)
    elif applied is not None and not _ask_and_conclude(applied, by=HOLDER, services=services):
        # Whether it still waits or was decided meanwhile, the account that is read next says.
        services.perform(HOLDER, _postpone, applied.holder_id, attempts=0)
    with services.store.read() as stored:
        return find_session(command.session_hash, stored=stored, now=services.clock.now()).holder


def register_at_once(
    act: Act, command: RegisterIdentity, number: CitizenNumber, answer: AuthorityAnswer | None
) -> Verdict | None:
    """Apply and conclude in one act, with the number parsed and an answer fetched before (for filling a sandbox).

    Returns:
        The verdict, to be counted once it is committed. None: there is no answer yet, and the application is queued.
    """
    name = parse_real_name(command.name)
    applied = _apply(act, command, name, number)
    if not isinstance(applied, _Case):
        return applied
    return None if answer is None else _conclude(act, applied, answer)


def resume_registration(item: QueuedRegistration, *, services: Services) -> bool:
    """Ask the authority again for a queued application; return whether it waits no longer."""
    with services.store.read() as stored:
        holder = stored.holders.get(item.holder_id)
    if holder is None or holder.state is not HolderState.APPLIED:
        services.perform(SYSTEM, _unqueue, item.holder_id)
        return True
    vault = open_vault(holder, keys=services.keys)
    number = vault.open("sealed_number", holder.sealed_number or b"").decode()
    case = _Case(
        holder.holder_id,
        parse_real_name(vault.open("sealed_name", holder.sealed_name or b"").decode()),
        _parse_number(number, deployment=services.deployment, now=services.clock.now()),
    )
    return _ask_and_conclude(case, by=SYSTEM, services=services)


def resume_due_registrations(*, services: Services, limit: int = 20) -> QueueRun:
    """Resume what is due; one that fails, whatever it raises, is postponed and stops no other."""
    with services.store.read() as stored:
        due = stored.queues.due_registrations(now=services.clock.now(), limit=limit)
    done, kinds = 0, list[str]()
    for item in due:
        if not services.perform(SYSTEM, _lease, item):
            continue
        try:
            decided = resume_registration(item, services=services)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next person's application goes on
            kinds.append(type(error).__name__)
            decided = False
        if decided or not services.perform(SYSTEM, _postpone, item.holder_id, attempts=item.attempts):
            done += 1
    failures = counted(QUEUE, kinds, observer=services.observer)
    return QueueRun(done=done, failures=failures, again=len(due) == limit)


def _parse_number(text: str, *, deployment: Deployment, now: datetime) -> CitizenNumber:
    return parse_citizen_number(
        text,
        today=service_date(now),
        accept_hk_macau_taiwan=deployment.accept_hk_macau_taiwan,
        accept_foreigners=deployment.accept_foreigners,
    )


def _apply_counted(
    act: Act, command: RegisterIdentity, name: RealName, number: CitizenNumber
) -> _Case | Verdict | None:
    case = _apply(act, command, name, number)
    holder = find_session(command.session_hash, stored=act.uow, now=act.now).holder
    if isinstance(case, _Case) and holder.phone_index is not None and holder.number_index is not None:
        spend(act, APPLICATIONS_BY_PHONE, holder.phone_index)
        spend(act, APPLICATIONS_BY_NUMBER, holder.number_index)
    return case


def _apply(act: Act, command: RegisterIdentity, name: RealName, number: CitizenNumber) -> _Case | Verdict | None:
    """Return the case to ask about, the verdict of what needs no question, or None for what was queued before."""
    signed_in = find_session(command.session_hash, stored=act.uow, now=act.now)
    require_device(signed_in, stored=act.uow)
    holder = signed_in.holder
    if holder.state is HolderState.APPLIED:
        return None
    index = number_index(number.document_type.value, number.value, keys=act.keys)
    if holder.phone_index is not None:
        check_room_on_phone(holder.phone_index, but=holder, stored=act.uow)
    vault = open_vault(holder, keys=act.keys)
    applied = replace(
        holder.moved_to(HolderState.APPLIED),
        document_type=number.document_type,
        number_index=index,
        sealed_number=vault.seal("sealed_number", number.value.encode(), entropy=act.entropy),
        sealed_name=vault.seal("sealed_name", name.display.encode(), entropy=act.entropy),
    )
    early = decide_before_authority(_applicant(index, number, stored=act.uow, today=service_date(act.now)))
    if early is not None:
        return _settle(act, applied, early, vault=vault, answer=None)
    act.uow.holders.update(applied)
    first = act.now + REGISTRATIONS.pause_after(0)
    act.uow.queues.queue_registration(QueuedRegistration(holder_id=holder.holder_id, next_attempt_at=first, attempts=0))
    return _Case(holder.holder_id, name, number)


def _account_of(index: bytes, *, stored: Repositories) -> Holder | None:
    person = stored.holders.person(index)
    holder = None if person is None or person.holder_id is None else stored.holders.get(person.holder_id)
    return holder if holder is not None and holder.has_account else None


def _applicant(index: bytes, number: CitizenNumber, *, stored: Repositories, today: date) -> Applicant:
    person = stored.holders.person(index)
    return Applicant(
        age_band=age_band_on(number.birth_date, today),
        service_ended_before=person is not None and person.service_ended,
        has_account=_account_of(index, stored=stored) is not None,
    )


def _ask_and_conclude(case: _Case, *, by: Acting, services: Services) -> bool:
    """Ask, and write the decision; return whether there was an answer to decide on."""
    try:
        answer = services.authority.match(name=case.name, number=case.number, reference=case.holder_id)
    except Unavailable:
        return False
    if answer.verdict is AuthorityVerdict.PENDING:
        return False
    verdict = services.perform(by, _conclude, case, answer)
    if verdict is not None:
        services.observer.registration(verdict.value)
    return True


def _lease(act: Act, item: QueuedRegistration) -> bool:
    return act.uow.queues.lease_registration(item.holder_id, now=act.now, until=act.now + LEASE)


def _postpone(act: Act, holder_id: HolderId, *, attempts: int) -> bool:
    """Let the application wait; return False if it was decided meanwhile, so that nothing waits any more."""
    until = act.now + REGISTRATIONS.pause_after(attempts)
    return act.uow.queues.postpone_registration(holder_id, until=until)


def _unqueue(act: Act, holder_id: HolderId) -> None:
    act.uow.queues.unqueue_registration(holder_id)


def _conclude(act: Act, case: _Case, answer: AuthorityAnswer) -> Verdict | None:
    """Return the verdict; None if the application was decided before."""
    act.uow.queues.unqueue_registration(case.holder_id)
    holder = act.uow.holders.get(case.holder_id)
    if holder is None or holder.state is not HolderState.APPLIED or holder.number_index is None:
        return None
    today = service_date(act.now)
    applicant = _applicant(holder.number_index, case.number, stored=act.uow, today=today)
    decision = decide(applicant, answer, today=today)
    if decision.reason is Reason.ALREADY_REGISTERED:
        _tell_account(act, holder.number_index)
    vault = open_vault(holder, keys=act.keys)
    return _settle(act, holder, decision, vault=vault, answer=answer)


def _tell_account(act: Act, index: bytes) -> None:
    account = _account_of(index, stored=act.uow)
    if account is None:
        return
    note_event(act.by_itself(), account.holder_id, EventKind.REGISTERED_AGAIN)
    if take(act, SECOND_APPLICATION_NOTICES, account.holder_id.encode()):
        tell_holder(act, account, Topic.REGISTERED_AGAIN, {})


def _settle(act: Act, holder: Holder, decision: Decision, *, vault: Vault, answer: AuthorityAnswer | None) -> Verdict:
    decision = _one_review_each(decision, holder, stored=act.uow)
    settled = replace(
        holder.moved_to(state_after(decision)),
        decision=decision.verdict.value,
        reason=None if decision.reason is None else decision.reason.value,
        rules=" ".join(decision.rules),
        policy_version=decision.policy_version,
        authority_reference=None if answer is None else answer.reference,
    )
    if settled.state is HolderState.APPROVED:
        settled = _activated(act, settled, decision, vault=vault, answer=answer)
    if decision.reason is Reason.GUARDIAN_MUST_APPLY:
        erase_application(act, settled)
    else:
        act.uow.holders.update(settled)
        _tell(act, settled, decision.verdict)
    return decision.verdict


def _one_review_each(decision: Decision, holder: Holder, *, stored: Repositories) -> Decision:
    """Refuse a second application that would wait for a person while one of the same number does."""
    if decision.verdict is not Verdict.REVIEW or holder.number_index is None:
        return decision
    if not stored.holders.is_number_in(holder.number_index, HolderState.UNDER_REVIEW):
        return decision
    return Decision(verdict=Verdict.REFUSE, reason=Reason.UNDER_REVIEW_ALREADY, rules=("R14",))


def _activated(act: Act, holder: Holder, decision: Decision, *, vault: Vault, answer: AuthorityAnswer | None) -> Holder:
    if answer is None or answer.eid_mark is None or holder.number_index is None:
        raise HolderNotActive("An approval needs the authority's eid mark.")
    person = act.uow.holders.person(holder.number_index)
    generation = 1 if person is None else person.generation
    act.uow.holders.save_person(
        Person(
            number_index=holder.number_index,
            holder_id=holder.holder_id,
            generation=generation,
            service_ended=person is not None and person.service_ended,
        )
    )
    active = replace(
        holder.moved_to(HolderState.ACTIVE),
        generation=generation,
        sealed_eid_mark=vault.seal("sealed_eid_mark", answer.eid_mark, entropy=act.entropy),
    )
    if answer.name_on_file is not None:
        sealed_name = vault.seal("sealed_name", answer.name_on_file.encode(), entropy=act.entropy)
        active = replace(active, sealed_name=sealed_name)
    if decision.verdict is Verdict.APPROVE_RESTRICTED:
        active = active.moved_to(HolderState.RESTRICTED)
    return active


def _tell(act: Act, holder: Holder, verdict: Verdict) -> None:
    note_event(act.by_itself(), holder.holder_id, _DECIDED[verdict], detail=holder.reason or "")
    params = {"decision": verdict.value}
    tell_holder(act, holder, Topic.REGISTRATION_DECIDED, params)
