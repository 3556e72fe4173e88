"""Checks of what is stored: the schema, who may enter, the list of erased accounts, the mark, and the clock."""

from __future__ import annotations

import stat
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from eztong.adapters.clock import SystemClock
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.sandbox_controls import CLOCK_SETTING
from eztong.adapters.storage.beside.erased_list import ErasedList, erased_list_of
from eztong.adapters.storage.beside.went_back import read_went_back
from eztong.adapters.storage.stored.facts import (
    erased_accounts,
    not_erased,
    rows_wait_for_seals,
    stored_setting,
    unreadable_counts,
)
from eztong.adapters.storage.stored.reach import MissingEnd, NewestBatch, missing_ends, newest_batch
from eztong.domain.errors import EztongError
from eztong.domain.evidence.proof import PublishedKey
from eztong.domain.operators.posture import CheckFinding
from eztong.ports.services import Mode
from eztong.wiring.checks.findings import bad, fine, stops, warns, words
from eztong.wiring.machine.stores import check_store, different_tables, schema_version
from eztong.wiring.settings import Settings

DOUBT_SETTING: Final = "clock_in_doubt_since"
"""A setting that says since when the clock is in doubt, by that clock; empty once it is believed again."""

CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""How far behind the newest signature a clock may stand before it is spoken of."""


def check_database(settings: Settings) -> CheckFinding:
    """EZT007: the database can be read, has the program's schema (number and tables), and its rows are sealed."""
    try:
        check_store(settings)
        version = schema_version(settings.stored_at)
        different = different_tables(settings.stored_at) if version.is_current else []
        waits = version.is_current and rows_wait_for_seals(settings.stored_at)
        lost = unreadable_counts(settings.stored_at) if version.is_current and not different else 0
    except (EztongError, OSError) as error:
        return stops("EZT007", "The database cannot be used.", words(error))
    if not version.is_known or different:
        tables = f" with other tables: {', '.join(different)}" if different else ""
        return stops(
            "EZT007",
            f"The database is at schema {version.found}{tables}; this program needs its own {version.wanted}.",
            "Use the version of the program that made it.",
        )
    if not version.is_current:
        return bad(
            settings,
            "EZT007",
            f"The database is at schema {version.found or 'none'}; the program needs {version.wanted}.",
            "Back it up, then run: eztong db upgrade.",
        )
    if waits:
        message = "An upgrade was cut off: rows of the version before have no tags yet."
        return bad(settings, "EZT007", message, "Run: eztong db upgrade.")
    if lost:
        message = f"{lost} counts of rows have names that cannot be read: whether rows are missing is not known there."
        return warns("EZT007", message, RESTORE)
    where = "" if isinstance(settings.stored_at, Path) else ", on a PostgreSQL server"
    return fine("EZT007", f"The database is at schema {version.wanted}{where}.")


def check_data_folder(settings: Settings) -> CheckFinding:
    """EZT008: only the service's user can enter the data folder."""
    folder = settings.data_dir
    if folder.exists() and folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return warns("EZT008", "Others may enter the data folder.", f"Run: chmod 700 {folder.name}")
    return fine("EZT008", "The data folder is private.")


def check_erased_list(settings: Settings) -> CheckFinding:
    """EZT017: the list of erased accounts is whole, of this deployment, and names what was erased and nothing else."""
    if not settings.keyring.exists() or not settings.stored_at.exists():
        return fine("EZT017", "There is nothing to list yet.")
    try:
        keys = FileKeyring(settings.keyring, settings.root)
        erased = erased_accounts(settings.stored_at)
        listed = set(ErasedList(erased_list_of(settings.stored_at), keys, SystemClock()).read())
        there = not_erased(settings.stored_at, sorted(listed))
    except (EztongError, OSError) as error:
        return stops("EZT017", "The list of erased accounts cannot be used.", words(error))
    if there:
        advice = "The service tries again by itself. Where that does not help, eztong db check --full names the rows."
        return warns("EZT017", f"Erased accounts are still there: {', '.join(there)}.", advice)
    if erased.unreadable:
        message = f"{erased.unreadable} accounts are erased and cannot be named: their rows of holders are damaged."
        return warns("EZT017", message, RESTORE)
    if missing := set(erased.named) - listed:
        advice = "The next start adds them. Find out what shortened eztong.erased before you restore a backup."
        return warns("EZT017", f"The list of erased accounts lacks {len(missing)} of {len(erased.named)}.", advice)
    return fine("EZT017", "The list of erased accounts is whole.")


