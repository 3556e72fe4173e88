"""By which version of the policy applications are decided now, and versions by name (clause 2.1)."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.policy.policy import BUILT_IN, Policy
from eztong.domain.policy.version import PolicyUnknown, PolicyVersion, newest_publication
from eztong.ports.storage.repositories import Repositories


def policy_in_force(*, stored: Repositories, now: datetime) -> Policy:
    """Return the version in force at ``now``, or the one that an installation begins with.

    Of all others it only matters that they are not in force.

    Raises:
        RowDamaged: it cannot be read, or of another not whether it is in force. No older one decides in its stead.
    """
    newest = newest_publication(stored.policy_versions.publications(), now=now)
    if newest is None:
        return BUILT_IN
    found = stored.policy_versions.get(newest.version_id)
    if found is None:
        raise PolicyUnknown
    return found.policy


def find_version(name: str, *, stored: Repositories) -> PolicyVersion:
    """Return the newest version of a name.

    Raises:
        PolicyUnknown: there is none; the one that an installation begins with was proposed by nobody.
        RowDamaged: it cannot be read.
    """
    found = stored.policy_versions.by_name(name)
    if found is None:
        raise PolicyUnknown
    return found
