"""Operators add passkeys, each with a name, and remove them. Secret and app stay: no passkey is the last way in."""

from __future__ import annotations

from typing import Final

from eztong.domain.access.passkey import MAX_PASSKEYS, PasskeyLimit, PasskeyPurpose, PasskeyRefused
from eztong.domain.errors import NotFound
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.audit import AuditStep
from eztong.domain.operators.passkey import OperatorPasskey, PasskeyOfAnother, parse_label
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act, Acting
from eztong.ports.keys import MacPurpose
from eztong.ports.passkeys import MadePasskey
from eztong.ports.services import Services
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.check_operator import check_operator, check_proven, who_may
from eztong.usecases.operators.note_audit import note_not_done
from eztong.usecases.operators.one_person import note_one_person
from eztong.usecases.operators.passkey_challenge import PasskeyGiven, new_challenge, take_challenge
from eztong.usecases.refusal import Refused, accepted

_USER: Final = b"operator_passkey_user\x00"
_NAMED: Final = 500
"""How many passkeys of operators a browser is told of, so that it makes no second one on the same authenticator."""


def offer_passkey(*, by: Acting, services: Services) -> str:
    """Return what the browser's authenticator is asked in order to make a passkey.

    Every operator's passkeys are named in it: an authenticator that holds one, whoever's, makes no second one.

    Raises:
        ProofNeeded: the session was not proven lately.
        PasskeyLimit: the operator has as many as they may.
    """
    challenge = services.perform(by, _begin)
    with services.store.read() as stored:
        known = stored.operator_passkeys.credentials(limit=_NAMED)
    return services.console_passkeys.creation_options(
        challenge=challenge,
        # The same for each passkey of an operator, so that an authenticator replaces its own.
        user_handle=services.keys.mac(MacPurpose.LOOKUP, _USER + by.name.encode()),
        user_name=by.name,
        known=known,
    )


def add_passkey(given: PasskeyGiven, label: str, *, by: Acting, services: Services) -> OperatorPasskey:
    """Verify what the authenticator made, and keep its public key.

    Raises:
        PasskeyUnnamed: the name.
        PasskeyRefused: the answer does not hold.
        PasskeyOfAnother: it is another operator's: both names count as one person from now on.
        ProofNeeded, PasskeyLimit: as :func:`offer_passkey` says.
    """
    named = parse_label(label)
    challenge = services.console_passkeys.unverified_challenge(given.response)
    if not services.perform(by, take_challenge, challenge, given):
        raise PasskeyRefused
    made = services.console_passkeys.check_registration(given.response, challenge=challenge)
    return accepted(services.perform(by, _keep, made, named))


def remove_passkey(act: Act, passkey_id: str) -> OperatorPasskey:
    """Remove a passkey of one's own. Secret and authenticator app stay, so nobody locks themselves out by it.

    Raises:
        ProofNeeded: the session was not proven lately.
        NotFound: no such passkey of theirs.
    """
    operator = check_operator(act, Permission.CONSOLE, passkey_id)
    check_proven(act)
    for passkey in act.uow.operator_passkeys.of_operator(operator.name):
        is_meant = passkey.passkey_id == passkey_id
        if is_meant and act.uow.operator_passkeys.remove(operator.name, passkey.credential_id, now=act.now):
            attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_PASSKEY_REMOVED, subject=operator.name))
            return passkey
    raise NotFound("There is no such passkey of yours.")


def _begin(act: Act) -> bytes:
    _check_room(act)
    return new_challenge(act, act.by.session, PasskeyPurpose.OPERATOR_REGISTER)


def _check_room(act: Act) -> None:
    operator = who_may(act, Permission.CONSOLE)
    check_proven(act)
    if len(act.uow.operator_passkeys.of_operator(operator.name)) >= MAX_PASSKEYS:
        raise PasskeyLimit


def _keep(act: Act, made: MadePasskey, label: str) -> OperatorPasskey | Refused:
    _check_room(act)
    passkey = OperatorPasskey(
        credential_id=made.credential_id,
        operator=act.by.name,
        public_key=made.public_key,
        sign_count=made.sign_count,
        label=label,
        created_at=act.now,
    )
    if not act.uow.operator_passkeys.add(passkey):
        return _known(act, made)
    check_operator(act, Permission.CONSOLE, passkey.passkey_id)
    attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_PASSKEY_ADDED, subject=act.by.name))
    return passkey


def _known(act: Act, made: MadePasskey) -> Refused:
    """Refuse a credential that is known already; one of another operator shows that both are one person."""
    known = act.uow.operator_passkeys.get(made.credential_id)
    if known is None or known.operator == act.by.name:
        return Refused(PasskeyRefused())
    note_one_person(act, known, act.by.name)
    what = Permission.CONSOLE.value
    note_not_done(act, AuditStep.REFUSED, what, subject=known.operator, error=PasskeyOfAnother.code)
    return Refused(PasskeyOfAnother())
