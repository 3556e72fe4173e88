"""Set an operator up for the console: invited by a word, they get a secret that nobody else sees, and a second factor.

The first operator of a service is invited by the server itself, which prints the word where only its owner reads it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from typing import Final

from eztong.domain.errors import StateConflict
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.operator import Operator, OperatorRole, OperatorState, parse_operator_name
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.session import InvitationRefused, OperatorSession
from eztong.domain.signed_in import INVITATION_LIFE
from eztong.ports.act import Act, Acting
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.check_operator import check_operator
from eztong.usecases.operators.console_tries import check_may_try, refuse_try
from eztong.usecases.operators.manage_operators import find_operator, make_operator_secret
from eztong.usecases.operators.sign_in_operator import begin_session, factor_place
from eztong.usecases.refusal import accepted
from eztong.usecases.set_up_offer import SetUpOffer, check_offer, draw_offer, take_offer

FIRST_INVITATION: Final = "first_operator_invitation"
"""The setting that holds the hash and the end of the first operator's word."""

_WORD = b"operator-invitation\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpOperator:
    """What was typed: the word, the app's first code; and the offer as it came back."""

    word: str = field(repr=False)
    offer: SetUpOffer
    code: str = field(repr=False)
    token: str = field(repr=False)
    network: str


def invite_operator(act: Act, name: str, *, word: str) -> Operator:
    """Invite an operator to set up secret and second factor: their own again, if they have lost either.

    The word opens the name once, for 24 hours. Whoever gives it may have used it, so they count as that operator as
    whoever gives a secret does.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: nobody of role system acts.
        NotFound: no such operator.
        StateConflict: the operator is disabled; or it is one's own name.
    """
    inviter = check_operator(act, Permission.OPERATORS_INVITE, name)
    operator = find_operator(name, stored=act.uow)
    if operator.name == inviter.name:
        raise StateConflict("Another operator of role system invites you; with your secret you need no invitation.")
    # From now on the name may be the inviter's, until its operator alone has renewed the secret.
    given = operator.with_secret(operator.secret_hash, giver=inviter, now=act.now)
    if not act.uow.operators.set_secret(given, seen=operator.secret_hash):
        raise StateConflict("The secret was renewed at the same moment. Try again.")
    invited = replace(
        given, invite_hash=hash_word(operator.name, word, keys=act.keys), invite_until=act.now + INVITATION_LIFE
    )
    if not act.uow.operators.invite(invited):
        raise StateConflict("This operator is disabled.")
    attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_INVITED, subject=operator.name))
    return find_operator(name, stored=act.uow)


def invite_first(act: Act, *, word: str) -> bool:
    """Invite whoever will be the first operator; return whether there is none yet, so that the word works."""
    if not act.uow.operators.list().is_empty:
        return False
    until = int((act.now + INVITATION_LIFE).timestamp())
    act.uow.settings.set(FIRST_INVITATION, f"{hash_word('', word, keys=act.keys).hex()} {until}")
    return True


def offer_set_up(name: str, word: str, *, network: str, by: Acting, services: Services) -> SetUpOffer:
    """Draw a secret and an app's key for whoever holds the word, or the secret that they were given by a command.

    Nothing is stored yet: the offer comes back with the app's first code.

    Raises:
        OperatorNameInvalid: it can be nobody's name.
        InvitationRefused: name and word do not belong together, or it is over.
        OperatorLocked: too many wrong tries lately from this network.
    """
    parsed = parse_operator_name(name)
    _judge_word(parsed, word, network=network, by=by, services=services)
    return draw_offer(parsed, make_operator_secret(entropy=services.entropy), services=services)


def set_up_operator(command: SetUpOperator, *, by: Acting, services: Services) -> OperatorSession:
    """Give the operator the offered secret and second factor, end the invitation, and begin a session.

    Raises:
        OperatorNameInvalid, InvitationRefused, OperatorLocked: as :func:`offer_set_up` says, also of the offer.
        OneTimeCodeWrong: the app shows other digits; the offer stands.
        StateConflict: somebody else set it up at the same moment.
    """
    offer, now = command.offer, services.clock.now()
    name = parse_operator_name(offer.name)
    check_offer(offer, name, services=services)
    seen = _judge_word(name, command.word, network=command.network, by=by, services=services)
    taken = take_offer(offer, command.code, place=factor_place(name), services=services)
    made = Operator(
        name=name,
        roles=frozenset({OperatorRole.SYSTEM, OperatorRole.SECURITY}),
        state=OperatorState.ACTIVE,
        secret_hash=taken.secret_hash,
        created_at=now,
        secret_at=now,
        second_factor=taken.second_factor,
        used_step=taken.step,
    )
    acting = replace(by, name=name)
    return services.perform(acting, _set_up, made, seen=seen, word=command.word, token=command.token)


