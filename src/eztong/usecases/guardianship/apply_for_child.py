"""Apply for a child under 14 as the guardian, who consents for it (preamble of the agreement; PIPL art. 31).

Nothing of the child is stored before the guardian pressed, and nothing at all where the authority denies the relation.
The child gets an account without phone, device and sign-in: the guardian acts for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from eztong.domain.agreements import AgreementKind
from eztong.domain.events import EventKind
from eztong.domain.guardianship.guardianship import (
    CHILD_APPLICATIONS,
    AlreadyDeclared,
    Guardianship,
    GuardianshipState,
    NotAChild,
    RelationDenied,
)
from eztong.domain.guardianship.relation import Relation, RelationAnswer, RelationQuestion, Subject
from eztong.domain.guardianship.ward import is_frozen_by_guardian, is_kept_by_guardian
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import AcceptanceId, HolderId
from eztong.domain.identity.age import AgeBand, age_band_on, service_date
from eztong.domain.identity.real_name import NameOutcome, compare_names, parse_real_name
from eztong.domain.registration import Reason
from eztong.ports.act import HOLDER, Act
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreements.check_consent import awaits_acceptance
from eztong.usecases.end_codes import end_codes
from eztong.usecases.guardianship.care import check_room, find_declarant, question_of, subject_of
from eztong.usecases.guardianship.settle_relation import settle_answer
from eztong.usecases.naming import new_id
from eztong.usecases.note_care import note_both
from eztong.usecases.note_event import note_event
from eztong.usecases.registration.accept_agreements import AcceptAgreements, accepted_text, record_acceptance
from eztong.usecases.registration.decide_application import parse_number
from eztong.usecases.spend_budget import spend
from eztong.usecases.vault import Vault, new_vault, number_index, open_vault

ACTS: Final[Mapping[str, str]] = {
    "zh-CN": "监护人为未满十四周岁的儿童逐份勾选文件，然后按下：代孩子申请并同意授权",
    "en": "guardian of a child under 14: ticked each document, then pressed: apply for the child and agree",
}
"""What the guardian did, in the language of the text that was accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyForChild:
    """The child's name and number, what the guardian is to it, and the consent that came with the press."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    relation: Relation
    consent: AcceptAgreements
    """Its session is the guardian's."""


@dataclass(frozen=True, slots=True)
class _Asked:
    guardianship_id: str
    child: Subject = field(repr=False)
    question: RelationQuestion = field(repr=False)


def apply_for_child(command: ApplyForChild, *, services: Services) -> Guardianship:
    """Declare to be the child's guardian, consent and apply; return the guardianship as it stands.

    1. The number is of a child under 14, or of a minor whose account was kept by a guardian until now, or stands frozen
       because its guardian left; the guardian is an adult with an account in use, unlocked just now; every document in
       force was ticked as it was shown.
    2. The authority is asked about the relation, outside any unit of work. If it denies, nothing of the child is kept.
    3. The child's application is written with the guardian's acceptances. Where the child has an account already the
       claim is about that one, and its name must be the account's.
    4. With the relation confirmed the application goes to the authority; else staff decide first.

    Raises:
        NameInvalid, NumberInvalid, NotAChild, TickMissing, AgreementChanged: nothing was tried.
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible: this session may not.
        NothingPasses, AgreementNotAccepted: nothing of the guardian's own passes.
        RelationDenied, AlreadyDeclared, WardsFull, TooMany: no, or not more.
        AuthorityUnavailable: nothing was decided or stored.
    """
    name = parse_real_name(command.name)
    now = services.clock.now()
    number = parse_number(command.number, deployment=services.deployment, now=now)
    band = age_band_on(number.birth_date, service_date(now))
    if band is AgeBand.ADULT:
        raise NotAChild
    asked = services.perform(HOLDER, _ask, command, Subject(name, number))
    answer = services.authority.relation(asked.question)
    found = services.perform(HOLDER, _apply, command, asked, answer, needs_account=band is not AgeBand.CHILD)
    if found is None:
        raise RelationDenied
    return found


def _ask(act: Act, command: ApplyForChild, child: Subject) -> _Asked:
    guardian = find_declarant(command.consent.session_hash, stored=act.uow, keys=act.keys, now=act.now)
    for kind in AgreementKind:
        accepted_text(kind, command.consent, stored=act.uow)
    spend(act, CHILD_APPLICATIONS, guardian.holder_id.encode())
    guardianship_id = new_id(act, "gdn")
    own = subject_of(guardian, keys=act.keys, now=act.now)
    return _Asked(guardianship_id, child, question_of(guardianship_id, command.relation, ward=child, guardian=own))


