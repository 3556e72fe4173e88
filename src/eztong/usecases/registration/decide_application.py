"""Decide an application: ask the authority, then write what the policy says (clauses 2.5, 4.1).

The authority may take seconds, so it is asked between two units of work, under the lease of the application's job. Its
decision ends the job in the same unit of work, so that nothing is asked or decided again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final

from eztong.domain.errors import AgreementNotAccepted, HolderNotActive, Unavailable
from eztong.domain.events import Actor, EventKind
from eztong.domain.guardianship.guardianship import CareEnd
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.holder import DRAWN_GENERATION_BYTES, Holder, HolderState, PhoneFull
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import SHANGHAI, age_band_on, age_on, service_date
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.citizen_number import (
    CitizenNumber,
    DocumentType,
    parse_citizen_number,
    parse_number_of_any_kind,
    types_taken,
)
from eztong.domain.identity.real_name import RealName, parse_real_name
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import JobEnd
from eztong.domain.notices import Topic
from eztong.domain.policy.decide import LIMIT, Facts, decade_of, decide
from eztong.domain.policy.policy import Policy
from eztong.domain.registration import (
    SECOND_APPLICATION_NOTICES,
    Applicant,
    Decision,
    Footing,
    Reason,
    Verdict,
    decide_on_footing,
    decide_on_waiting,
    state_after,
)
from eztong.ports.act import SYSTEM, Act, Acting
from eztong.ports.keys import Keys
from eztong.ports.services import Deployment, Services
from eztong.ports.storage.holders import Person
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.note_care import note_both
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.policy.kept_decisions import Judged, keep_decision
from eztong.usecases.policy.policy_in_force import policy_in_force
from eztong.usecases.registration.birthdays import queue_birthday
from eztong.usecases.registration.confirm_phone import check_room_on_phone
from eztong.usecases.registration.erase_application import erase_application
from eztong.usecases.restrictions.change_marks import change_marks
from eztong.usecases.restrictions.keep_document import EXPIRED_DOCUMENT, keep_document
from eztong.usecases.restrictions.recheck_identity import plan_recheck
from eztong.usecases.spend_budget import take
from eztong.usecases.vault import Vault, ended_index, number_index, open_vault

_DECIDED: Final = {
    Verdict.APPROVE: EventKind.REGISTRATION_APPROVE,
    Verdict.APPROVE_RESTRICTED: EventKind.REGISTRATION_APPROVE_RESTRICTED,
    Verdict.REFUSE: EventKind.REGISTRATION_REFUSE,
    Verdict.REVIEW: EventKind.REGISTRATION_REVIEW,
    Verdict.SUPPLEMENT: EventKind.REGISTRATION_SUPPLEMENT,
}


@dataclass(frozen=True, slots=True)
class ForAuthority:
    """An application that goes to the authority."""

    holder_id: HolderId
    name: RealName
    number: CitizenNumber
    takes_document: bool = True
    """Whether documents of this kind are taken now, too; when it was typed, they were."""


def resume_registration(leased: LeasedJob, *, services: Services) -> Fate:
    """Ask the authority again for an application that waits.

    Raises:
        LeaseLost: it was decided or taken by another worker meanwhile; nothing was written.
    """
    with services.store.read() as stored:
        holder = stored.holders.get(HolderId(leased.job.key))
    if holder is None or holder.state is not HolderState.APPLIED:
        return Fate.DROPPED
    vault = open_vault(holder, keys=services.keys)
    number = vault.open("sealed_number", holder.sealed_number or b"").decode()
    case = ForAuthority(
        holder.holder_id,
        parse_real_name(vault.open("sealed_name", holder.sealed_name or b"").decode()),
        # It was taken when it was typed.
        parse_number_of_any_kind(number, today=service_date(services.clock.now())),
        takes_document=holder.document_type in _types_taken(services.deployment),
    )
    return ask_and_decide(case, leased, by=SYSTEM, services=services)


def ask_and_decide(case: ForAuthority, leased: LeasedJob, *, by: Acting, services: Services) -> Fate:
    """Ask, and write the decision if there is an answer to decide on.

    Raises:
        LeaseLost: another worker has the application; nothing was written.
    """
    try:
        answer = services.authority.match(name=case.name, number=case.number, reference=case.holder_id)
    except Unavailable:
        return Fate.POSTPONED
    if answer.verdict is AuthorityVerdict.PENDING:
        return Fate.POSTPONED
    verdict = services.perform(by, _conclude, case, leased, answer)
    if verdict is not None:
        services.observer.registration(verdict.value)
    return Fate.NOTED


def parse_number(text: str, *, deployment: Deployment, now: datetime) -> CitizenNumber:
    """Return the number as this installation accepts it.

    Raises:
        NumberInvalid: it cannot be right.
    """
    return parse_citizen_number(
        text,
        today=service_date(now),
        accept_hk_macau_taiwan=deployment.accept_hk_macau_taiwan,
        accept_foreigners=deployment.accept_foreigners,
    )


def _types_taken(deployment: Deployment) -> frozenset[DocumentType]:
    return types_taken(
        accept_hk_macau_taiwan=deployment.accept_hk_macau_taiwan, accept_foreigners=deployment.accept_foreigners
    )


def _conclude(act: Act, case: ForAuthority, leased: LeasedJob, answer: AuthorityAnswer) -> Verdict | None:
    """Return the verdict; None if the application was decided before."""
    if not act.uow.jobs.end(leased.job.job_id, JobEnd.DONE, lease=leased.lease, now=act.now):
        raise LeaseLost
    return decide_on(act, case, answer)


def decide_on(act: Act, case: ForAuthority, answer: AuthorityAnswer) -> Verdict | None:
    """Decide on an answer; return the verdict, or None if the application was decided before."""
    holder = act.uow.holders.get(case.holder_id)
    if holder is None or holder.state is not HolderState.APPLIED or holder.number_index is None:
        return None
    judged = judged_of(act, holder, case.number, answer)
    decision = decide(judged.policy, judged.facts)
    if decision.reason is Reason.ALREADY_REGISTERED:
        _tell_account(act, holder.number_index)
    vault = open_vault(holder, keys=act.keys)
    takes = case.takes_document
    return settle(act, holder, decision, vault=vault, answer=answer, takes_document=takes, judged=judged)


def judged_of(act: Act, holder: Holder, number: CitizenNumber, answer: AuthorityAnswer | None) -> Judged:
    """Return the version of the policy in force, and what it looks at of an application, but for its footing."""
    policy = policy_in_force(stored=act.uow, now=act.now)
    today = service_date(act.now)
    until = None if answer is None else answer.document_valid_until
    facts = Facts(
        applicant=applicant_of(holder, number, stored=act.uow, keys=act.keys, today=today),
        decade=decade_of(age_on(number.birth_date, today)),
        region=number.value[:2],
        document=number.document_type,
        verdict=None if answer is None else answer.verdict,
        signals=frozenset() if answer is None else answer.signals,
        document_expired=until is not None and until < today,
        approved_today=_approved_today(act, policy),
    )
    return Judged(policy=policy, facts=facts)


def _approved_today(act: Act, policy: Policy) -> int:
    """Count the approvals of today as far as the version's limit asks; without a limit nobody counts."""
    limit = policy.rule(LIMIT)
    if limit is None or limit.number is None:
        return 0
    midnight = datetime.combine(service_date(act.now), time(), SHANGHAI)
    return act.uow.policy_decisions.approved_since(midnight, at_most=limit.number)


