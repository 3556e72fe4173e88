"""The part of the policy for applications: the version in force. Another one is proposed, and takes two operators."""

from __future__ import annotations

import json
from collections.abc import Iterator

from eztong.domain.configuration.difference import Difference, DifferenceKind, ProposeVersion
from eztong.domain.configuration.strict_reading import ConfigurationInvalid
from eztong.domain.policy.document import parse_policy, policy_hash
from eztong.domain.policy.policy import BUILT_IN, Policy, PolicyInvalid
from eztong.domain.policy.version import PolicyVersion, PublicationState

SUBJECT = "policy"
_AGAIN = frozenset({PublicationState.REFUSED, PublicationState.CALLED_OFF})


def parse_policy_part(said: object) -> Policy:
    """Read the version, whose document is that of `eztong policy`.

    Raises:
        ConfigurationInvalid: saying where.
    """
    try:
        return parse_policy(json.dumps(said, ensure_ascii=False).encode())
    except PolicyInvalid as error:
        raise ConfigurationInvalid(f"policy: {error.detail}") from error


def policy_differences(
    wanted: Policy, in_force: Policy, named: PolicyVersion | None, *, is_open: bool
) -> Iterator[Difference]:
    """Tell how the policy differs.

    Args:
        wanted: The version of the document.
        in_force: The version by which applications are decided now.
        named: The newest version that has the name of the wanted one.
        is_open: Whether a proposal of that one waits for another operator.
    """
    if policy_hash(wanted) == policy_hash(in_force):
        return
    kind, step = _fate(wanted, named, is_open=is_open), None
    if kind is DifferenceKind.CHANGE:
        step = ProposeVersion(wanted)
    yield Difference(kind=kind, subject=SUBJECT, there=in_force.version, wanted=wanted.version, step=step)


def _fate(wanted: Policy, named: PolicyVersion | None, *, is_open: bool) -> DifferenceKind:
    if wanted.version == BUILT_IN.version:
        return DifferenceKind.BLOCKED
    if named is None or named.state in _AGAIN:
        return DifferenceKind.CHANGE
    if named.state is PublicationState.PROPOSED and not is_open:
        return DifferenceKind.CHANGE
    # A name means one thing for good.
    return DifferenceKind.WAITS if policy_hash(named.policy) == policy_hash(wanted) else DifferenceKind.BLOCKED