def _apply(
    act: Act, command: ApplyForChild, asked: _Asked, answer: RelationAnswer, *, needs_account: bool
) -> Guardianship | None:
    """Return the guardianship; None if it was denied, of which only the guardian's own history tells.

    Raises:
        NotAChild: an own application is for the minor to write; said only where the authority confirms the relation.
    """
    guardian = find_declarant(command.consent.session_hash, stored=act.uow, keys=act.keys, now=act.now)
    number = asked.child.number
    index = number_index(number.document_type.value, number.value, keys=act.keys)
    account = _account_of(act, index)
    if account is not None and (account.is_deceased or not _has_name(act, account, asked.child)):
        note_event(act, guardian.holder_id, EventKind.GUARDIAN_REFUSED, detail="role=guardian")
        return None
    # Where the authority does not know, a minor without such an account looks like one with another name.
    knows_none = account is None and needs_account and answer is not RelationAnswer.CONFIRMED
    if answer is RelationAnswer.DENIED or knows_none:
        by = " decided_by=authority" if answer is RelationAnswer.DENIED else ""
        note_event(act, guardian.holder_id, EventKind.GUARDIAN_REFUSED, detail=f"role=guardian{by}")
        return None
    if account is None and needs_account:
        raise NotAChild
    standing = _agreed_again(act, guardian, index, command.consent, may_agree=not needs_account)
    if standing is not None:
        return standing
    declared = Guardianship(
        ward_id=HolderId(new_id(act, "hld")) if account is None else account.holder_id,
        guardianship_id=asked.guardianship_id,
        state=GuardianshipState.DECLARED,
        asked_at=act.now,
        guardian_id=guardian.holder_id,
        relation=command.relation,
        declared_at=act.now,
    )
    check_room(guardian, stored=act.uow)
    act = act.as_guardian(declared.guardianship_id)
    if account is None:
        _add_child(act, declared.ward_id, command.consent, asked.child)
    act.uow.guardianships.add(declared)
    note_both(act, declared)
    return settle_answer(act.by_itself(), declared, answer)


def _account_of(act: Act, index: bytes) -> Holder | None:
    person = act.uow.holders.person(index)
    found = None if person is None or person.holder_id is None else act.uow.holders.get(person.holder_id)
    if found is None or not found.has_account:
        return None
    return found if is_kept_by_guardian(found) or _is_left(found, stored=act.uow) else None


def _is_left(minor: Holder, *, stored: Repositories) -> bool:
    """Say whether a minor who signs in alone stands frozen for want of a guardian: a lost phone invites nobody."""
    return is_frozen_by_guardian(minor) and stored.guardianships.active_of(minor.holder_id) is None


def _has_name(act: Act, account: Holder, child: Subject) -> bool:
    kept = open_vault(account, keys=act.keys).open("sealed_name", account.sealed_name or b"").decode()
    same = {NameOutcome.MATCH, NameOutcome.MATCH_WITH_NOTE}
    return compare_names(child.name, parse_real_name(kept)).outcome in same


def _agreed_again(
    act: Act, guardian: Holder, index: bytes, consent: AcceptAgreements, *, may_agree: bool
) -> Guardianship | None:
    """Return the guardian's own guardianship of this child, with the consent given anew; None: there is none.

    Raises:
        AlreadyDeclared: there is one, and nothing to agree to; from 14 on people agree themselves.
    """
    for one in act.uow.guardianships.of_guardian(guardian.holder_id):
        ward = act.uow.holders.get(one.ward_id) if one.is_open else None
        # An application that was refused, of a minor who has an account already, stands in no way.
        if ward is None or ward.number_index != index or ward.state is HolderState.REFUSED:
            continue
        is_active = one.state is GuardianshipState.ACTIVE
        if not may_agree or not is_active or not awaits_acceptance(ward.holder_id, stored=act.uow):
            raise AlreadyDeclared
        act = act.as_guardian(one.guardianship_id)
        ids = _accept(act, consent, open_vault(ward, keys=act.keys))
        end_codes(act, ward.holder_id)
        service, authorisation = ids[AgreementKind.SERVICE], ids[AgreementKind.AUTHORISATION]
        act.uow.holders.update(replace(ward, service_acceptance=service, authorisation_acceptance=authorisation))
        return one
    return None


def _accept(act: Act, consent: AcceptAgreements, vault: Vault) -> Mapping[AgreementKind, AcceptanceId]:
    """Record what the guardian ticked for the child whose vault it is."""
    texts = {kind: accepted_text(kind, consent, stored=act.uow) for kind in AgreementKind}
    return {kind: record_acceptance(act, text, consent, vault, said=ACTS) for kind, text in texts.items()}


def _add_child(act: Act, child_id: HolderId, consent: AcceptAgreements, child: Subject) -> None:
    """Store the application of the child: the acceptances by the guardian first, then what they allow."""
    vault, data_key = new_vault(child_id, keys=act.keys, entropy=act.entropy)
    ids = _accept(act, consent, vault)
    number = child.number
    draft = Holder(
        holder_id=child_id,
        state=HolderState.DRAFT,
        created_at=act.now,
        data_key=data_key,
        service_acceptance=ids[AgreementKind.SERVICE],
        authorisation_acceptance=ids[AgreementKind.AUTHORISATION],
        document_type=number.document_type,
        number_index=number_index(number.document_type.value, number.value, keys=act.keys),
        sealed_number=vault.seal("sealed_number", number.value.encode(), entropy=act.entropy),
        sealed_name=vault.seal("sealed_name", child.name.display.encode(), entropy=act.entropy),
    )
    waiting = draft.moved_to(HolderState.APPLIED).moved_to(HolderState.SUPPLEMENT_NEEDED)
    act.uow.holders.add(replace(waiting, reason=Reason.RELATION_WAITS.value))
