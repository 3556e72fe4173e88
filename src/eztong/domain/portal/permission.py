"""What people may do at the portal: one enumeration of acts, one table of roles, what a partner's state leaves open.

Pages, use cases and tests ask this module and no other. Reading stays open for long: a partner that was closed can
still take the evidence of what it was told.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from eztong.domain.errors import NotPermitted, StateConflict
from eztong.domain.partners.partner import PartnerState
from eztong.domain.portal.person import PortalPerson, PortalRole

_ADMINISTRATOR, _DEVELOPER, _AUDITOR = PortalRole.ADMINISTRATOR, PortalRole.DEVELOPER, PortalRole.AUDITOR
_EVERYBODY: Final = frozenset(PortalRole)


class PortalPermission(StrEnum):
    """One act at the portal. The values stand in the audit; none is renamed or taken out."""

    HOME = "portal.home"
    """Sign in, see how the partner stands, and keep one's own sessions."""

    VERIFICATIONS_READ = "portal.verifications.read"
    EVIDENCE_TAKE = "portal.evidence.take"
    USAGE_READ = "portal.usage.read"
    KEYS_READ = "portal.keys.read"
    KEYS_MAKE = "portal.keys.make"
    KEYS_REVOKE = "portal.keys.revoke"
    WEBHOOKS_READ = "portal.webhooks.read"
    WEBHOOKS_MANAGE = "portal.webhooks.manage"
    DESKS_READ = "portal.desks.read"
    DESKS_KEEP = "portal.desks.keep"
    """Add desks and accounts of their staff, give new passwords, say whether staff need an app, open desks again."""

    DESKS_END = "portal.desks.end"
    STAFF_END = "portal.staff.end"
    PEOPLE_READ = "portal.people.read"
    PEOPLE_KEEP = "portal.people.keep"
    """Add people to the portal, invite them anew, and give them another role."""

    PEOPLE_END = "portal.people.end"
    """Disable people, and end their sessions."""


MAY: Final[Mapping[PortalPermission, frozenset[PortalRole]]] = {
    PortalPermission.HOME: _EVERYBODY,
    PortalPermission.VERIFICATIONS_READ: _EVERYBODY,
    PortalPermission.EVIDENCE_TAKE: frozenset({_ADMINISTRATOR, _AUDITOR}),
    PortalPermission.USAGE_READ: _EVERYBODY,
    PortalPermission.KEYS_READ: _EVERYBODY,
    PortalPermission.KEYS_MAKE: frozenset({_ADMINISTRATOR, _DEVELOPER}),
    PortalPermission.KEYS_REVOKE: frozenset({_ADMINISTRATOR, _DEVELOPER}),
    PortalPermission.WEBHOOKS_READ: _EVERYBODY,
    PortalPermission.WEBHOOKS_MANAGE: frozenset({_ADMINISTRATOR, _DEVELOPER}),
    PortalPermission.DESKS_READ: frozenset({_ADMINISTRATOR, _AUDITOR}),
    PortalPermission.DESKS_KEEP: frozenset({_ADMINISTRATOR}),
    PortalPermission.DESKS_END: frozenset({_ADMINISTRATOR}),
    PortalPermission.STAFF_END: frozenset({_ADMINISTRATOR}),
    PortalPermission.PEOPLE_READ: frozenset({_ADMINISTRATOR, _AUDITOR}),
    PortalPermission.PEOPLE_KEEP: frozenset({_ADMINISTRATOR}),
    PortalPermission.PEOPLE_END: frozenset({_ADMINISTRATOR}),
}
"""Which roles may do what."""

HANDS_OUT: Final = frozenset({PortalPermission.KEYS_MAKE, PortalPermission.PEOPLE_KEEP})
"""What shows a key or a word that opens what the partner may: no session of an operator alone does it."""

GRAVE: Final = HANDS_OUT | {
    PortalPermission.WEBHOOKS_MANAGE,
    PortalPermission.DESKS_KEEP,
    PortalPermission.DESKS_END,
}
"""What a browser's session alone does not do: its person has proved a second factor within the last minutes.

What only takes away from somebody (revoking a key, disabling an account or a person) waits for nothing.
"""

_AFTERWARDS: Final = frozenset(
    {
        PortalPermission.HOME,
        PortalPermission.VERIFICATIONS_READ,
        PortalPermission.EVIDENCE_TAKE,
        PortalPermission.USAGE_READ,
        PortalPermission.PEOPLE_READ,
        PortalPermission.PEOPLE_END,
    }
)
_ADDS: Final = frozenset({PortalPermission.KEYS_MAKE, PortalPermission.WEBHOOKS_MANAGE, PortalPermission.DESKS_KEEP})
OPEN: Final[Mapping[PartnerState, frozenset[PortalPermission]]] = {
    PartnerState.APPLIED: frozenset({PortalPermission.HOME}),
    PartnerState.APPROVED: frozenset(PortalPermission),
    PartnerState.SUSPENDED: frozenset(PortalPermission) - _ADDS,
    PartnerState.CLOSED: _AFTERWARDS,
}
"""What is open where a partner stands: suspended, it reads and takes away; closed, it reads what it was told."""


class PortalRoleMissing(NotPermitted):
    """The person's role may not do this."""

    code = "portal_role_missing"
    advice = "Somebody of your organisation whose role may do this has to do it."


class PortalNotOpen(StateConflict):
    """Where the partner stands, this is not open to anybody."""

    code = "portal_not_open"
    advice = "While a partner is suspended or closed, it cannot do this. Ask the operator of the service."


def may(person: PortalPerson, permission: PortalPermission, *, state: PartnerState) -> bool:
    """Say whether the person may do this where the partner stands."""
    return person.role in MAY[permission] and permission in OPEN[state]


def check_may(person: PortalPerson, permission: PortalPermission, *, state: PartnerState) -> None:
    """Refuse what the person's role, or the partner's state, does not leave open.

    Raises:
        PortalRoleMissing: naming the roles that may.
        PortalNotOpen: naming the state.
    """
    if person.role not in MAY[permission]:
        raise PortalRoleMissing(f"This takes the role {' or '.join(sorted(MAY[permission]))}.")
    if permission not in OPEN[state]:
        raise PortalNotOpen(f"The partner is {state.value}.")
