"""Set a person up for the portal: invited by a word, they get a secret that nobody else sees, and a second factor."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from eztong.domain.errors import StateConflict
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.session import InvitationRefused
from eztong.domain.portal.person import PortalPerson, PortalSession, login_of, parse_login
from eztong.ports.act import Act, Acting
from eztong.ports.keys import Keys
from eztong.ports.services import Services
from eztong.usecases.draw_password import make_password
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.console_tries import check_may_try, refuse_try
from eztong.usecases.portal.manage_people import was_invited_by
from eztong.usecases.portal.sign_in_person import begin_portal_session, factor_place
from eztong.usecases.refusal import accepted
from eztong.usecases.set_up_offer import SetUpOffer, check_offer, draw_offer, take_offer


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpPerson:
    """What was typed: the word, the app's first code; and the offer as it came back."""

    word: str = field(repr=False)
    offer: SetUpOffer
    code: str = field(repr=False)
    token: str = field(repr=False)
    network: str


def offer_to_person(login: str, word: str, *, network: str, by: Acting, services: Services) -> SetUpOffer:
    """Draw a secret and an app's key for whoever holds the word. Nothing is stored yet.

    Raises:
        PortalNameInvalid: it can be nobody's name.
        InvitationRefused: name and word do not belong together, or the invitation is over.
        OperatorLocked: too many wrong tries lately from this network.
    """
    person = _judge_word(login, word, network=network, by=by, services=services)
    return draw_offer(person.login, make_password(entropy=services.entropy), services=services)


def set_up_person(command: SetUpPerson, *, by: Acting, services: Services) -> PortalSession:
    """Give the person the offered secret and second factor, end the invitation and older sessions, and begin one.

    Raises:
        PortalNameInvalid, InvitationRefused, OperatorLocked: as :func:`offer_to_person` says, also of the offer.
        OneTimeCodeWrong: the app shows other digits; the offer stands.
        StateConflict: somebody else set the person up at the same moment.
    """
    name, partner_id = parse_login(command.offer.name)
    check_offer(command.offer, login_of(name, partner_id), services=services)
    person = _judge_word(command.offer.name, command.word, network=command.network, by=by, services=services)
    taken = take_offer(command.offer, command.code, place=factor_place(person), services=services)
    made = replace(person, secret_hash=taken.secret_hash, second_factor=taken.second_factor, used_step=taken.step)
    acting = replace(by, name=person.login)
    return services.perform(acting, _set_up, made, seen=person, word=command.word, token=command.token)


def _set_up(act: Act, made: PortalPerson, *, seen: PortalPerson, word: str, token: str) -> PortalSession:
    person = act.uow.portal.get(made.partner_id, made.name)
    if person is None or not _fits(person, word, keys=act.keys, now=act.now.timestamp()):
        raise InvitationRefused
    if not act.uow.portal.set_up(made, seen=seen.secret_hash):
        raise StateConflict("Somebody else set this person up at the same moment. Ask for a new invitation.")
    act.uow.portal.end_sessions(person.partner_id, person.name, now=act.now)
    facts = {"person": person.person_id, "what": "portal_set_up"}
    attest_act(act, WhatWasDone(kind=ActKind.PARTNER_CHANGED, subject=person.partner_id, facts=facts))
    return begin_portal_session(act, replace(made, role=person.role), token)


def _judge_word(login: str, word: str, *, network: str, by: Acting, services: Services) -> PortalPerson:
    name, partner_id = parse_login(login)
    whole, now = login_of(name, partner_id), services.clock.now()
    with services.store.read() as stored:
        check_may_try(whole, network, stored=stored, keys=services.keys, now=now)
        person = stored.portal.get(partner_id, name)
    if person is not None and _fits(person, word, keys=services.keys, now=now.timestamp()):
        return person
    return accepted(services.perform(replace(by, name=whole), refuse_try, network, InvitationRefused()))


def _fits(person: PortalPerson, word: str, *, keys: Keys, now: float) -> bool:
    """Say whether the word invites this person now."""
    if not person.is_active or person.invite_until is None or now >= person.invite_until.timestamp():
        return False
    return was_invited_by(person, word, keys=keys)
