"""Versions of the policy for applications: which there are, what one says, and calling one off (clause 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.errors import EztongError
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import ProposalKind, ProposalState
from eztong.domain.policy.document import policy_hash
from eztong.domain.policy.policy import ADJUSTABLE, BUILT_IN, FIXED, Policy, Rule
from eztong.domain.policy.version import PolicyStanding, PolicyUnknown, PolicyVersion, newest_begun, standing_of
from eztong.usecases.policy.call_off_policy import CallOffPolicy, call_off_policy
from eztong.usecases.policy.policy_in_force import find_version

HOME: Final = "/console/policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A version with where it stands. ``made_by`` is empty of the one that an installation begins with."""

    policy: Policy
    standing: PolicyStanding
    starts: datetime | None
    made_by: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """What a version does with an adjustable rule. ``rule`` None: it hits nobody."""

    rule_id: str
    rule: Rule | None
    is_set: bool


def show(visit: Visit) -> Response:
    """List every version, the newest first, and what the one in force does."""
    with visit.services.store.read() as stored:
        found = stored.policy_versions.list()
    rows = [*(row_of(one, found.those, now=visit.now) for one in found.those), built_in(found.those, now=visit.now)]
    current = next((one.policy for one in rows if one.standing is PolicyStanding.IN_FORCE), BUILT_IN)
    return visit.page(
        "policy/versions.html",
        rows=rows,
        unreadable=found.unreadable,
        current=current,
        rules=rules_of(current),
        fixed=list(FIXED),
        may_draft=visit.may(Permission.POLICY_DRAFT),
    )


def show_one(visit: Visit) -> Response:
    """Show one version: every rule, and what may still be done with it."""
    return _one(visit)


def call_off(visit: Visit) -> Response:
    """Call a version off whose time has not come.

    Raises:
        PolicyUnknown: no such version.
    """
    name = _name(visit)
    command = CallOffPolicy(version=name, reason=visit.form.get("reason", ""))
    try:
        visit.audited(lambda: visit.services.perform(visit.acting, call_off_policy, command), subject=name)
    except PolicyUnknown:
        raise
    except EztongError as error:
        return _one(visit, error=error)
    return visit.redirect_done(f"{HOME}/versions/{name}")


def rules_of(policy: Policy) -> list[RuleRow]:
    """Return every adjustable rule with what it does under a version."""
    return [
        RuleRow(rule_id=rule_id, rule=policy.rule(rule_id), is_set=rule_id in policy.rules) for rule_id in ADJUSTABLE
    ]


def row_of(one: PolicyVersion, versions: Sequence[PolicyVersion], *, now: datetime) -> VersionRow:
    """Return a version with where it stands among all of them."""
    return VersionRow(
        policy=one.policy,
        standing=standing_of(one, versions, now=now),
        starts=one.in_force_from or one.policy.valid_from,
        made_by=one.made_by,
        made_at=one.made_at,
    )


def built_in(versions: Sequence[PolicyVersion], *, now: datetime) -> VersionRow:
    """Return the version that an installation begins with."""
    has_followed = newest_begun(versions, now=now) is not None
    standing = PolicyStanding.SUPERSEDED if has_followed else PolicyStanding.IN_FORCE
    return VersionRow(policy=BUILT_IN, standing=standing, starts=None)


def _name(visit: Visit) -> str:
    return str(visit.request.path_params["version"])


def _one(visit: Visit, *, error: EztongError | None = None) -> Response:
    name = _name(visit)
    with visit.services.store.read() as stored:
        versions = stored.policy_versions.list().those
        found = None if name == BUILT_IN.version else find_version(name, stored=stored)
        known = () if found is None else stored.proposals.of_subject(ProposalKind.POLICY, found.version_id)
    row = built_in(versions, now=visit.now) if found is None else row_of(found, versions, now=visit.now)
    waits = [one for one in known if one.state_at(visit.now) is ProposalState.OPEN]
    return visit.form_page(
        "policy/versions_one.html",
        because=error,
        row=row,
        hash=policy_hash(row.policy),
        rules=rules_of(row.policy),
        version=found,
        proposal=waits[0] if waits else None,
        may_call_off=row.standing is PolicyStanding.SCHEDULED and visit.may(Permission.POLICY_CALL_OFF),
        reason=visit.form.get("reason", ""),
    )