def hash_word(name: str, word: str, *, keys: Keys) -> bytes:
    """Return the keyed hash of an operator's word, in whatever way it is written; the first operator's has no name."""
    plain = "".join(letter for letter in word.lower() if letter.isalnum())
    return keys.mac(MacPurpose.SESSION, _WORD + name.encode() + b"\x00" + plain.encode())


def may_have_first(stored: Repositories) -> bool:
    """Say whether the service has no operator yet."""
    return stored.operators.list().is_empty


def _set_up(act: Act, made: Operator, *, seen: str, word: str, token: str) -> OperatorSession:
    operator = act.uow.operators.get(made.name)
    if operator is None:
        is_first_word = _is_first_word(word, stored=act.uow, keys=act.keys, now=act.now.timestamp())
        if not (is_first_word and may_have_first(act.uow)):
            raise InvitationRefused
        act.uow.operators.add(made)
        act.uow.settings.set(FIRST_INVITATION, "")
        facts = {"roles": " ".join(sorted(made.roles))}
        attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_ADDED, subject=made.name, facts=facts))
        return begin_session(act, made, token)
    is_invited = _is_invited(operator, word, keys=act.keys, now=act.now.timestamp())
    # A secret that was judged must still be the operator's: one that they renewed in between wins.
    is_own = operator.second_factor is None and operator.secret_hash == seen
    if not (operator.is_active and (is_invited or is_own)):
        raise InvitationRefused
    renewed = operator.set_up_by_word(made.secret_hash, now=act.now)
    renewed = replace(renewed, second_factor=made.second_factor, used_step=made.used_step)
    if not act.uow.operators.set_up(renewed, seen=operator.secret_hash):
        raise StateConflict("Somebody else set this operator up at the same moment. Ask for a new invitation.")
    act.uow.operator_sessions.end_all(operator.name, now=act.now)
    act.uow.operator_passkeys.remove_all(operator.name, now=act.now)
    act.uow.operator_passkeys.set_codes(operator.name, [])
    attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_SET_UP, subject=operator.name))
    return begin_session(act, renewed, token)


def _judge_word(name: str, word: str, *, network: str, by: Acting, services: Services) -> str:
    """Refuse a word that is neither the invitation's nor, before there is a second factor, the operator's secret.

    Returns:
        The hash of the secret, where it was that; empty for a word of invitation.
    """
    now = services.clock.now()
    with services.store.read() as stored:
        check_may_try(name, network, stored=stored, keys=services.keys, now=now)
        operator = stored.operators.get(name)
        is_first = operator is None and may_have_first(stored)
        if is_first and _is_first_word(word, stored=stored, keys=services.keys, now=now.timestamp()):
            return ""
    is_active = operator is not None and operator.is_active
    if operator is not None and is_active and _is_invited(operator, word, keys=services.keys, now=now.timestamp()):
        return ""
    # A name that nobody has costs as much as a wrong word.
    fits = services.staff_hasher.is_right(word.strip(), None if operator is None else operator.secret_hash)
    if operator is not None and is_active and fits and operator.second_factor is None:
        return operator.secret_hash
    return accepted(services.perform(replace(by, name=name), refuse_try, network, InvitationRefused()))


def _is_first_word(word: str, *, stored: Repositories, keys: Keys, now: float) -> bool:
    kept, _, until = (stored.settings.get(FIRST_INVITATION) or "").partition(" ")
    expected = hash_word("", word, keys=keys).hex()
    return bool(kept) and until.isdigit() and now < int(until) and hmac.compare_digest(kept, expected)


def _is_invited(operator: Operator, word: str, *, keys: Keys, now: float) -> bool:
    if operator.invite_hash is None or operator.invite_until is None or now >= operator.invite_until.timestamp():
        return False
    return hmac.compare_digest(operator.invite_hash, hash_word(operator.name, word, keys=keys))
