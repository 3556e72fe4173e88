"""What staff may do: one enumeration of acts, and one table of the roles that may.

Use cases, pages and commands ask this table and no other. Duties are separated in it: who manages operators (role
system) is shown no personal data, who reads the audit (role audit) changes nothing, and nothing at all changes the
audit. The Chinese names of the roles are those of GB/T 22239 (等保) where it has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from eztong.domain.operators.operator import Operator, OperatorRole, RoleMissing

_SYSTEM, _SECURITY, _CASES = OperatorRole.SYSTEM, OperatorRole.SECURITY, OperatorRole.CASES
_LEGAL, _AUDIT, _PARTNERS = OperatorRole.LEGAL, OperatorRole.AUDIT, OperatorRole.PARTNERS
_EVERYBODY: Final = frozenset(OperatorRole)


class Permission(StrEnum):
    """One act of staff. The values stand in the audit; none is renamed or taken out."""

    CONSOLE = "console"
    """Sign in to the console, see what waits, and keep one's own secret, second factor and sessions."""

    OPERATORS_READ = "operators.read"
    OPERATORS_ADD = "operators.add"
    OPERATORS_DISABLE = "operators.disable"
    OPERATORS_ROLES = "operators.roles"
    OPERATORS_INVITE = "operators.invite"
    OPERATORS_RENEW_SECRET = "operators.renew_secret"  # noqa: S105 - a word, no secret
    OPERATORS_LINK = "operators.link"
    OPERATORS_END_SESSIONS = "operators.end_sessions"

    BREAK_GLASS = "break_glass.begin"
    """Do alone, in an emergency and for a short time, what takes two."""

    BREAK_GLASS_READ = "break_glass.read"
    BREAK_GLASS_REVIEW = "break_glass.review"
    """Look afterwards at what another one did in an emergency, and say what was found."""

    PROPOSALS_READ = "proposals.read"
    PROPOSALS_DECIDE = "proposals.decide"
    """Decide or withdraw a proposal; which kinds, the permission to propose that kind says."""

    CERTIFICATES_PROPOSE = "certificates.propose"
    AGREEMENTS_PROPOSE = "agreements.propose"
    CLAUSES_PROPOSE = "clauses.propose"
    POLICY_PROPOSE = "policy.propose"
    SETTLEMENTS_PROPOSE = "settlements.propose"
    RELATIVES_PROPOSE = "relatives.propose"
    REVEALS_PROPOSE = "reveals.propose"
    """Propose to be shown a minor's data in full, and decide what another one proposed."""

    APPLICATIONS_READ = "applications.read"
    APPLICATIONS_DECIDE = "applications.decide"
    GUARDIANSHIPS_READ = "guardianships.read"
    GUARDIANSHIPS_DECIDE = "guardianships.decide"
    TICKETS_READ = "tickets.read"
    TICKETS_ANSWER = "tickets.answer"
    ACCOUNTS_READ = "accounts.read"
    ACCOUNTS_REVEAL = "accounts.reveal"
    """Be shown name, number and phone of an adult in full."""

    ACCOUNTS_FREEZE = "accounts.freeze"
    ACCOUNTS_RESTRICT = "accounts.restrict"
    NUMBERS_APPEAL = "numbers.appeal"
    NUMBERS_KEEP = "numbers.keep"
    DECEASED_READ = "deceased.read"
    RELATIVES_ANSWER = "relatives.answer"
    TALKS_SETTLE = "talks.settle"
    EVIDENCE_GIVE = "evidence.give"

    CASES_READ = "cases.read"
    CASES_OPEN = "cases.open"
    """Open a case, add evidence and damages to it, and close one of which nothing came."""
    CASES_MEASURE = "cases.measure"
    """Warn; propose to limit or end an account, and decide what another one proposed."""
    CASES_APPEALS = "cases.appeals"
    """Decide an objection, or take back a measure, that one took no part in."""

    AGREEMENTS_READ = "agreements.read"
    """Read drafts of agreements, compare them, and count who accepted which version."""
    AGREEMENTS_DRAFT = "agreements.draft"
    CLAUSES_MARK = "clauses.mark"
    POLICY_READ = "policy.read"
    """Read the policy for applications, try versions of it in counts, and see retention and working days."""
    POLICY_DRAFT = "policy.draft"
    POLICY_CALL_OFF = "policy.call_off"
    PARTNERS_READ = "partners.read"
    PARTNERS_KEEP = "partners.keep"
    """Review applications of partners, keep their scenes, keys and desks, and suspend them."""

    PARTNERS_PROPOSE = "partners.propose"
    WEBHOOKS_MANAGE = "webhooks.manage"

    INCIDENTS_READ = "incidents.read"
    INCIDENTS_TELL = "incidents.tell"
    INCIDENT_REPORTS_READ = "incident_reports.read"
    """Read what is reported to the authorities about incidents."""
    INCIDENT_REPORTS_KEEP = "incident_reports.keep"
    """Write what is reported to the authorities, and note that it was."""

    PARTNERS_CONFIGURE = "partners.configure"
    """Set partners, their scenes and desks up as a document says."""

    BRANDING_READ = "branding.read"
    BRANDING_PROPOSE = "branding.propose"
    """Propose how the service looks and calls itself, and decide what another one proposed."""

    RETENTION_PROPOSE = "retention.propose"
    """Propose how long things are kept, and decide what another one proposed."""
    TEXTS_READ = "texts.read"
    TEXTS_PROPOSE = "texts.propose"
    """Propose what a message says, and decide what another one proposed."""

    SERVICE_READ = "service.read"
    """How the service stands: checks, queues, counts and keys, without anybody's data."""

    KEYS_READ = "keys.read"
    """The inventory of keys, how far a re-seal has come, and what was done to keys."""

    KEYS_KEEP = "keys.keep"
    """Rotate and re-seal keys; at the command line retire them and change the root key, too. It takes two."""

    SERVICE_DRILL = "service.drill"
    """Make a backup, restore it elsewhere and check it."""

    AUDIT_READ = "audit.read"
    AUDIT_EXPORT = "audit.export"


