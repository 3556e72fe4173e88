"""A version of the policy as the command line shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eztong.domain.canonical_json import render_time
from eztong.domain.policy.document import policy_hash
from eztong.domain.policy.policy import ADJUSTABLE, BUILT_IN, FIXED, Policy
from eztong.domain.policy.version import PolicyStanding, PolicyVersion, newest_begun, standing_of


def version_described(one: PolicyVersion | None, versions: Sequence[PolicyVersion], *, now: datetime) -> dict[str, Any]:
    """Return a version with where it stands; None is the one that an installation begins with."""
    if one is None:
        has_followed = newest_begun(versions, now=now) is not None
        standing = PolicyStanding.SUPERSEDED if has_followed else PolicyStanding.IN_FORCE
        return _row(BUILT_IN, standing)
    return _row(one.policy, standing_of(one, versions, now=now)) | {
        "made_by": one.made_by,
        "made_at": render_time(one.made_at),
        "in_force_from": _moment(one.in_force_from or one.policy.valid_from),
        "published_at": _moment(one.published_at),
        "called_off_by": one.called_off_by,
        "called_off_at": _moment(one.called_off_at),
        "called_off_because": one.called_off_because,
    }


def rules_described(policy: Policy) -> list[dict[str, Any]]:
    """Return every rule with what it does under a version, and who sets it."""
    set_by_version = [_rule(policy, rule_id) for rule_id in ADJUSTABLE]
    fixed = [
        {"rule": rule_id, "set_by": "fixed", "does": None, "parameter": None, "hits": what}
        for rule_id, what in FIXED.items()
    ]
    return [*set_by_version, *fixed]


def _rule(policy: Policy, rule_id: str) -> dict[str, Any]:
    rule, kind = policy.rule(rule_id), ADJUSTABLE[rule_id]
    parameter: list[str] | int | None = None if rule is None else (list(rule.values) or rule.number)
    return {
        "rule": rule_id,
        "set_by": "version" if rule_id in policy.rules else "default",
        "does": None if rule is None else rule.does.value,
        "parameter": parameter,
        "hits": kind.what,
        "may": sorted(one.value for one in kind.may),
    }


def _row(policy: Policy, standing: PolicyStanding) -> dict[str, Any]:
    nobody = dict.fromkeys(
        (
            "made_by",
            "made_at",
            "in_force_from",
            "published_at",
            "called_off_by",
            "called_off_at",
            "called_off_because",
        )
    )
    return {"version": policy.version, "standing": standing.value, **nobody, "hash": policy_hash(policy)}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else render_time(moment)
