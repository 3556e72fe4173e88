"""Execute a deregistration whose cooling is over: erase the account, and leave a receipt (clause 2.13; PIPL art. 47).

Two units of work. The first moves it to ``executing``, from which nothing leads back. Then the account's id goes to the
list beside the database, so that no backup brings the account to life again. The second erases. Doing any of it again,
after a crash at any place, ends the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

from eztong.domain.access.otp import (
    SENDS_BY_STRANGERS,
    WRONG_CODE_NOTICES,
    WRONG_CODES,
    OtpPurpose,
)
from eztong.domain.canonical_json import render_canonical
from eztong.domain.deregistration.deregistration import SALT_BYTES, Deregistration, DeregistrationState
from eztong.domain.deregistration.receipt import Kept, kept_classes, receipt_document
from eztong.domain.events import EventKind
from eztong.domain.holder import DRAWN_GENERATION_BYTES, Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import Job, JobEnd, JobKind
from eztong.domain.notices import Topic
from eztong.domain.registration import APPLICATIONS_BY_NUMBER, APPLICATIONS_BY_PHONE, SECOND_APPLICATION_NOTICES
from eztong.domain.restrictions.recheck import CHECKS_BY_STAFF, RECHECKS
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.ports.storage.deregistration.erasure import Leaver
from eztong.ports.storage.holders import Person
from eztong.usecases.apart import ERASING, Unread, each_by_itself, read_apart
from eztong.usecases.assistance.end_assistance import end_all
from eztong.usecases.contact.numbers import new_number, old_number
from eztong.usecases.deregistration.find_case import case_follows
from eztong.usecases.deregistration.tell_partners import tell_partners
from eztong.usecases.end_codes import end_codes
from eztong.usecases.guardianship.care import is_kept_and_asked_for
from eztong.usecases.guardianship.leave_ward import leave_all
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.sealed_email import open_email
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.operators.manage_operators import forget_person
from eztong.usecases.spend_budget import budget_subject
from eztong.usecases.vault import ended_index, open_vault, phone_index

Remember: TypeAlias = Callable[[HolderId], object]
"""Adds an account to the list beside the database, durably, before it is erased."""

_OF_PERSON: Final = (
    APPLICATIONS_BY_NUMBER,
    APPLICATIONS_BY_PHONE,
    SECOND_APPLICATION_NOTICES,
    WRONG_CODE_NOTICES,
    RECHECKS,
    CHECKS_BY_STAFF,
)
_OF_PURPOSE: Final = (SENDS_BY_STRANGERS, WRONG_CODES)


def execute_deregistration(leased: LeasedJob, *, services: Services, remember: Remember) -> Fate:
    """Erase the account of the ticket that the job names.

    Raises:
        LeaseLost: another worker does it; nothing was written.
        OSError: the list beside the database cannot be written; nothing was erased, and it is tried again.
    """
    begun = services.perform(SYSTEM, _begin, leased.job.key)
    if not isinstance(begun, Deregistration):
        return begun
    remember(begun.holder_id)
    services.perform(SYSTEM, _execute, begun, leased)
    return Fate.NOTED


def _begin(act: Act, ticket_id: str) -> Deregistration | Fate:
    """Return the deregistration that is executed now; what becomes of its job if it was undone, is done, or cools."""
    found = act.uow.deregistrations.of_ticket(ticket_id)
    if found is None or not found.is_due(now=act.now):
        # A clock that was set right meanwhile may have called it before its time.
        cools = found is not None and found.state is DeregistrationState.COOLING
        return Fate.POSTPONED if cools else Fate.DROPPED
    if found.waits_for_claims(now=act.now):
        # What cannot be read holds no end up.
        is_claimed = read_apart(act, ERASING, lambda: is_kept_and_asked_for(found.holder_id, stored=act.uow))
        if is_claimed is True:
            return Fate.POSTPONED
    if found.state is DeregistrationState.COOLING and not act.uow.deregistrations.begin(found):
        return Fate.DROPPED
    return replace(found, state=DeregistrationState.EXECUTING)


def _execute(act: Act, begun: Deregistration, leased: LeasedJob) -> None:
    if not act.uow.jobs.end(leased.job.job_id, JobEnd.DONE, lease=leased.lease, now=act.now):
        raise LeaseLost
    holder = _to_erase(act, begun.holder_id)
    if holder is not None and not holder.is_erased:
        erase_account(act, holder, begun)


def _to_erase(act: Act, holder_id: HolderId) -> Holder | None:
    """Return the account; of one whose row cannot be read, what of it can be, which is enough to erase it."""
    holder = read_apart(act, ERASING, lambda: act.uow.holders.get(holder_id))
    return act.uow.holders.readable_part(holder_id) if isinstance(holder, Unread) else holder


def erase_account(act: Act, holder: Holder, begun: Deregistration, *, was_told: bool = False) -> None:
    """Erase an account that is leaving, in one unit of work.

    1. Its codes end. The last message is queued, which names no account, unless the holder was told before. What
       partners shall hear is written down.
    2. Every table is emptied of it, as the erasure list says; a terminated person, or one with an open case, is
       kept by an index of its own.
    3. The data key is emptied: nothing that was sealed for the account opens anywhere.
    4. The receipt becomes a leaf of evidence; the authority is told by a job of its own.

    Nothing of it waits for anything to be opened or read: whom the message, the news to partners or what a case keeps
    cannot be made for, because a row or a sealed value is damaged, is passed over, counted and logged.
    """
    ticket = read_apart(act, ERASING, lambda: act.uow.tickets.get(begun.ticket_id))
    number = "" if ticket is None or isinstance(ticket, Unread) else ticket.number
    if not was_told:
        tell_holder(act, holder, Topic.DEREGISTERED, {"number": number}, names_account=False)
    told = tell_partners(act, holder, deregistration_id=begun.deregistration_id)
    held = case_follows(act, holder)
    terminated = _erase_rows(act, holder, held=held)
    note_event(act, holder.holder_id, EventKind.DEREGISTERED, detail=f"ticket={number}")
    kept = kept_classes(held=held, terminated=terminated, told=told)
    _leave_receipt(act, holder, replace(begun, held=held), number=number, kept=kept)


def erase_again(act: Act, holder_id: HolderId) -> bool:
    """Erase an account that the list names and that a backup brought back; return whether there was anything to erase.

    What its holder was told when it was erased first is not told again. One that cooled in the backup gets a receipt
    of this erasure, since the backup knows of no other; a copy of the first one stays valid. Partners hear once more:
    nobody knows any more which of them heard.
    """
    holder = _to_erase(act, holder_id)
    if holder is None or holder.is_erased:
        return False
    running = read_apart(act, ERASING, lambda: act.uow.deregistrations.running(holder_id))
    if running is None or isinstance(running, Unread):
        # Nobody knows any more which partners heard of it.
        tell_partners(act, holder, deregistration_id=None)
        _erase_rows(act, holder, held=case_follows(act, holder))
        return True
    # It is on the list, and nothing comes there before it is executed: so it was, and its holder knows.
    was_told = running.state is DeregistrationState.COOLING
    if was_told:
        act.uow.deregistrations.begin(running)
    erase_account(act, holder, replace(running, state=DeregistrationState.EXECUTING), was_told=was_told)
    return True


def _erase_rows(act: Act, holder: Holder, *, held: bool) -> bool:
    """Take the account out of every table; return whether a terminated person is kept."""
    end_codes(act, holder.holder_id)
    leave_all(act.by_itself(), holder)
    act.uow.apart(ERASING, lambda: end_all(act.by_itself(), holder))
    found = read_apart(act, ERASING, lambda: _kept_of(act, holder, held=held))
    kept = None if isinstance(found, Unread) else found
    act.uow.erasure.erase(_leaver(act, holder, held=held), now=act.now)
    index = holder.number_index
    if index is not None:
        act.uow.apart(ERASING, lambda: forget_person(act, index))
    act.uow.deregistrations.remove_cancelled(holder.holder_id)
    if kept is not None:
        act.uow.holders.save_person(kept)
    act.uow.holders.update(holder.erased())
    return kept is not None and kept.service_ended


def _leave_receipt(act: Act, holder: Holder, begun: Deregistration, *, number: str, kept: Sequence[Kept]) -> None:
    salted = replace(begun, salt=act.entropy.token(SALT_BYTES))
    document = render_canonical(receipt_document(salted, ticket=number, held=begun.held, kept=kept, now=act.now))
    leaf = act.uow.attest(document)
    done = replace(
        salted,
        state=DeregistrationState.DONE,
        done_at=act.now,
        receipt=document,
        batch_id=leaf.batch_id,
        leaf_index=leaf.index,
        authority_reference=holder.authority_reference,
    )
    act.uow.deregistrations.finish(done)
    if holder.authority_reference is not None:
        act.uow.jobs.add(
            Job(
                job_id=new_id(act, "job"),
                kind=JobKind.REVOCATION,
                key=begun.ticket_id,
                created_at=act.now,
                next_attempt_at=act.now,
            )
        )


def _kept_of(act: Act, holder: Holder, *, held: bool) -> Person | None:
    """Return what is kept of a person whom a termination or an open case follows; None of anybody else.

    Whoever was terminated stays who they were at every partner; a case keeps nothing to recognise them by there.
    """
    person = None if holder.number_index is None else act.uow.holders.person(holder.number_index)
    ended = holder.is_terminated or (person is not None and person.service_ended)
    if not (ended or held) or holder.sealed_number is None or holder.document_type is None:
        return None
    number = open_vault(holder, keys=act.keys).open("sealed_number", holder.sealed_number).decode()
    return Person(
        number_index=ended_index(holder.document_type.value, number, keys=act.keys),
        holder_id=None,
        generation=holder.generation if ended else act.entropy.token(DRAWN_GENERATION_BYTES),
        service_ended=ended,
        left_at=act.now,
    )


def _leaver(act: Act, holder: Holder, *, held: bool) -> Leaver:
    receivers = _receivers(act, holder)
    return Leaver(
        holder_id=holder.holder_id,
        number_index=holder.number_index,
        phone_index=holder.phone_index,
        held=held,
        phone_is_shared=_is_of_another(act, holder, holder.phone_index),
        receivers=receivers,
        budget_subjects=_budget_subjects(act, holder, receivers),
    )


def _receivers(act: Act, holder: Holder) -> Sequence[bytes]:
    """Return the indexes of other numbers and addresses that the account had, unless they are somebody else's now."""
    changes = read_apart(act, ERASING, lambda: act.uow.phone_changes.list(holder.holder_id))
    numbers = [
        partial(read, change, holder, keys=act.keys)
        for change in (() if isinstance(changes, Unread) else changes)
        for read in (old_number, new_number)
    ]
    had: set[str] = set()
    # What cannot be read keeps nobody from leaving.
    each_by_itself(act, ERASING, [*numbers, partial(_address, act, holder)], lambda read: had.add(read()))
    indexes = sorted(phone_index(one, keys=act.keys) for one in had if one)
    return [one for one in indexes if one != holder.phone_index and not _is_of_another(act, holder, one)]


def _address(act: Act, holder: Holder) -> str:
    email = act.uow.emails.get(holder.holder_id)
    return "" if email is None else open_email(email, open_vault(holder, keys=act.keys))


def _is_of_another(act: Act, holder: Holder, index: bytes | None) -> bool:
    if index is None:
        return False
    those = read_apart(act, ERASING, lambda: act.uow.holders.by_phone_index(index))
    # Whose it is cannot be read then, and what may be another's is left to them.
    return isinstance(those, Unread) or any(one.holder_id != holder.holder_id for one in those)


def _budget_subjects(act: Act, holder: Holder, receivers: Sequence[bytes]) -> Sequence[bytes]:
    # What is counted with a network, too, ends by itself within two days.
    own = (holder.number_index, holder.phone_index, holder.holder_id.encode())
    known = [*(one for one in own if one is not None), *receivers]
    of_person = [(budget, (one,)) for budget in _OF_PERSON for one in known]
    of_purpose = [
        (budget, (purpose.value.encode(), one)) for budget in _OF_PURPOSE for purpose in OtpPurpose for one in known
    ]
    return [budget_subject(budget, subject, keys=act.keys) for budget, subject in [*of_person, *of_purpose]]