def check_reach(settings: Settings) -> CheckFinding:
    """EZT018: the database reaches as far as the mark beside it says: no older file was put in its place."""
    try:
        if not settings.keyring.exists() or not schema_version(settings.stored_at).is_current:
            return fine("EZT018", "There is nothing to compare yet.")
        missing = missing_ends(settings.stored_at, published_keys(FileKeyring(settings.keyring, settings.root)))
    except (EztongError, OSError) as error:
        advice = f"{words(error)} Until it is whole a missing end would not be seen."
        return warns("EZT018", "Database and mark cannot be compared.", advice)
    if missing:
        return bad(settings, "EZT018", said_of(missing), GO_ON)
    return fine("EZT018", "The database reaches as far as its mark.")


def check_clock(settings: Settings) -> CheckFinding:
    """EZT019: the clock does not stand before what was signed last, and nothing rests because of it."""
    try:
        now = SystemClock().now() + clock_offset(settings)
        newest = newest_batch(settings.stored_at)
        behind = stands_behind(newest.at, now=now)
        doubt = doubt_in_clock(settings)
    except (EztongError, OSError) as error:
        return fine("EZT019", f"The clock has nothing to be compared with: {words(error)}")
    if behind is not None:
        advice = "Set the clock right before you serve: what ends by time ends too late, and what is signed lies."
        return warns("EZT019", said_of_clock(behind), advice)
    if doubt is not None:
        return warns("EZT019", doubt, "Compare it with another one. If it is right, the service ends this by itself.")
    if newest.passed_over:
        return warns("EZT019", said_of_times(newest), RESTORE)
    return fine("EZT019", "The clock does not stand before what was signed last.")


def doubt_in_clock(settings: Settings) -> str | None:
    """Return the sentence about a doubt that is stored; None if none is.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    since = stored_setting(settings.stored_at, DOUBT_SETTING)
    return f"The clock has been in doubt since {since} by itself; what cannot be undone rests." if since else None


def check_released(settings: Settings) -> CheckFinding:
    """EZT021: nothing rests because the database went back, by a restore or ``eztong db go-on``: only a warning."""
    try:
        found = read_went_back(settings.stored_at)
    except OSError as error:
        return warns("EZT021", "Whether the database went back cannot be read.", words(error))
    if found is not None:
        return warns("EZT021", f"{found.words()} {RESTS}", RELEASE)
    return fine("EZT021", "Nothing rests because the database went back.")


RESTS: Final = "What was stopped since waits again, and what cannot be undone rests."
RELEASE: Final = "Look at what waits, and stop anew what was stopped: eztong db release."

RESTORE: Final = "Find the rows: eztong db check --full. Then restore a backup of before: eztong db restore."
"""What mends rows that were damaged."""

GO_ON: Final = (
    "An older file was put in its place, or its end is lost: whatever was ended since stands open again. Restore the "
    "newest backup; if there is none that reaches further, do what docs/operations.md says, then: eztong db go-on."
)


def said_of(missing: Sequence[MissingEnd]) -> str:
    """Return the sentence about an end that is missing."""
    newest = max(missing, key=lambda one: one.until)
    return (
        f"The database ends before its mark: writer {newest.writer} had signed {newest.signed} batches, the last at "
        f"{newest.until:%Y-%m-%d %H:%M:%S} UTC; the database has them up to {newest.reached}."
    )


def published_keys(ring: FileKeyring) -> Mapping[str, PublishedKey]:
    """Return the keys that notes are verified with, by their ids."""
    return {key.key_id: key for key in ring.published()}


def clock_offset(settings: Settings) -> timedelta:
    """Return how far the sandbox's clock stands from the machine's."""
    stored = stored_setting(settings.stored_at, CLOCK_SETTING) if settings.mode is Mode.SANDBOX else None
    return timedelta(seconds=float(stored or 0))


def stands_behind(newest: datetime | None, *, now: datetime) -> timedelta | None:
    """Return how far the clock stands before the newest signature; None if not more than :data:`CLOCK_TOLERANCE`."""
    behind = None if newest is None else newest - now
    return behind if behind is not None and behind > CLOCK_TOLERANCE else None


def said_of_times(newest: NewestBatch) -> str:
    """Return the sentence about signed batches that do not say when they were signed."""
    return (
        f"The times of the newest {newest.passed_over} batches are damaged: the clock is compared with what was signed "
        "before them."
    )


def said_of_clock(behind: timedelta) -> str:
    """Return the sentence about a clock that stands too early."""
    return f"The clock stands {behind / timedelta(hours=1):.1f} hours before what was signed last."
