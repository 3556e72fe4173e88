"""Who acts for a partner in this act: proven by a session before, and read again inside, with the partner's state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from eztong.domain.events import Actor
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.audit import AuditStep
from eztong.domain.operators.session import ProofNeeded
from eztong.domain.portal.permission import GRAVE, HANDS_OUT, PortalPermission, check_may
from eztong.domain.portal.person import PortalPerson, PortalRefused, parse_login
from eztong.ports.act import Act
from eztong.usecases.operators.check_keeper import check_keeper
from eztong.usecases.operators.check_operator import check_proven
from eztong.usecases.operators.note_audit import Audited, note_audit

P = ParamSpec("P")
T = TypeVar("T")


def check_person(
    act: Act, partner_id: PartnerId, permission: PortalPermission, subject: str = "", *, change: str = ""
) -> PortalPerson:
    """Return the person who acts, who may do this for this partner, and put into the audit that it is done.

    The entry is committed with what is done, or not at all.

    Raises:
        PortalRefused: nobody of this partner acts, or not any more.
        PortalRoleMissing, PortalNotOpen: they may not, or it is not open where the partner stands.
        ProofNeeded: it is grave, and the browser's session was not proven lately.
    """
    person = who_may(act, partner_id, permission)
    if permission in GRAVE:
        _check_proven(act, person)
    done = Audited(
        step=AuditStep.DONE, what=permission.value, roles=(person.role,), subject=subject or partner_id, change=change
    )
    note_audit(act, done)
    return person


def who_may(act: Act, partner_id: PartnerId, permission: PortalPermission) -> PortalPerson:
    """Return the person who acts and may do this: for a look beforehand, of which the act itself makes the entry.

    Raises:
        PortalRefused, PortalRoleMissing, PortalNotOpen: as :func:`check_person` says.
    """
    if act.by.actor is not Actor.PARTNER or not act.by.name:
        raise PortalRefused
    name, own_partner = parse_login(act.by.name)
    person, partner = act.uow.portal.get(own_partner, name), act.uow.partners.get(own_partner)
    if own_partner != partner_id or person is None or not person.is_active or partner is None:
        raise PortalRefused
    check_may(person, permission, state=partner.state)
    return person


def _check_proven(act: Act, person: PortalPerson) -> None:
    session = act.uow.portal.session(act.by.session)
    is_own = session is not None and (session.partner_id, session.name) == (person.partner_id, person.name)
    if session is None or not is_own or not session.is_proven(now=act.now):
        raise ProofNeeded


def check_keeps(act: Act, partner_id: PartnerId, permission: PortalPermission, subject: str = "") -> None:
    """Refuse whoever may not do this with a partner: its own people at the portal, or those who keep partners.

    Raises:
        PortalRefused, PortalRoleMissing, PortalNotOpen: a person of the portal may not.
        OperatorNeeded, OperatorRefused, RoleMissing: an operator may not, or nobody in particular acts.
        ProofNeeded: it is grave, or an operator hands out a key or a word, and the session was not proven lately.
    """
    if act.by.actor is Actor.PARTNER and act.by.name:
        check_person(act, partner_id, permission, subject)
        return
    check_keeper(act, partner_id)
    if permission in HANDS_OUT:
        check_proven(act)


@dataclass(frozen=True, slots=True)
class Doing:
    """What somebody does at the portal, for which partner, and to what."""

    permission: PortalPermission
    partner_id: PartnerId
    subject: str


def as_person(
    act: Act, doing: Doing, use_case: Callable[Concatenate[Act, P], T], /, *args: P.args, **more: P.kwargs
) -> T:
    """Do as a person of the portal what the partner's servers may do by themselves.

    Raises:
        PortalRefused, PortalRoleMissing, PortalNotOpen, ProofNeeded: as :func:`check_person` says.
        Exception: what the use case raises.
    """
    check_person(act, doing.partner_id, doing.permission, doing.subject)
    return use_case(act, *args, **more)
