"""The repository of the policy's versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.policy.version import PolicyVersion, Publication


class PolicyVersionRepository(Protocol):
    """Versions of the policy for applications. What a version says is stored once and never changed."""

    def add(self, version: PolicyVersion) -> bool:
        """Store a version; return False, and store nothing, if one of its name is proposed or was published."""
        ...

    def get(self, version_id: str) -> PolicyVersion | None:
        """Return the version."""
        ...

    def by_name(self, name: str) -> PolicyVersion | None:
        """Return the newest version of a name, whatever became of it."""
        ...

    def publications(self) -> Sequence[Publication]:
        """Return from when on each published version decides; what else stands in a version is not read.

        Raises:
            RowDamaged: it cannot be read of one whether it is published, or from when on it decides.
        """
        ...

    def list(self) -> Listed[PolicyVersion]:
        """Return every version, the newest first, whatever became of it."""
        ...

    def move(self, before: PolicyVersion, after: PolicyVersion) -> bool:
        """Store what became of a version if it still stands as ``before``; return whether this call did it."""
        ...
