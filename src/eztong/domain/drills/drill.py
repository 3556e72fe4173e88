"""What came of the last drill: a backup that was restored into a scratch folder and checked there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from eztong.domain.canonical_json import DocumentMalformed, parse_document, parse_time, render_canonical, render_time
from eztong.domain.errors import StateConflict

DRILL_SETTING: Final = "last_drill"
"""The fact of the installation under which the last drill is kept."""

WHOLE_SETTING: Final = "last_whole_drill"
"""The same of the last one that found nothing wrong."""

OLD_AFTER: Final = timedelta(days=35)
"""Once a month, with some days to spare: a drill that is older says little about today's backups."""


class DrillUnderWay(StateConflict):
    """A drill runs already."""

    code = "drill_under_way"
    advice = "A drill is under way; wait until it has ended."


class BackupFolderMissing(StateConflict):
    """It is not said where backups go."""

    code = "backup_folder_missing"
    advice = "Set EZTONG_BACKUP_FOLDER to a folder on another volume, or give --to."


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A drill: when it ended, what the backup was called, what was looked at, and how many problems there were."""

    at: datetime
    backup: str
    seconds: int
    batches: int
    rows: int
    fields: int
    problems: int

    @property
    def is_whole(self) -> bool:
        """Say whether nothing was wrong."""
        return self.problems == 0

    def is_old(self, now: datetime) -> bool:
        """Say whether it is time for another one."""
        return now - self.at > OLD_AFTER


def render_drill(drill: Drill) -> str:
    """Return the drill as it is kept."""
    return render_canonical(
        {
            "at": render_time(drill.at),
            "backup": drill.backup,
            "seconds": drill.seconds,
            "batches": drill.batches,
            "rows": drill.rows,
            "fields": drill.fields,
            "problems": drill.problems,
        }
    ).decode()


def parse_drill(text: str | None) -> Drill | None:
    """Return a drill that was kept; None where there was none, or it cannot be read."""
    try:
        said = parse_document((text or "").encode())
        return Drill(
            at=parse_time(said["at"]),
            backup=str(said["backup"]),
            **{name: int(said[name]) for name in ("seconds", "batches", "rows", "fields", "problems")},
        )
    except (DocumentMalformed, KeyError, ValueError, TypeError):
        return None