def _footing(act: Act, holder: Holder, *, takes_document: bool) -> Footing:
    """Read again, in the act that would make the account, all that was asked when the application was made."""
    account = None if holder.number_index is None else _account_of(holder.number_index, stored=act.uow)
    return Footing(
        has_other_account=account is not None,
        has_consent=_holds(lambda: check_consent(holder.holder_id, stored=act.uow)),
        takes_document=takes_document,
        has_room_on_phone=_holds(lambda: check_room_on_phone(holder.phone_index, but=holder, stored=act.uow)),
    )


def _holds(check: Callable[[], object]) -> bool:
    try:
        check()
    except (AgreementNotAccepted, PhoneFull):
        return False
    return True


def _account_of(index: bytes, *, stored: Repositories) -> Holder | None:
    person = stored.holders.person(index)
    holder = None if person is None or person.holder_id is None else stored.holders.get(person.holder_id)
    return holder if holder is not None and holder.has_account else None


def applicant_of(holder: Holder, number: CitizenNumber, *, stored: Repositories, keys: Keys, today: date) -> Applicant:
    """Return what the policy looks at before any answer."""
    index = number_index(number.document_type.value, number.value, keys=keys)
    person = _person_of(number, index, stored=stored, keys=keys)
    return Applicant(
        age_band=age_band_on(number.birth_date, today),
        service_ended_before=person is not None and person.service_ended,
        has_open_case=person is not None and person.has_open_case,
        has_account=_account_of(index, stored=stored) is not None,
        has_guardian=stored.guardianships.active_of(holder.holder_id) is not None,
    )


def _person_of(number: CitizenNumber, index: bytes, *, stored: Repositories, keys: Keys) -> Person | None:
    """Return what is kept of a person: with an account, or after an account that had been terminated."""
    ended = ended_index(number.document_type.value, number.value, keys=keys)
    return stored.holders.person(index) or stored.holders.person(ended)


def _tell_account(act: Act, index: bytes) -> None:
    account = _account_of(index, stored=act.uow)
    if account is None:
        return
    note_event(act.by_itself(), account.holder_id, EventKind.REGISTERED_AGAIN)
    if take(act, SECOND_APPLICATION_NOTICES, account.holder_id.encode()):
        tell_holder(act, account, Topic.REGISTERED_AGAIN, {})


