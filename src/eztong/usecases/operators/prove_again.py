"""Prove again, in the browser's session, that its operator is there: what grave acts ask for."""

from __future__ import annotations

from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.errors import SessionMissing
from eztong.domain.operators.audit import AuditStep
from eztong.domain.operators.operator import Operator
from eztong.domain.operators.passkey import PasskeyOfAnother
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.session import OneTimeCodeWrong
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.usecases.operators.backup_codes import use_backup_code
from eztong.usecases.operators.check_operator import who_may
from eztong.usecases.operators.console_tries import PROVEN, check_may_try, check_may_try_code, refuse_code
from eztong.usecases.operators.note_audit import Audited, note_audit, note_not_done
from eztong.usecases.operators.one_person import note_one_person
from eztong.usecases.operators.passkey_challenge import (
    PasskeyGiven,
    PasskeyShown,
    check_shown,
    new_challenge,
    note_shown,
)
from eztong.usecases.operators.sign_in_operator import step_of
from eztong.usecases.refusal import Refused, accepted


def prove_by_code(typed: str, network: str, *, by: Acting, services: Services) -> None:
    """Take a one-time code, or a backup code, of whoever is signed in.

    Wrong ones are counted with those of sign-in, by name and network, and by name alone.

    Raises:
        OneTimeCodeWrong: it is neither, or was taken before.
        OperatorLocked: too many wrong tries lately.
        SessionMissing: the session is over.
    """
    with services.store.read() as stored:
        check_may_try(by.name, network, stored=stored, keys=services.keys, now=services.clock.now())
        operator = stored.operators.get(by.name)
    step = None if operator is None else step_of(operator, typed, services=services)
    accepted(services.perform(by, _by_code, typed, network, seen=operator, step=step))


def offer_proof(*, by: Acting, services: Services) -> str:
    """Return what the authenticator is asked: one of the operator's own passkeys.

    Raises:
        OperatorNeeded, OperatorRefused: nobody acts who may.
    """
    challenge = services.perform(by, _begin)
    with services.store.read() as stored:
        allowed = [one.credential_id for one in stored.operator_passkeys.of_operator(by.name)]
    return services.console_passkeys.request_options(challenge=challenge, allowed=allowed)


def prove_by_passkey(given: PasskeyGiven, *, by: Acting, services: Services) -> None:
    """Take a passkey's answer of whoever is signed in.

    Raises:
        PasskeyRefused: it does not hold.
        PasskeyOfAnother: another operator's passkey answered: both names count as one person from now on.
        SessionMissing: the session is over.
    """
    shown = check_shown(given, PROVEN, by=by, services=services)
    accepted(services.perform(by, _by_passkey, shown))


def _begin(act: Act) -> bytes:
    who_may(act, Permission.CONSOLE)
    return new_challenge(act, act.by.session, PasskeyPurpose.OPERATOR_PROOF)


def _by_code(act: Act, typed: str, network: str, *, seen: Operator | None, step: int | None) -> Refused | None:
    operator = who_may(act, Permission.CONSOLE)
    check_may_try(operator.name, network, stored=act.uow, keys=act.keys, now=act.now)
    check_may_try_code(operator.name, stored=act.uow, keys=act.keys, now=act.now)
    is_same = seen is not None and seen.second_factor == operator.second_factor
    if step is not None:
        is_right = is_same and act.uow.operators.use_step(operator.name, step)
    else:
        is_right = use_backup_code(act, operator.name, typed)
    if not is_right:
        return refuse_code(act, network, OneTimeCodeWrong(), what=PROVEN)
    _proven(act, operator, "")
    return None


def _by_passkey(act: Act, shown: PasskeyShown) -> Refused | None:
    operator = who_may(act, Permission.CONSOLE)
    note_shown(act, shown)
    if shown.passkey.operator != operator.name:
        note_one_person(act, shown.passkey, operator.name)
        note_not_done(act, AuditStep.REFUSED, PROVEN, subject=shown.passkey.operator, error=PasskeyOfAnother.code)
        return Refused(PasskeyOfAnother())
    _proven(act, operator, shown.passkey.passkey_id)
    return None


def _proven(act: Act, operator: Operator, subject: str) -> None:
    session = act.uow.operator_sessions.get(act.by.session)
    if session is None or session.operator != operator.name or not session.is_live(now=act.now):
        raise SessionMissing
    act.uow.operator_sessions.prove(session.session_hash, now=act.now)
    note_audit(act, Audited(step=AuditStep.DONE, what=PROVEN, roles=operator.roles, subject=subject))
