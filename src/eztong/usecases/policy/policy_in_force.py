"""By which version of the policy applications are decided now, and versions by name (clause 2.1)."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.policy.policy import Policy
from eztong.domain.policy.version import PolicyUnknown, PolicyVersion, policy_at
from eztong.ports.storage.repositories import Repositories


def policy_in_force(*, stored: Repositories, now: datetime) -> Policy:
    """Return the version in force at ``now``."""
    return policy_at(stored.policy_versions.list(), now=now)


def find_version(name: str, *, stored: Repositories) -> PolicyVersion:
    """Return the newest version of a name.

    Raises:
        PolicyUnknown: there is none; the one that an installation begins with was proposed by nobody.
    """
    found = next((one for one in stored.policy_versions.list() if one.policy.version == name), None)
    if found is None:
        raise PolicyUnknown
    return found
