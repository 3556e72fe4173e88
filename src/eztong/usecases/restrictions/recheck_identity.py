"""Check an account's identity again: the authority is asked between two acts, and marks follow from its answer.

By the holder, who wants a mark lifted (clause 2.5), and by itself every so many months (clause 2.8). Nothing is typed:
what is asked about is what is stored. A mark that a check lifts is lifted by that, without anybody's decision.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime

from eztong.domain.errors import AgreementNotAccepted, AuthorityUnavailable, StateConflict, Unavailable
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import service_date
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.citizen_number import CitizenNumber, parse_number_of_any_kind
from eztong.domain.identity.real_name import RealName, parse_real_name
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import Job, JobEnd, JobKind
from eztong.domain.restrictions.mark import Cause, open_marks
from eztong.domain.restrictions.recheck import (
    RECHECKS,
    REST,
    NothingToCheck,
    RecheckFinding,
    RecheckResult,
    judge_recheck,
    next_recheck,
)
from eztong.domain.standing import NothingPasses
from eztong.ports.act import HOLDER, SYSTEM, Act, Acting
from eztong.ports.keys import Keys
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.restrictions.change_marks import NewMark, change_marks
from eztong.usecases.restrictions.keep_document import keep_document
from eztong.usecases.restrictions.stop_for_death import lift_death, stop_for_death
from eztong.usecases.spend_budget import spend
from eztong.usecases.vault import Vault, open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question to the authority: ``seen`` is the account that it was made from, ``reference`` names it there."""

    seen: Holder
    name: RealName = field(repr=False)
    number: CitizenNumber = field(repr=False)
    reference: str


def recheck_identity(session_hash: bytes, *, services: Services) -> RecheckResult:
    """Ask the authority about the account of this browser now, and do what follows.

    1. The session is live on a bound device, the account not ended, its consent whole and its use not paused; a check
       is counted.
    2. The authority is asked outside any unit of work.
    3. Document, marks and history are changed together, if the account still holds what was asked about.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, AgreementNotAccepted: this session may not.
        NothingToCheck: the account has ended, or is about to.
        NothingPasses: its holder paused its use, and resumes it first.
        TooMany: checked too often today.
        AuthorityUnavailable, AuthorityAnswerInvalid: nothing was decided.
        StateConflict: the account changed meanwhile.
    """
    asked = services.perform(HOLDER, _begin, session_hash)
    answer = services.authority.match(name=asked.name, number=asked.number, reference=asked.reference)
    if answer.verdict is AuthorityVerdict.PENDING:
        raise AuthorityUnavailable
    return services.perform(HOLDER, _conclude, asked, answer).result


def recheck_account(holder_id: HolderId, *, by: Acting, services: Services) -> None:
    """Ask the authority about an account as ``by`` decided, and do what follows. Who may, the caller has asked.

    Raises:
        NothingToCheck: the account has ended, or is about to.
        AuthorityUnavailable, AuthorityAnswerInvalid: nothing was decided.
        StateConflict: the account changed meanwhile.
    """
    asked = services.perform(by, _begin_for, holder_id)
    answer = services.authority.match(name=asked.name, number=asked.number, reference=asked.reference)
    if answer.verdict is AuthorityVerdict.PENDING:
        raise AuthorityUnavailable
    services.perform(by, _conclude, asked, answer)


def recheck_by_itself(leased: LeasedJob, *, services: Services) -> Fate:
    """Ask the authority about an account whose check is due, or rest until it is; then wake for the next.

    Raises:
        LeaseLost: another worker does it; nothing was written.
        StateConflict: the account changed meanwhile; it is tried again.
    """
    now = services.clock.now()
    with services.store.read() as stored:
        holder = stored.holders.get(HolderId(leased.job.key))
        if holder is None or not holder.has_account or not holder.data_key.wrapped:
            return Fate.DROPPED
        due = _due(holder, months=services.deployment.recheck_months, stored=stored, now=now)
    if due > now:
        services.perform(SYSTEM, _rest, leased, due)
        return Fate.NOTED
    asked = _question(holder, reference=leased.job.job_id, keys=services.keys, now=now)
    try:
        answer = services.authority.match(name=asked.name, number=asked.number, reference=asked.reference)
    except Unavailable:
        return Fate.POSTPONED
    if answer.verdict is AuthorityVerdict.PENDING:
        return Fate.POSTPONED
    services.perform(SYSTEM, _conclude_due, leased, asked, answer)
    return Fate.NOTED


def plan_recheck(act: Act, holder_id: HolderId, *, at: datetime | None = None) -> None:
    """Wake for the account's next check by itself; without ``at`` soon, to look when that is."""
    act.uow.jobs.add(
        Job(
            job_id=new_id(act, "job"),
            kind=JobKind.RECHECK,
            key=holder_id,
            holder_id=holder_id,
            created_at=act.now,
            next_attempt_at=act.now + REST if at is None else at,
        )
    )


def is_paused(holder_id: HolderId, *, stored: Repositories) -> bool:
    """Say whether the holder asked that the data be kept and not used."""
    return any(mark.cause is Cause.ASKED for mark in open_marks(stored.restrictions.list(holder_id)))


