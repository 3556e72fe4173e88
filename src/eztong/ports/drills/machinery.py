"""What the page of operations asks of the machine: how its stores stand, and drills in a process of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFacts:
    """How the stores stand: bytes of the database and its log, of what is free on its volume, and the schema."""

    database_bytes: int
    log_bytes: int
    free_bytes: int
    schema: str


class Machinery(Protocol):
    """The machine that this process runs on."""

    def stores(self) -> StoreFacts:
        """Return how the stores stand now."""
        ...

    @property
    def has_backup_folder(self) -> bool:
        """Say whether it is known where backups go."""
        ...

    @property
    def is_drilling(self) -> bool:
        """Say whether a drill that this process began is under way."""
        ...

    @property
    def has_failed(self) -> bool:
        """Say whether the last drill that this process began could not be carried out."""
        ...

    def start_drill(self) -> None:
        """Begin a drill in a process of its own, which keeps what comes of it.

        Raises:
            DrillUnderWay: one is under way.
            BackupFolderMissing: it is not known where backups go.
        """
        ...
