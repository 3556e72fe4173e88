"""Call off a published version of the policy whose time has not come: one operator is enough for that (2.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import parse_reason
from eztong.domain.policy.version import PolicyInForce, PolicyVersion, PublicationState
from eztong.ports.act import Act
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.check_operator import check_operator
from eztong.usecases.policy.policy_in_force import find_version
from eztong.usecases.policy.publish_policy import facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffPolicy:
    """The version that shall not come into force, and why."""

    version: str
    reason: str


def call_off_policy(act: Act, command: CallOffPolicy) -> PolicyVersion:
    """Call a version off; what is decided by stays as it is.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, ReasonInvalid: whoever acts may not, or gave no reason.
        PolicyUnknown: no such version.
        PolicyInForce: it is or was in force, was called off, or is only proposed.
    """
    operator = check_operator(act, Permission.POLICY_CALL_OFF)
    reason = parse_reason(command.reason)
    version = find_version(command.version, stored=act.uow)
    version.check_callable_off(now=act.now)
    called_off = replace(
        version,
        state=PublicationState.CALLED_OFF,
        called_off_by=operator.name,
        called_off_at=act.now,
        called_off_because=reason,
    )
    if not act.uow.policy_versions.move(version, called_off):
        raise PolicyInForce
    kind, facts = ActKind.POLICY_CALLED_OFF, facts_of(version)
    attest_act(act, WhatWasDone(kind=kind, subject=version.version_id, facts=facts, reason=reason))
    return called_off
