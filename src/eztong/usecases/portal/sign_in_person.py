"""People sign in to the portal: secret and one-time code together, in sessions that end by themselves.

Tries are counted, codes taken and sessions measured as at the operators' console.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from eztong.domain.errors import NotFound, SessionMissing
from eztong.domain.operators.audit import AuditStep
from eztong.domain.partners.partner import Partner
from eztong.domain.portal.permission import PortalPermission
from eztong.domain.portal.person import PortalPerson, PortalRefused, PortalSession, login_of, parse_login
from eztong.ports.act import Act, Acting
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.naming import new_id
from eztong.usecases.operators.console_tries import (
    SIGNED_IN,
    check_may_try,
    check_may_try_code,
    refuse_code,
    refuse_try,
)
from eztong.usecases.operators.note_audit import Audited, note_audit
from eztong.usecases.portal.check_person import check_person
from eztong.usecases.refusal import Refused, accepted

_CONTEXT = b"portal-session\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPerson:
    """What was typed, and the fresh token of the browser."""

    login: str
    secret: str = field(repr=False)
    code: str = field(repr=False)
    token: str = field(repr=False)
    network: str
    """Of the browser: wrong tries are counted for each."""


@dataclass(frozen=True, slots=True)
class AtPortal:
    """A live session with its person and partner."""

    session: PortalSession
    person: PortalPerson
    partner: Partner


def factor_place(person: PortalPerson) -> tuple[str, str, str]:
    """Return the place that the key of a person's authenticator app is sealed for."""
    return ("portal_people", person.person_id, "second_factor")


def step_of_person(person: PortalPerson, typed: str, *, services: Services) -> int | None:
    """Return the half minute for which the person's app shows these digits; None: it shows others, or there is none."""
    if person.second_factor is None:
        return None
    key = services.keys.open(person.second_factor, place=factor_place(person))
    return services.one_time_codes.step_of(key, typed)


def hash_portal_session(token: str, *, keys: Keys) -> bytes:
    """Return the look-up hash of a cookie's token under the active key."""
    return keys.mac(MacPurpose.SESSION, _CONTEXT + token.encode())


def sign_in_person(command: SignInPerson, *, by: Acting, services: Services) -> PortalSession:
    """Begin a session.

    1. After five wrong tries nothing is compared for a while: of this name, from this network.
    2. Secret and code are judged together, so that no answer tells which of them is wrong. A name that nobody has costs
       as much, and is counted as well; so is one of a person who has not set themselves up.
    3. A code is taken once: not again, and none from before it. After ten wrong ones with the right secret none is
       compared for a while, wherever they came from.

    Raises:
        PortalNameInvalid: it can be nobody's name.
        PortalRefused: name, secret and code do not belong together, or the person is disabled.
        OperatorLocked: too many wrong tries lately.
        Busy: no turn to hash; nothing was counted.
    """
    name, partner_id = parse_login(command.login)
    login = login_of(name, partner_id)
    with services.store.read() as stored:
        check_may_try(login, command.network, stored=stored, keys=services.keys, now=services.clock.now())
        seen = stored.portal.get(partner_id, name)
    known = seen.secret_hash if seen is not None and seen.is_set_up else None
    fits = services.staff_hasher.is_right(command.secret.strip(), known)
    acting = replace(by, name=login)
    if seen is None or seen.second_factor is None:
        return accepted(services.perform(acting, refuse_try, command.network, PortalRefused()))
    step = step_of_person(seen, command.code, services=services)
    return accepted(services.perform(acting, _begin, command, seen, fits=fits, step=step))


def _begin(
    act: Act, command: SignInPerson, seen: PortalPerson, *, fits: bool, step: int | None
) -> PortalSession | Refused:
    person = act.uow.portal.get(seen.partner_id, seen.name)
    # Tries at the same time count together.
    check_may_try(seen.login, command.network, stored=act.uow, keys=act.keys, now=act.now)
    # What was compared must still be the person's: a new secret or second factor in between wins.
    is_same = person is not None and (person.secret_hash, person.second_factor) == (
        seen.secret_hash,
        seen.second_factor,
    )
    if person is None or not (person.is_active and fits and is_same):
        return refuse_try(act, command.network, PortalRefused())
    check_may_try_code(seen.login, stored=act.uow, keys=act.keys, now=act.now)
    if step is None or not act.uow.portal.use_step(person.partner_id, person.name, step):
        return refuse_code(act, command.network, PortalRefused())
    return begin_portal_session(act, person, command.token)


def begin_portal_session(act: Act, person: PortalPerson, token: str) -> PortalSession:
    """Store a session of a person who was proven in this act, so that it counts as proven, and put it on record."""
    session = PortalSession(
        session_hash=hash_portal_session(token, keys=act.keys),
        session_id=new_id(act, "pts"),
        partner_id=person.partner_id,
        name=person.name,
        created_at=act.now,
        active_at=act.now,
        proven_at=act.now,
    )
    act.uow.portal.add_session(session)
    signed_in = Audited(step=AuditStep.DONE, what=SIGNED_IN, roles=(person.role,), subject=session.session_id)
    note_audit(act, signed_in)
    return session


def find_at_portal(token: str, *, stored: Repositories, keys: Keys) -> AtPortal:
    """Return the session behind a cookie, live or not, with its person and partner.

    Raises:
        SessionMissing: there is none.
    """
    for session_hash in keys.macs(MacPurpose.SESSION, _CONTEXT + token.encode()):
        session = stored.portal.session(session_hash)
        if session is not None:
            person = stored.portal.get(session.partner_id, session.name)
            partner = stored.partners.get(session.partner_id)
            if person is not None and partner is not None:
                return AtPortal(session, person, partner)
    raise SessionMissing


def note_portal_use(act: Act, session_hash: bytes) -> None:
    """Write down that a session is used, so that it does not end by idling."""
    act.uow.portal.note_use(session_hash, now=act.now)


def sign_out_person(act: Act, session: PortalSession) -> None:
    """End one's own session; one that ended meanwhile is no fault."""
    if act.uow.portal.end_session(session.session_hash, now=act.now):
        check_person(act, session.partner_id, PortalPermission.HOME, session.session_id)


def end_own_session(act: Act, session_id: str) -> None:
    """End another session of one's own.

    Raises:
        PortalRefused: nobody acts who may.
        NotFound: none of theirs.
    """
    name, partner_id = parse_login(act.by.name)
    check_person(act, partner_id, PortalPermission.HOME, session_id)
    for session in act.uow.portal.sessions(partner_id, name):
        if session.session_id == session_id and act.uow.portal.end_session(session.session_hash, now=act.now):
            return
    raise NotFound("There is no such session of yours.")