def may_check(holder: Holder) -> bool:
    """Say whether there is an account whose identity can be checked: one that goes on, frozen or not."""
    goes_on = holder.state in {HolderState.ACTIVE, HolderState.FROZEN}
    return goes_on and not (holder.is_leaving or holder.is_terminated) and holder.sealed_eid_mark is not None


def _begin(act: Act, session_hash: bytes) -> _Asked:
    holder = find_bound(session_hash, stored=act.uow, now=act.now).holder
    if not may_check(holder):
        raise NothingToCheck
    if is_paused(holder.holder_id, stored=act.uow):
        raise NothingPasses
    check_consent(holder.holder_id, stored=act.uow)
    spend(act, RECHECKS, holder.holder_id.encode())
    return _question(holder, reference=new_id(act, "chk"), keys=act.keys, now=act.now)


def _begin_for(act: Act, holder_id: HolderId) -> _Asked:
    holder = act.uow.holders.get(holder_id)
    if holder is None or not may_check(holder):
        raise NothingToCheck
    return _question(holder, reference=new_id(act, "chk"), keys=act.keys, now=act.now)


def _question(holder: Holder, *, reference: str, keys: Keys, now: datetime) -> _Asked:
    vault = open_vault(holder, keys=keys)
    number = vault.open("sealed_number", holder.sealed_number or b"").decode()
    return _Asked(
        seen=holder,
        name=parse_real_name(vault.open("sealed_name", holder.sealed_name or b"").decode()),
        number=parse_number_of_any_kind(number, today=service_date(now)),
        reference=reference,
    )


def _due(holder: Holder, *, months: int, stored: Repositories, now: datetime) -> datetime:
    """Return when the account's check is due: never before a pause ends, a consent is whole or a stop is undone."""
    if holder.is_deceased:
        # Whoever keeps the account of somebody who died asks anew by itself.
        return now + REST
    document = stored.restrictions.document(holder.holder_id)
    due = now if document is None else next_recheck(document.checked_at, months=months, now=now)
    if due > now:
        return due
    if not months or not may_check(holder) or is_paused(holder.holder_id, stored=stored):
        return now + REST
    try:
        check_consent(holder.holder_id, stored=stored)
    except AgreementNotAccepted:
        return now + REST
    return now


def _rest(act: Act, leased: LeasedJob, until: datetime) -> None:
    _end(act, leased)
    plan_recheck(act, HolderId(leased.job.key), at=until)


def _conclude_due(act: Act, leased: LeasedJob, asked: _Asked, answer: AuthorityAnswer) -> None:
    _end(act, leased)
    # What was not confirmed is asked again soon, so that a mistake of the register's does not last.
    _conclude(act, asked, answer)
    plan_recheck(act, asked.seen.holder_id)


def _end(act: Act, leased: LeasedJob) -> None:
    if not act.uow.jobs.end(leased.job.job_id, JobEnd.DONE, lease=leased.lease, now=act.now):
        raise LeaseLost


def _conclude(act: Act, asked: _Asked, answer: AuthorityAnswer) -> RecheckFinding:
    holder = act.uow.holders.get(asked.seen.holder_id)
    if holder is None or not _is_about(holder, asked.seen):
        raise StateConflict("The account changed while it was checked.")
    return apply_answer(act, holder, answer)


def apply_answer(act: Act, holder: Holder, answer: AuthorityAnswer) -> RecheckFinding:
    """Write down what the authority answered about the account just now, and set and lift the marks that follow.

    Raises:
        StateConflict: marks changed meanwhile.
    """
    vault = open_vault(holder, keys=act.keys)
    finding = judge_recheck(
        answer, is_same_mark=_is_same_mark(holder, answer, vault=vault), today=service_date(act.now)
    )
    if finding.confirms:
        keep_document(act, holder, answer.document_valid_until, vault=vault)
    note_event(act, holder.holder_id, EventKind.IDENTITY_CHECKED, detail=f"result={finding.result} rule={finding.rule}")
    new = None
    if finding.sets is not None:
        new = NewMark(cause=finding.sets, ceiling=finding.ceiling, rule=finding.rule)
    own = act.by_itself()
    if finding.is_deceased:
        stop_for_death(own, holder)
        return finding
    standing = lift_death(own, holder) if finding.confirms else holder
    change_marks(own, standing, new=new, lifts=finding.lifts)
    return finding


def _is_about(holder: Holder, seen: Holder) -> bool:
    """Say whether the account still holds what the authority was asked about, and may be checked."""
    same = (holder.sealed_name, holder.sealed_number) == (seen.sealed_name, seen.sealed_number)
    return same and may_check(holder)


def _is_same_mark(holder: Holder, answer: AuthorityAnswer, *, vault: Vault) -> bool:
    if answer.eid_mark is None or holder.sealed_eid_mark is None:
        return False
    return hmac.compare_digest(answer.eid_mark, vault.open("sealed_eid_mark", holder.sealed_eid_mark))
