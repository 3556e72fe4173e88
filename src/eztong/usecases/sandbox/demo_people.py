"""The sandbox's own people at the partner portal, who are nobody: their settings, and a session for a test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eztong.domain.errors import NotFound
from eztong.domain.identifiers import PartnerId
from eztong.domain.portal.person import PortalPerson, PortalRole, PortalSession, parse_login
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.portal.sign_in_person import begin_portal_session

DEMO_PEOPLE: Final = {
    (PartnerId("hotel"), "demo-admin"): PortalRole.ADMINISTRATOR,
    (PartnerId("hotel"), "demo-dev"): PortalRole.DEVELOPER,
    (PartnerId("hotel"), "demo-audit"): PortalRole.AUDITOR,
    (PartnerId("library"), "demo-admin"): PortalRole.ADMINISTRATOR,
}
"""Every role, and a second partner, to see that nothing of one opens to the other."""

PERSON_SECRET_SETTING: Final = "sandbox_person_secret"  # noqa: S105 - the setting's name
PERSON_APP_SETTING: Final = "sandbox_person_app"
"""The setting that keeps the key of an authenticator app, in hex; the demo people have the same."""


def demo_people(*, stored: Repositories) -> Sequence[PortalPerson]:
    """Return the demo people that are there."""
    found = (stored.portal.get(partner_id, name) for partner_id, name in DEMO_PEOPLE)
    return [one for one in found if one is not None and one.is_active]


def sign_in_person_as(act: Act, token: str) -> PortalSession:
    """Begin a session of the person who acts, without secret and code: in a sandbox everybody is invented.

    Raises:
        NotFound: there is no such person who may act.
    """
    name, partner_id = parse_login(act.by.name)
    person = act.uow.portal.get(partner_id, name)
    if person is None or not person.is_active:
        raise NotFound("There is no such person.")
    return begin_portal_session(act, person, token)
