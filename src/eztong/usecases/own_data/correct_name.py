"""Correct the name: the number stays, the authority matches the new name, partner codes stay as they are (3.3).

Number and birth date are never edited: another number is another document, and staff decides on that in a ticket.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from eztong.domain.errors import AuthorityUnavailable, StateConflict
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import Author, TicketKind
from eztong.domain.holder import Holder, check_stands_as
from eztong.domain.identity.age import service_date
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.citizen_number import CitizenNumber, parse_number_of_any_kind
from eztong.domain.identity.real_name import RealName, parse_real_name
from eztong.domain.notices import Topic
from eztong.domain.own_data.correction import (
    ASKS_BY_ACCOUNT,
    Correction,
    CorrectionState,
    NameSame,
    RefusedBecause,
    refusal_of,
)
from eztong.domain.standing import check_may_show_code
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import HOLDER, Act
from eztong.ports.keys import Keys
from eztong.ports.services import Services
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.contact.cooling import check_contact_settled
from eztong.usecases.feedback.open_ticket import add_ticket
from eztong.usecases.feedback.sealed_words import add_words
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.restrictions.recheck_identity import apply_answer
from eztong.usecases.spend_budget import spend
from eztong.usecases.vault import Vault, open_vault

_TABLE = "corrections"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectName:
    """The name as it stands on the document now; ``words`` open the ticket if the authority does not confirm it."""

    session_hash: bytes
    name: str = field(repr=False)
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Case:
    """What the authority is asked about."""

    correction_id: str
    holder: Holder
    name: RealName
    number: CitizenNumber


@dataclass(frozen=True, slots=True)
class Names:
    """Both names of a correction."""

    old: str = field(repr=False)
    new: str = field(repr=False)


def correct_name(command: CorrectName, *, services: Services) -> Correction:
    """Have the new name matched, and replace the name if it is; else open a ticket in which staff answers.

    1. The session is the holder's own, on a bound device, unlocked; the account is in use, and its contact settled.
    2. An account asks so often a day, whatever comes of it.
    3. The authority is asked about the new name and the number on file, outside any unit of work. It must say that it
       is the same person.
    4. The name is replaced if it still is the one of before; the holder is told either way. A match is a check of the
       identity as well: what a check lifts, it lifts.

    Raises:
        NameInvalid, NameSame: it cannot be right, or is the name of before.
        SessionMissing, HolderNotUsable, DeviceNotBound, Locked: this session may not.
        ContactCooling: the phone was changed a short while ago.
        TooMany: it was asked too often today.
        AuthorityUnavailable: it could not be asked, or has no answer yet; nothing was decided.
        StateConflict: the account changed meanwhile.
    """
    name = parse_real_name(command.name)
    case = services.perform(HOLDER, _begin, command.session_hash, name)
    answer = services.authority.match(name=name, number=case.number, reference=case.correction_id)
    if answer.verdict is AuthorityVerdict.PENDING:
        raise AuthorityUnavailable
    return services.perform(HOLDER, _decide, command, case, answer, calendar=services.deployment.calendar)


def names_of(correction: Correction, holder: Holder, *, keys: Keys) -> Names:
    """Open both names.

    Raises:
        HolderErased, SealedDataDamaged: they cannot be read.
    """
    vault = open_vault(holder, keys=keys)
    place = correction.correction_id
    return Names(
        old=vault.open(f"{place}.old", correction.sealed_old, table=_TABLE).decode(),
        new=vault.open(f"{place}.new", correction.sealed_new, table=_TABLE).decode(),
    )


def _begin(act: Act, session_hash: bytes, name: RealName) -> _Case:
    holder = _whose(act, session_hash)
    vault = open_vault(holder, keys=act.keys)
    if holder.sealed_name is None or holder.sealed_number is None:
        raise StateConflict
    if vault.open("sealed_name", holder.sealed_name).decode() == name.display:
        raise NameSame
    spend(act, ASKS_BY_ACCOUNT, holder.holder_id.encode())
    number = parse_number_of_any_kind(
        vault.open("sealed_number", holder.sealed_number).decode(), today=service_date(act.now)
    )
    return _Case(new_id(act, "cor"), holder, name, number)


def _decide(
    act: Act, command: CorrectName, case: _Case, answer: AuthorityAnswer, *, calendar: WorkCalendar
) -> Correction:
    holder = _whose(act, command.session_hash)
    check_stands_as(holder, case.holder)
    vault = open_vault(holder, keys=act.keys)
    reason = refusal_of(answer.verdict, is_same_person=_is_same_person(holder, answer, vault))
    correction = seal_correction(act, holder, case.correction_id, case.name)
    if reason is None:
        _apply(act, holder, case.name, vault)
        apply_answer(act, holder, answer)
    else:
        number = _refuse(act, command, holder, reason, calendar=calendar)
        correction = replace(correction, state=CorrectionState.REFUSED, reason=reason, ticket_number=number)
    act.uow.corrections.add(correction)
    return correction


def _whose(act: Act, session_hash: bytes) -> Holder:
    holder = find_unlocked(session_hash, stored=act.uow, now=act.now).holder
    check_may_show_code(holder)
    check_contact_settled(holder.holder_id, stored=act.uow, now=act.now)
    return holder


def _is_same_person(holder: Holder, answer: AuthorityAnswer, vault: Vault) -> bool:
    known = holder.sealed_eid_mark
    return known is not None and vault.open("sealed_eid_mark", known) == answer.eid_mark


def seal_correction(act: Act, holder: Holder, place: str, name: RealName) -> Correction:
    """Return an applied correction from the account's name to ``name``, with the id ``place``; nothing is stored."""
    vault = open_vault(holder, keys=act.keys)
    old = vault.open("sealed_name", holder.sealed_name or b"")
    return Correction(
        holder_id=holder.holder_id,
        correction_id=place,
        state=CorrectionState.APPLIED,
        reason=None,
        sealed_old=vault.seal(f"{place}.old", old, entropy=act.entropy, table=_TABLE),
        sealed_new=vault.seal(f"{place}.new", name.display.encode(), entropy=act.entropy, table=_TABLE),
        asked_at=act.now,
    )


def _apply(act: Act, holder: Holder, name: RealName, vault: Vault) -> None:
    sealed = vault.seal("sealed_name", name.display.encode(), entropy=act.entropy)
    if not act.uow.holders.change_name(holder, replace(holder, sealed_name=sealed)):
        raise StateConflict
    note_event(act, holder.holder_id, EventKind.NAME_CORRECTED)
    tell_holder(act, holder, Topic.NAME_CORRECTED, {})


def _refuse(act: Act, command: CorrectName, holder: Holder, reason: RefusedBecause, *, calendar: WorkCalendar) -> str:
    """Open the ticket in which staff answers, tell the holder, and return its number."""
    ticket = add_ticket(act, TicketKind.CORRECTION, holder.holder_id, calendar=calendar)
    add_words(act, ticket, command.words, author=Author.ASKER)
    note_event(act, holder.holder_id, EventKind.CORRECTION_REFUSED, detail=f"reason={reason} ticket={ticket.number}")
    tell_holder(act, holder, Topic.CORRECTION_REFUSED, {"number": ticket.number})
    return ticket.number
