"""Operators sign in to the console: secret and one-time code together, in sessions that end by themselves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from eztong.domain.errors import NotFound, SessionMissing
from eztong.domain.operators.audit import AuditStep
from eztong.domain.operators.operator import Operator, OperatorRefused, parse_operator_name
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.session import OperatorSession, SecondFactorMissing
from eztong.ports.act import Act, Acting
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.naming import new_id
from eztong.usecases.operators.backup_codes import use_backup_code
from eztong.usecases.operators.check_operator import check_operator
from eztong.usecases.operators.console_tries import (
    SIGNED_IN,
    check_may_try,
    check_may_try_code,
    refuse_code,
    refuse_try,
)
from eztong.usecases.operators.manage_operators import find_operator
from eztong.usecases.operators.note_audit import Audited, note_audit
from eztong.usecases.refusal import Refused, accepted

_CONTEXT = b"console-session\x00"
_FACTOR = "second_factor"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInOperator:
    """What was typed, and the fresh token of the browser."""

    name: str
    secret: str = field(repr=False)
    code: str = field(repr=False)
    token: str = field(repr=False)
    network: str
    """Of the browser: wrong tries are counted for each."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A live session with its operator."""

    session: OperatorSession
    operator: Operator


def factor_place(name: str) -> tuple[str, str, str]:
    """Return the place that the key of an operator's authenticator app is sealed for."""
    return ("operators", name, _FACTOR)


def hash_console_session(token: str, *, keys: Keys) -> bytes:
    """Return the look-up hash of a cookie's token under the active key."""
    return keys.mac(MacPurpose.SESSION, _CONTEXT + token.encode())


def sign_in_operator(command: SignInOperator, *, by: Acting, services: Services) -> OperatorSession:
    """Begin a session.

    1. After five wrong tries nothing is compared for a while: of this name, from this network.
    2. Secret and code are judged together, so that no answer tells which of them is wrong; a wrong one is counted and
       on record. A name that nobody has costs as much, and is counted as well.
    3. A code is taken once: not again, and none from before it. A backup code stands in for it, once. After ten wrong
       ones with the right secret none is compared for a while, wherever they came from.

    Args:
        command: What was typed.
        by: The door and the connection that it came by; who acts is found out here.
        services: The ports.

    Raises:
        OperatorNameInvalid: it can be nobody's name.
        OperatorRefused: name, secret and code do not belong together, or the operator is disabled.
        SecondFactorMissing: the secret is right, and no second factor was set up yet.
        OperatorLocked: too many wrong tries lately.
        Busy: no turn to hash; nothing was counted.
    """
    name = parse_operator_name(command.name)
    with services.store.read() as stored:
        check_may_try(name, command.network, stored=stored, keys=services.keys, now=services.clock.now())
        seen = stored.operators.get(name)
    fits = services.staff_hasher.is_right(command.secret.strip(), None if seen is None else seen.secret_hash)
    acting = replace(by, name=name)
    if seen is None:
        return accepted(services.perform(acting, refuse_try, command.network, OperatorRefused()))
    step = step_of(seen, command.code, services=services)
    return accepted(services.perform(acting, _begin, command, seen, fits=fits, step=step))


def _begin(
    act: Act, command: SignInOperator, seen: Operator, *, fits: bool, step: int | None
) -> OperatorSession | Refused:
    operator = act.uow.operators.get(seen.name)
    if operator is None:
        raise OperatorRefused
    # Tries at the same time count together.
    check_may_try(operator.name, command.network, stored=act.uow, keys=act.keys, now=act.now)
    # What was compared must still be the operator's: a new secret or second factor in between wins.
    is_same = operator.secret_hash == seen.secret_hash and operator.second_factor == seen.second_factor
    if fits and is_same and operator.is_active and operator.second_factor is None:
        return Refused(SecondFactorMissing())
    if not (fits and is_same and operator.is_active):
        return refuse_try(act, command.network, OperatorRefused())
    check_may_try_code(operator.name, stored=act.uow, keys=act.keys, now=act.now)
    if not _takes_code(act, operator.name, command.code, step):
        return refuse_code(act, command.network, OperatorRefused())
    return begin_session(act, operator, command.token)


def step_of(operator: Operator, typed: str, *, services: Services) -> int | None:
    """Return the half minute whose code of the operator's app this is; None if it is none."""
    if operator.second_factor is None:
        return None
    key = services.keys.open(operator.second_factor, place=factor_place(operator.name))
    return services.one_time_codes.step_of(key, typed)


def _takes_code(act: Act, name: str, typed: str, step: int | None) -> bool:
    """Say whether the digits, or a backup code, are taken: each once."""
    return use_backup_code(act, name, typed) if step is None else act.uow.operators.use_step(name, step)


def begin_session(act: Act, operator: Operator, token: str) -> OperatorSession:
    """Store a session of an operator who was proven in this act, so that it counts as proven, and put it on record."""
    session = OperatorSession(
        session_hash=hash_console_session(token, keys=act.keys),
        session_id=new_id(act, "ops"),
        operator=operator.name,
        created_at=act.now,
        active_at=act.now,
        proven_at=act.now,
    )
    act.uow.operator_sessions.add(session)
    signed_in = Audited(step=AuditStep.DONE, what=SIGNED_IN, roles=operator.roles, subject=session.session_id)
    note_audit(act, signed_in)
    return session


def find_duty(token: str, *, stored: Repositories, keys: Keys) -> OperatorSession:
    """Return the session behind a cookie, live or not.

    Raises:
        SessionMissing: there is none.
    """
    for session_hash in keys.macs(MacPurpose.SESSION, _CONTEXT + token.encode()):
        session = stored.operator_sessions.get(session_hash)
        if session is not None:
            return session
    raise SessionMissing


def note_session_used(act: Act, session_hash: bytes) -> None:
    """Write down that a session is used, so that it does not end by idling."""
    act.uow.operator_sessions.note_use(session_hash, now=act.now)


def sign_out_operator(act: Act, session_hash: bytes) -> None:
    """End one's own session; one that ended meanwhile is no fault."""
    if act.uow.operator_sessions.end(session_hash, now=act.now):
        check_operator(act, Permission.CONSOLE)


def end_own_session(act: Act, session_id: str) -> None:
    """End another session of one's own.

    Raises:
        NotFound: none of theirs.
    """
    check_operator(act, Permission.CONSOLE, session_id)
    _end(act, act.by.name, session_id)


def end_sessions(act: Act, name: str) -> int:
    """End every session of an operator; return how many.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        OperatorNameInvalid, NotFound: no such operator.
    """
    check_operator(act, Permission.OPERATORS_END_SESSIONS, name)
    return act.uow.operator_sessions.end_all(find_operator(name, stored=act.uow).name, now=act.now)


def _end(act: Act, name: str, session_id: str) -> None:
    for session in act.uow.operator_sessions.of_operator(name):
        if session.session_id == session_id and act.uow.operator_sessions.end(session.session_hash, now=act.now):
            return
    raise NotFound("There is no such session of yours.")
