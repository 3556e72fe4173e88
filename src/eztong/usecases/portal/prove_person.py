"""Prove again, in the browser's session, that its person is there: what grave acts at the portal ask for."""

from __future__ import annotations

from eztong.domain.errors import SessionMissing
from eztong.domain.operators.audit import AuditStep
from eztong.domain.operators.session import OneTimeCodeWrong
from eztong.domain.portal.permission import PortalPermission
from eztong.domain.portal.person import PortalPerson, parse_login
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.usecases.operators.console_tries import PROVEN, check_may_try, check_may_try_code, refuse_code
from eztong.usecases.operators.note_audit import Audited, note_audit
from eztong.usecases.portal.check_person import who_may
from eztong.usecases.portal.sign_in_person import step_of_person
from eztong.usecases.refusal import Refused, accepted


def prove_person(typed: str, network: str, *, by: Acting, services: Services) -> None:
    """Take a one-time code of whoever is signed in.

    Wrong ones are counted with those of sign-in, by name and network, and by name alone.

    Raises:
        OneTimeCodeWrong: the app does not show it now, or it was taken before.
        OperatorLocked: too many wrong tries lately.
        PortalRefused: the person may not act any more.
        SessionMissing: the session is over.
    """
    name, partner_id = parse_login(by.name)
    with services.store.read() as stored:
        check_may_try(by.name, network, stored=stored, keys=services.keys, now=services.clock.now())
        seen = stored.portal.get(partner_id, name)
    step = None if seen is None else step_of_person(seen, typed, services=services)
    accepted(services.perform(by, _prove, network, seen=seen, step=step))


def _prove(act: Act, network: str, *, seen: PortalPerson | None, step: int | None) -> Refused | None:
    person = who_may(act, parse_login(act.by.name)[1], PortalPermission.HOME)
    # Tries at the same time count together.
    check_may_try(person.login, network, stored=act.uow, keys=act.keys, now=act.now)
    check_may_try_code(person.login, stored=act.uow, keys=act.keys, now=act.now)
    is_same = seen is not None and seen.second_factor == person.second_factor
    if step is None or not is_same or not act.uow.portal.use_step(person.partner_id, person.name, step):
        return refuse_code(act, network, OneTimeCodeWrong(), what=PROVEN)
    session = act.uow.portal.session(act.by.session)
    is_own = session is not None and (session.partner_id, session.name) == (person.partner_id, person.name)
    if session is None or not is_own or not session.is_live(now=act.now):
        raise SessionMissing
    act.uow.portal.prove_session(session.session_hash, now=act.now)
    note_audit(act, Audited(step=AuditStep.DONE, what=PROVEN, roles=(person.role,), subject=""))
    return None