MAY: Final[Mapping[Permission, frozenset[OperatorRole]]] = {
    Permission.CONSOLE: _EVERYBODY,
    Permission.OPERATORS_READ: frozenset({_SYSTEM, _SECURITY, _AUDIT}),
    Permission.OPERATORS_ADD: frozenset({_SYSTEM}),
    Permission.OPERATORS_DISABLE: frozenset({_SYSTEM}),
    Permission.OPERATORS_ROLES: frozenset({_SYSTEM}),
    Permission.OPERATORS_INVITE: frozenset({_SYSTEM}),
    Permission.OPERATORS_RENEW_SECRET: frozenset({_SYSTEM}),
    Permission.OPERATORS_LINK: frozenset({_SYSTEM}),
    Permission.OPERATORS_END_SESSIONS: frozenset({_SYSTEM, _SECURITY}),
    Permission.BREAK_GLASS: _EVERYBODY - {_AUDIT},
    Permission.BREAK_GLASS_READ: _EVERYBODY,
    Permission.BREAK_GLASS_REVIEW: frozenset({_SYSTEM, _SECURITY, _LEGAL}),
    Permission.PROPOSALS_READ: _EVERYBODY,
    Permission.PROPOSALS_DECIDE: _EVERYBODY - {_AUDIT},
    Permission.CERTIFICATES_PROPOSE: frozenset({_SYSTEM, _LEGAL}),
    Permission.AGREEMENTS_PROPOSE: frozenset({_SYSTEM, _LEGAL}),
    Permission.CLAUSES_PROPOSE: frozenset({_SYSTEM, _LEGAL}),
    Permission.POLICY_PROPOSE: frozenset({_SYSTEM, _LEGAL}),
    Permission.SETTLEMENTS_PROPOSE: frozenset({_LEGAL}),
    Permission.RELATIVES_PROPOSE: frozenset({_CASES, _LEGAL}),
    Permission.REVEALS_PROPOSE: frozenset({_CASES}),
    Permission.APPLICATIONS_READ: frozenset({_CASES, _AUDIT}),
    Permission.APPLICATIONS_DECIDE: frozenset({_CASES}),
    Permission.GUARDIANSHIPS_READ: frozenset({_CASES, _AUDIT}),
    Permission.GUARDIANSHIPS_DECIDE: frozenset({_CASES}),
    Permission.TICKETS_READ: frozenset({_CASES, _LEGAL, _AUDIT}),
    Permission.TICKETS_ANSWER: frozenset({_CASES, _LEGAL}),
    Permission.ACCOUNTS_READ: frozenset({_CASES, _LEGAL}),
    Permission.ACCOUNTS_REVEAL: frozenset({_CASES}),
    Permission.ACCOUNTS_FREEZE: frozenset({_CASES}),
    Permission.ACCOUNTS_RESTRICT: frozenset({_CASES}),
    Permission.NUMBERS_APPEAL: frozenset({_CASES}),
    Permission.NUMBERS_KEEP: frozenset({_CASES}),
    Permission.DECEASED_READ: frozenset({_CASES, _LEGAL}),
    Permission.RELATIVES_ANSWER: frozenset({_CASES, _LEGAL}),
    Permission.TALKS_SETTLE: frozenset({_LEGAL}),
    Permission.EVIDENCE_GIVE: frozenset({_LEGAL}),
    Permission.CASES_READ: frozenset({_CASES, _LEGAL, _AUDIT}),
    Permission.CASES_OPEN: frozenset({_CASES}),
    Permission.CASES_MEASURE: frozenset({_CASES, _LEGAL}),
    Permission.CASES_APPEALS: frozenset({_CASES, _LEGAL}),
    Permission.AGREEMENTS_READ: frozenset({_SYSTEM, _LEGAL, _AUDIT}),
    Permission.AGREEMENTS_DRAFT: frozenset({_SYSTEM, _LEGAL}),
    Permission.CLAUSES_MARK: frozenset({_SYSTEM, _LEGAL}),
    Permission.POLICY_READ: frozenset({_SYSTEM, _LEGAL, _CASES, _AUDIT}),
    Permission.POLICY_DRAFT: frozenset({_SYSTEM, _LEGAL}),
    Permission.POLICY_CALL_OFF: frozenset({_SYSTEM, _LEGAL}),
    Permission.PARTNERS_READ: frozenset({_PARTNERS, _SYSTEM, _LEGAL, _AUDIT}),
    Permission.PARTNERS_KEEP: frozenset({_PARTNERS, _SYSTEM}),
    Permission.PARTNERS_PROPOSE: frozenset({_PARTNERS, _LEGAL, _SYSTEM}),
    Permission.WEBHOOKS_MANAGE: frozenset({_PARTNERS, _SYSTEM}),
    Permission.INCIDENTS_READ: _EVERYBODY,
    Permission.INCIDENTS_TELL: frozenset({_SYSTEM, _CASES}),
    Permission.INCIDENT_REPORTS_READ: frozenset({_SYSTEM, _SECURITY, _LEGAL, _AUDIT}),
    Permission.INCIDENT_REPORTS_KEEP: frozenset({_SYSTEM, _SECURITY, _LEGAL}),
    Permission.PARTNERS_CONFIGURE: frozenset({_SYSTEM}),
    Permission.BRANDING_READ: frozenset({_SYSTEM, _LEGAL, _AUDIT}),
    Permission.BRANDING_PROPOSE: frozenset({_SYSTEM, _LEGAL}),
    Permission.RETENTION_PROPOSE: frozenset({_SYSTEM, _LEGAL}),
    Permission.TEXTS_READ: frozenset({_SYSTEM, _LEGAL, _CASES, _AUDIT}),
    Permission.TEXTS_PROPOSE: frozenset({_LEGAL}),
    Permission.SERVICE_READ: frozenset({_SYSTEM, _SECURITY, _AUDIT}),
    Permission.KEYS_READ: frozenset({_SYSTEM, _SECURITY, _AUDIT}),
    Permission.KEYS_KEEP: frozenset({_SYSTEM, _SECURITY}),
    Permission.SERVICE_DRILL: frozenset({_SYSTEM}),
    Permission.AUDIT_READ: frozenset({_AUDIT, _SECURITY}),
    Permission.AUDIT_EXPORT: frozenset({_AUDIT}),
}
"""Which roles may do what."""


