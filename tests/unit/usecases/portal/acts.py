"""People of partners in a test: added as rows, and acting by name."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.events import Actor
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.audit import AuditDoor, AuditEntry, AuditFilter
from eztong.domain.partners.partner import PartnerState
from eztong.domain.portal.person import PortalPerson, PortalRole, PortalSession, PortalState
from eztong.ports.act import Acting
from eztong.usecases.portal.sign_in_person import factor_place
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import Stage

SECRET = "abcd-efgh-jkmn-pqrs"
SALT = b"salt"
KEY = b"k" * 20
"""Of the authenticator app."""

HOTEL, LIBRARY = PartnerId("hotel"), PartnerId("library")
ADMINISTRATOR, DEVELOPER, AUDITOR = PortalRole.ADMINISTRATOR, PortalRole.DEVELOPER, PortalRole.AUDITOR


def person(
    stage: Stage,
    name: str = "li",
    role: PortalRole = ADMINISTRATOR,
    *,
    partner_id: PartnerId = HOTEL,
    active: bool = True,
) -> Acting:
    """Let there be a person with a secret and an app, and return who acts as them in a browser that was just proven."""
    made = PortalPerson(
        partner_id=partner_id,
        name=name,
        person_id=f"ptp_{partner_id}_{name}",
        role=role,
        state=PortalState.ACTIVE if active else PortalState.DISABLED,
        created_at=START,
        added_by="li.na",
        secret_hash=stage.hasher.make_hash(SECRET, salt=SALT),
    )
    sealed = stage.keys.seal(KEY, nonce=b"n" * 12, place=factor_place(made))
    assert stage.write(lambda uow: uow.portal.add(replace(made, second_factor=sealed)))
    return signed_in(stage, made)


def signed_in(stage: Stage, person: PortalPerson) -> Acting:
    """Let a person be signed in by a browser just now, and return who acts there."""
    now, login = stage.clock.now(), person.login
    session = PortalSession(
        session_hash=f"browser of {login} at {now}".encode(),
        session_id=f"pts_{login}_{now}",
        partner_id=person.partner_id,
        name=person.name,
        created_at=now,
        active_at=now,
        proven_at=now,
    )
    stage.write(lambda uow: uow.portal.add_session(session))
    return Acting(Actor.PARTNER, login, AuditDoor.PORTAL, "request-1", session.session_hash)


def stored(stage: Stage, name: str = "li", *, partner_id: PartnerId = HOTEL) -> PortalPerson:
    """Return the person as they are stored now."""
    found = stage.read(lambda repositories: repositories.portal.get(partner_id, name))
    assert found is not None
    return found


def code(stage: Stage, *, key: bytes = KEY) -> str:
    """Return the digits that the app shows now."""
    codes = stage.services.one_time_codes
    return codes.code_of(key, codes.step())


def audit(stage: Stage) -> list[AuditEntry]:
    """Return the entries, oldest first."""
    return list(stage.read(lambda repositories: repositories.audit.older(AuditFilter(), limit=99)).those)[::-1]


def put(stage: Stage, state: PartnerState, *, partner_id: PartnerId = HOTEL) -> None:
    """Let a partner stand elsewhere."""
    stage.write(lambda uow: uow.partners.set_state(partner_id, state))
