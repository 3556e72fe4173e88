"""Confirm a minor of 14 to 17 as the guardian, by the six digits of the invitation (preamble; PIPL art. 31)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.budget import Budget
from eztong.domain.errors import TickMissing
from eztong.domain.guardianship.guardianship import (
    WRONG_BY_GUARDIAN,
    WRONG_BY_WARD,
    GuardianNotEligible,
    Guardianship,
    InvitationWrong,
    parse_invitation,
)
from eztong.domain.guardianship.relation import Relation, RelationAnswer, RelationQuestion
from eztong.domain.holder import Holder
from eztong.domain.identity.citizen_number import CitizenNumber
from eztong.ports.act import HOLDER, Act
from eztong.ports.services import Services
from eztong.usecases.guardianship.care import (
    change,
    check_room,
    find_declarant,
    invitation_hash,
    question_of,
    subject_of,
)
from eztong.usecases.guardianship.invite_guardian import needs_guardian
from eztong.usecases.guardianship.settle_relation import settle_answer
from eztong.usecases.note_care import note_both
from eztong.usecases.refusal import Refused, accepted
from eztong.usecases.registration.decide_application import parse_number
from eztong.usecases.spend_budget import spend, spent
from eztong.usecases.vault import number_index


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmWard:
    """What the guardian types: the invitation's digits, the minor's number, and what they are to each other."""

    session_hash: bytes
    digits: str = field(repr=False)
    number: str = field(repr=False)
    relation: Relation
    understood: bool
    """Read what a guardian agrees to, and agreed."""


@dataclass(frozen=True, slots=True)
class _Found:
    """An invitation that fits, with what the authority is asked about it."""

    invited: Guardianship
    question: RelationQuestion = field(repr=False)


def confirm_ward(command: ConfirmWard, *, services: Services) -> Guardianship:
    """Declare to be the minor's guardian; return the guardianship as it stands after the authority's answer.

    1. The guardian is an adult with an account in use, unlocked just now, and not the minor.
    2. Digits and number fit an open invitation together; a wrong try is counted for the guardian and for the number.
    3. Both declared the same relation. The authority is asked outside any unit of work.
    4. The declaration is written and attested, with what the authority said: confirmed, denied, or staff decide.

    Raises:
        InvitationDigitsInvalid, NumberInvalid, TickMissing: nothing was tried.
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible: this session may not.
        NothingPasses, AgreementNotAccepted: nothing of the guardian's own passes.
        InvitationWrong, RelationDiffers: they do not fit.
        WardsFull, TooMany: not more, or not today.
        AuthorityUnavailable: nothing was decided; the invitation still stands.
    """
    digits = parse_invitation(command.digits)
    number = parse_number(command.number, deployment=services.deployment, now=services.clock.now())
    if not command.understood:
        raise TickMissing
    found = accepted(services.perform(HOLDER, _find, command, digits, number))
    answer = services.authority.relation(found.question)
    return services.perform(HOLDER, _declare, command, found.invited, answer)


def _find(act: Act, command: ConfirmWard, digits: str, number: CitizenNumber) -> _Found | Refused:
    guardian = find_declarant(command.session_hash, stored=act.uow, keys=act.keys, now=act.now)
    index = number_index(number.document_type.value, number.value, keys=act.keys)
    if guardian.number_index == index:
        raise GuardianNotEligible
    check_room(guardian, stored=act.uow)
    subjects = ((WRONG_BY_GUARDIAN, guardian.holder_id.encode()), (WRONG_BY_WARD, index))
    for budget, subject in subjects:
        _check_left(act, budget, subject)
    invited = act.uow.guardianships.by_invitation(invitation_hash(digits, index, keys=act.keys))
    ward = None if invited is None else act.uow.holders.get(invited.ward_id)
    if invited is None or ward is None or not invited.takes_digits(now=act.now) or not _still_waits(act, ward):
        for budget, subject in subjects:
            spend(act, budget, subject)
        return Refused(InvitationWrong())
    invited.check_relation(command.relation)
    people = [subject_of(one, keys=act.keys, now=act.now) for one in (ward, guardian)]
    return _Found(invited, question_of(invited.guardianship_id, command.relation, ward=people[0], guardian=people[1]))


def _check_left(act: Act, budget: Budget, subject: bytes) -> None:
    # Also the right digits are not taken once it is used up. What is spent here goes with the refusal.
    if spent(budget, subject, stored=act.uow, keys=act.keys, now=act.now) >= budget.amount:
        spend(act, budget, subject)


def _still_waits(act: Act, ward: Holder) -> bool:
    return needs_guardian(ward, stored=act.uow, keys=act.keys, now=act.now)


def _declare(act: Act, command: ConfirmWard, invited: Guardianship, answer: RelationAnswer) -> Guardianship:
    guardian = find_declarant(command.session_hash, stored=act.uow, keys=act.keys, now=act.now)
    check_room(guardian, stored=act.uow)
    ward = act.uow.holders.get(invited.ward_id)
    if ward is None or not invited.takes_digits(now=act.now) or not _still_waits(act, ward):
        raise InvitationWrong
    declared = change(act, invited, invited.declared(guardian.holder_id, command.relation, now=act.now))
    act = act.as_guardian(declared.guardianship_id)
    note_both(act, declared)
    return settle_answer(act.by_itself(), declared, answer)