def settle(
    act: Act,
    holder: Holder,
    decision: Decision,
    *,
    vault: Vault,
    answer: AuthorityAnswer | None,
    takes_document: bool = True,
    judged: Judged | None = None,
) -> Verdict:
    """Write the decision on an application: state, account, event and message; return its verdict.

    Nobody else makes an account, so here an approval is refused that has lost its footing meanwhile. ``judged`` is what
    the policy looked at, if it decided: that is kept with the decision, unless nothing is kept of the person.
    """
    footing = _footing(act, holder, takes_document=takes_document)
    waits_already = _waits_already(holder, stored=act.uow)
    decision = decide_on_waiting(decide_on_footing(decision, footing), waits_already=waits_already)
    policy = policy_in_force(stored=act.uow, now=act.now) if judged is None else judged.policy
    settled = replace(
        holder.moved_to(state_after(decision)),
        decision=decision.verdict.value,
        reason=None if decision.reason is None else decision.reason.value,
        rules=" ".join(decision.rules),
        policy_version=policy.version,
        authority_reference=None if answer is None else answer.reference,
    )
    if settled.state is HolderState.APPROVED:
        settled = _activated(act, settled, vault=vault, answer=answer)
    if decision.reason is Reason.GUARDIAN_MUST_APPLY:
        erase_application(act, settled)
    elif settled.state is HolderState.REFUSED and is_kept_by_guardian(settled):
        _refuse_child(act, settled, decision.verdict)
    else:
        act.uow.holders.update(settled)
        if judged is not None:
            looked_at = replace(judged.facts, footing=footing, waits_already=waits_already)
            keep_decision(act, settled, Judged(policy=policy, facts=looked_at), decision, vault=vault)
        _tell(act, settled, decision.verdict)
        if settled.has_account and answer is not None:
            _keep_valid(act, settled, decision, answer, vault=vault)
    if decision.reason is Reason.GUARDIAN_MUST_CONFIRM:
        queue_birthday(act, settled)
    return decision.verdict


def _keep_valid(act: Act, holder: Holder, decision: Decision, answer: AuthorityAnswer, *, vault: Vault) -> None:
    """Keep until when the new account's document is valid, and have the person checked again in time (clause 2.8)."""
    keep_document(act, holder, answer.document_valid_until, vault=vault)
    plan_recheck(act, holder.holder_id)
    if decision.verdict is Verdict.APPROVE_RESTRICTED:
        # The decision, of which the holder is told, says so already.
        change_marks(act.by_itself(), holder, new=EXPIRED_DOCUMENT, tells=False)


def _waits_already(holder: Holder, *, stored: Repositories) -> bool:
    """Say whether another application of the same number and phone waits for a person."""
    if holder.number_index is None or holder.state is HolderState.UNDER_REVIEW:
        return False
    waits = HolderState.UNDER_REVIEW
    return stored.holders.is_number_in(holder.number_index, waits, phone_index=holder.phone_index)


def _activated(act: Act, holder: Holder, *, vault: Vault, answer: AuthorityAnswer | None) -> Holder:
    if answer is None or answer.eid_mark is None or holder.number_index is None:
        raise HolderNotActive("An approval needs the authority's eid mark.")
    kept = _taken_back(act, holder, vault=vault)
    # Whoever left freely has left nothing to recognise; a terminated person stays who it was at every partner.
    generation = act.entropy.token(DRAWN_GENERATION_BYTES) if kept is None else kept.generation
    act.uow.holders.save_person(
        Person(
            number_index=holder.number_index,
            holder_id=holder.holder_id,
            generation=generation,
            service_ended=kept is not None and kept.service_ended,
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
    return active


def _taken_back(act: Act, holder: Holder, *, vault: Vault) -> Person | None:
    """Return what is kept of the person; a row of after the end of an account is taken out, as there is one again."""
    if holder.number_index is None or holder.sealed_number is None or holder.document_type is None:
        return None
    number = vault.open("sealed_number", holder.sealed_number).decode()
    ended = ended_index(holder.document_type.value, number, keys=act.keys)
    kept = act.uow.holders.person(holder.number_index) or act.uow.holders.person(ended)
    act.uow.holders.remove_person(ended)
    return kept


def _refuse_child(act: Act, settled: Holder, verdict: Verdict) -> None:
    """Tell the guardian, and keep nothing of a child that is not registered."""
    _tell(act, settled, verdict)
    active = act.uow.guardianships.active_of(settled.holder_id)
    if active is not None:
        ended = active.ended(CareEnd.APPLICATION, now=act.now)
        act.uow.guardianships.change(active, ended)
        note_both(act, ended)
    erase_application(act, settled)


def _tell(act: Act, holder: Holder, verdict: Verdict) -> None:
    # The policy decides by itself, whoever's act it follows from; an operator decides as themselves.
    decider = act if act.by.actor is Actor.OPERATOR else act.by_itself()
    note_event(decider, holder.holder_id, _DECIDED[verdict], detail=holder.reason or "")
    params = {"decision": verdict.value}
    tell_holder(act, holder, Topic.REGISTRATION_DECIDED, params)
