"""Add people to a partner's portal, invite them, give them a role, disable them, end their sessions.

An operator who keeps partners does it for any partner, so that there is a first one and a way back; an administrator of
the partner for their own. Nobody does it to themselves, so that whoever acts is an administrator who stays.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace

from eztong.domain.errors import StateConflict
from eztong.domain.events import Actor
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.life_cycle import check_let_in
from eztong.domain.partners.partner import Partner, PartnerState
from eztong.domain.portal.permission import PortalPermission
from eztong.domain.portal.person import (
    MOST_PEOPLE,
    NotOneself,
    PersonUnknown,
    PortalFull,
    PortalNameTaken,
    PortalPerson,
    PortalRole,
    PortalState,
    parse_person_name,
)
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.naming import new_id
from eztong.usecases.portal.check_person import check_keeps

_WORD = b"portal-invitation\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPerson:
    """A new person of a partner, and the word that invites them."""

    partner_id: PartnerId
    name: str
    role: PortalRole
    word: str = field(repr=False)


def add_person(act: Act, command: AddPerson) -> PortalPerson:
    """Add a person and invite them: the word opens the name once, for 24 hours.

    1. Whoever acts may, and the partner was let in once: also one that is suspended or closed needs somebody who reads.
    2. The name is free, and there is room.
    3. Person and invitation are stored, and attested.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, PortalRefused, PortalRoleMissing, PortalNotOpen: may not.
        PartnerStateConflict: nobody has approved the partner yet.
        PortalNameInvalid, PortalNameTaken, PortalFull: nothing was added.
    """
    name = parse_person_name(command.name)
    check_keeps(act, command.partner_id, PortalPermission.PEOPLE_KEEP, name)
    _check_has_portal(_partner(command.partner_id, stored=act.uow))
    found = act.uow.portal.list(command.partner_id)
    if sum(one.is_active for one in found.those) + found.unreadable >= MOST_PEOPLE:
        raise PortalFull
    person = PortalPerson(
        partner_id=command.partner_id,
        name=name,
        person_id=new_id(act, "ptp"),
        role=command.role,
        state=PortalState.ACTIVE,
        created_at=act.now,
        added_by=act.by.name,
    )
    invited = person.invited(hash_word(person, command.word, keys=act.keys), now=act.now)
    if not act.uow.portal.add(invited):
        raise PortalNameTaken
    _attest(act, person, what="added", role=command.role)
    return invited


def invite_person(act: Act, partner_id: PartnerId, name: str, *, word: str) -> PortalPerson:
    """Invite a person anew: the way back for who lost secret or app. What they have works until the word is used.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, PortalRefused, PortalRoleMissing, PortalNotOpen: may not.
        PersonUnknown, NotOneself: no such person, or it is oneself.
        StateConflict: the person is disabled.
    """
    check_keeps(act, partner_id, PortalPermission.PEOPLE_KEEP, name)
    person = find_person(partner_id, name, stored=act.uow)
    _check_another(act, person)
    invited = person.invited(hash_word(person, word, keys=act.keys), now=act.now)
    if not act.uow.portal.invite(invited):
        raise StateConflict("This person is disabled.")
    _attest(act, person, what="invited")
    return invited


def give_role(act: Act, partner_id: PartnerId, name: str, role: PortalRole) -> PortalPerson:
    """Give a person another role, from the next act on.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, PortalRefused, PortalRoleMissing, PortalNotOpen: may not.
        PersonUnknown, NotOneself: nothing was changed.
        StateConflict: it changed at the same moment.
    """
    check_keeps(act, partner_id, PortalPermission.PEOPLE_KEEP, name)
    person = find_person(partner_id, name, stored=act.uow)
    _check_another(act, person)
    if not act.uow.portal.set_role(person, role):
        raise StateConflict("The role was changed at the same moment. Look again.")
    _attest(act, person, what="role", role=role)
    return replace(person, role=role)


def disable_person(act: Act, partner_id: PartnerId, name: str) -> PortalPerson:
    """Disable a person for good: signed out at once, and invited no more.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, PortalRefused, PortalRoleMissing, PortalNotOpen: may not.
        PersonUnknown, NotOneself: nothing was changed.
        StateConflict: the person is disabled already.
    """
    check_keeps(act, partner_id, PortalPermission.PEOPLE_END, name)
    person = find_person(partner_id, name, stored=act.uow)
    _check_another(act, person)
    if not person.is_active or not act.uow.portal.move(person, PortalState.DISABLED):
        raise StateConflict("This person is disabled already.")
    act.uow.portal.end_sessions(partner_id, person.name, now=act.now)
    _attest(act, person, what="disabled")
    return replace(person, state=PortalState.DISABLED)


def end_sessions_of(act: Act, partner_id: PartnerId, name: str) -> int:
    """Sign a person out everywhere; return in how many browsers they were signed in.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, PortalRefused, PortalRoleMissing, PortalNotOpen: may not.
        PersonUnknown: the partner has no such person.
    """
    check_keeps(act, partner_id, PortalPermission.PEOPLE_END, name)
    person = find_person(partner_id, name, stored=act.uow)
    return act.uow.portal.end_sessions(partner_id, person.name, now=act.now)


def find_person(partner_id: PartnerId, name: str, *, stored: Repositories) -> PortalPerson:
    """Return a person of the partner.

    Raises:
        PersonUnknown: it has none of this name.
    """
    person = stored.portal.get(partner_id, name)
    if person is None:
        raise PersonUnknown
    return person


def hash_word(person: PortalPerson, word: str, *, keys: Keys) -> bytes:
    """Return the keyed hash of a person's word, in whatever way it is written."""
    plain = "".join(letter for letter in word.lower() if letter.isalnum())
    return keys.mac(MacPurpose.SESSION, _WORD + person.login.encode() + b"\x00" + plain.encode())


def was_invited_by(person: PortalPerson, word: str, *, keys: Keys) -> bool:
    """Say whether this is the word of the person's invitation."""
    return person.invite_hash is not None and hmac.compare_digest(
        person.invite_hash, hash_word(person, word, keys=keys)
    )


def _partner(partner_id: PartnerId, *, stored: Repositories) -> Partner:
    partner = stored.partners.get(partner_id)
    if partner is None:
        raise PersonUnknown("There is no such partner.")
    return partner


def _check_has_portal(partner: Partner) -> None:
    if partner.state is not PartnerState.CLOSED:
        check_let_in(partner)


def _check_another(act: Act, person: PortalPerson) -> None:
    if act.by.actor is Actor.PARTNER and act.by.name == person.login:
        raise NotOneself


def _attest(act: Act, person: PortalPerson, *, what: str, role: PortalRole | None = None) -> None:
    facts = {"person": person.person_id, "what": f"portal_{what}"} | ({} if role is None else {"role": role.value})
    attest_act(act, WhatWasDone(kind=ActKind.PARTNER_CHANGED, subject=person.partner_id, facts=facts))
