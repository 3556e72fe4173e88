"""Register: name and number in, the policy's decision out (clauses 2.1, 2.5, 3.2, 4.1).

What is committed before the authority is asked is enough to go on after a crash: the application is ``applied``, and
its job is queued, leased to whoever asks at once.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from eztong.domain.holder import Holder, HolderState
from eztong.domain.identity.age import service_date
from eztong.domain.identity.authority_answer import AuthorityAnswer
from eztong.domain.identity.citizen_number import CitizenNumber
from eztong.domain.identity.real_name import RealName, parse_real_name
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost, try_again_at
from eztong.domain.jobs.job import LEASE, RULES, Job, JobKind
from eztong.domain.registration import (
    APPLICATIONS_BY_NUMBER,
    APPLICATIONS_BY_PHONE,
    Verdict,
    decide_before_authority,
)
from eztong.ports.act import HOLDER, Act
from eztong.ports.services import Services
from eztong.usecases.access.find_session import find_session, require_device
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.naming import new_id
from eztong.usecases.registration.confirm_phone import check_room_on_phone
from eztong.usecases.registration.decide_application import (
    ForAuthority,
    applicant_of,
    ask_and_decide,
    decide_on,
    judged_of,
    parse_number,
    settle,
)
from eztong.usecases.spend_budget import spend
from eztong.usecases.vault import number_index, open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterIdentity:
    """Name and number as they were typed."""

    session_hash: bytes
    name: str
    number: str


def register_identity(command: RegisterIdentity, *, services: Services) -> Holder:
    """Apply with name and number, ask the authority, decide.

    Returns:
        The account in its state after the decision; still ``applied`` if the authority must be asked again. Of a
        child who must be applied for by a guardian only the decision is left.

    Raises:
        InputInvalid: number or name cannot be right; nothing was stored.
        SessionMissing, DeviceNotBound: agreements and phone come first (clause 3.2).
        TooMany: too many names and numbers were tried today with this phone, or names for this number.
        AgreementNotAccepted: what was accepted no longer counts; nothing was stored (clause 3.2).
        PhoneFull: the phone carries as many accounts as it may.
    """
    name = parse_real_name(command.name)
    number = parse_number(command.number, deployment=services.deployment, now=services.clock.now())
    applied = services.perform(HOLDER, _apply_counted, command, name, number)
    if isinstance(applied, Verdict):
        services.observer.registration(applied.value)
    elif applied is not None:
        _ask_now(*applied, services=services)
    with services.store.read() as stored:
        return find_session(command.session_hash, stored=stored, now=services.clock.now()).holder


def register_at_once(
    act: Act, command: RegisterIdentity, number: CitizenNumber, answer: AuthorityAnswer | None
) -> Verdict | None:
    """Apply and decide in one act, with the number parsed and an answer fetched before (for filling a sandbox).

    Returns:
        The verdict, to be counted once it is committed. None: there is no answer yet, and the application is queued.
    """
    applied = _apply(act, command, parse_real_name(command.name), number)
    if not isinstance(applied, ForAuthority):
        return applied
    if answer is None:
        act.uow.jobs.add(_job(act, applied))
        return None
    return decide_on(act, applied, answer)


def _ask_now(case: ForAuthority, leased: LeasedJob, *, services: Services) -> None:
    # Whether it still waits then, or was decided meanwhile, the account that is read next says.
    with suppress(LeaseLost):
        if ask_and_decide(case, leased, by=HOLDER, services=services) is Fate.POSTPONED:
            services.perform(HOLDER, _postpone, leased)


def _postpone(act: Act, leased: LeasedJob) -> None:
    until = try_again_at(leased.job, now=act.now)
    if not act.uow.jobs.postpone(leased.job.job_id, lease=leased.lease, until=until):
        raise LeaseLost


def _apply_counted(
    act: Act, command: RegisterIdentity, name: RealName, number: CitizenNumber
) -> tuple[ForAuthority, LeasedJob] | Verdict | None:
    """Apply, within what one phone and one number may try a day, and queue what has to be asked.

    None: it waits already.
    """
    case = _apply(act, command, name, number)
    if not isinstance(case, ForAuthority):
        return case
    holder = find_session(command.session_hash, stored=act.uow, now=act.now).holder
    if holder.phone_index is not None and holder.number_index is not None:
        spend(act, APPLICATIONS_BY_PHONE, holder.phone_index)
        spend(act, APPLICATIONS_BY_NUMBER, holder.number_index)
    lease = act.now + LEASE
    job = replace(_job(act, case), leased_until=lease)
    return (case, LeasedJob(job, lease)) if act.uow.jobs.add(job) else None


def _apply(act: Act, command: RegisterIdentity, name: RealName, number: CitizenNumber) -> ForAuthority | Verdict | None:
    """Return the case to ask about, the verdict of what needs no question, or None for what was queued before."""
    signed_in = find_session(command.session_hash, stored=act.uow, now=act.now)
    require_device(signed_in, stored=act.uow)
    holder = signed_in.holder
    if holder.state is HolderState.APPLIED:
        return None
    index = number_index(number.document_type.value, number.value, keys=act.keys)
    check_consent(holder.holder_id, stored=act.uow)
    check_room_on_phone(holder.phone_index, but=holder, stored=act.uow)
    vault = open_vault(holder, keys=act.keys)
    applied = replace(
        holder.moved_to(HolderState.APPLIED),
        document_type=number.document_type,
        number_index=index,
        sealed_number=vault.seal("sealed_number", number.value.encode(), entropy=act.entropy),
        sealed_name=vault.seal("sealed_name", name.display.encode(), entropy=act.entropy),
    )
    today = service_date(act.now)
    early = decide_before_authority(applicant_of(applied, number, stored=act.uow, keys=act.keys, today=today))
    if early is not None:
        judged = judged_of(act, applied, number, None)
        return settle(act, applied, early, vault=vault, answer=None, judged=judged)
    act.uow.holders.update(applied)
    return ForAuthority(holder.holder_id, name, number)


def _job(act: Act, case: ForAuthority) -> Job:
    kind = JobKind.REGISTRATION
    return Job(
        job_id=new_id(act, "job"),
        kind=kind,
        key=case.holder_id,
        holder_id=case.holder_id,
        created_at=act.now,
        next_attempt_at=act.now + RULES[kind].backoff.first,
    )