GRAVE: Final[frozenset[Permission]] = frozenset(
    {
        Permission.OPERATORS_ADD,
        Permission.OPERATORS_DISABLE,
        Permission.OPERATORS_ROLES,
        Permission.OPERATORS_INVITE,
        Permission.OPERATORS_RENEW_SECRET,
        Permission.OPERATORS_LINK,
        Permission.BREAK_GLASS,
        Permission.BREAK_GLASS_REVIEW,
        Permission.PROPOSALS_DECIDE,
        Permission.CERTIFICATES_PROPOSE,
        Permission.AGREEMENTS_PROPOSE,
        Permission.BRANDING_PROPOSE,
        Permission.CLAUSES_PROPOSE,
        Permission.KEYS_KEEP,
        Permission.POLICY_PROPOSE,
        Permission.RELATIVES_PROPOSE,
        Permission.RETENTION_PROPOSE,
        Permission.REVEALS_PROPOSE,
        Permission.SETTLEMENTS_PROPOSE,
        Permission.TEXTS_PROPOSE,
        Permission.ACCOUNTS_REVEAL,
        Permission.CASES_MEASURE,
        Permission.CASES_APPEALS,
        Permission.PARTNERS_PROPOSE,
    }
)
"""What a browser's session alone does not do: its operator has proved a second factor within the last minutes."""


def may(operator: Operator, permission: Permission) -> bool:
    """Say whether one of the operator's roles may do this."""
    return not operator.roles.isdisjoint(MAY[permission])


def check_may(operator: Operator, permission: Permission) -> None:
    """Refuse an operator none of whose roles may do this.

    Raises:
        RoleMissing: naming the roles that may.
    """
    if not may(operator, permission):
        raise RoleMissing(f"This takes an operator of role {' or '.join(sorted(MAY[permission]))}.")
