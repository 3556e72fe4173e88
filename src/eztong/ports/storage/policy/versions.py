"""The repository of the policy's versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.policy.version import PolicyVersion


class PolicyVersionRepository(Protocol):
    """Versions of the policy for applications. What a version says is stored once and never changed."""

    def add(self, version: PolicyVersion) -> bool:
        """Store a version; return False, and store nothing, if one of its name is proposed or was published."""
        ...

    def get(self, version_id: str) -> PolicyVersion | None:
        """Return the version."""
        ...

    def list(self) -> Sequence[PolicyVersion]:
        """Return every version, the newest first, whatever became of it."""
        ...

    def move(self, before: PolicyVersion, after: PolicyVersion) -> bool:
        """Store what became of a version if it still stands as ``before``; return whether this call did it."""
        ...
