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
from eztong.adapters.storage.beside.went_back import WentBack, read_went_back
from eztong.adapters.storage.sql.revisions import SchemaVersion
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
from eztong.domain.operators.posture import CheckFinding, FindingSentence
from eztong.ports.services import Mode
from eztong.wiring.checks.findings import bad, fine, met, say, stops, warns, why
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
        return stops("EZT007", "finding.database.unusable", why(error))
    if not version.is_known or different:
        return stops("EZT007", _said_of_other(version, different), "finding.database.other_do")
    if not version.is_current:
        none = say("finding.database.no_schema", wanted=version.wanted)
        old = say("finding.database.old", found=version.found, wanted=version.wanted) if version.found else none
        return bad(settings, "EZT007", old, "finding.database.old_do")
    if waits:
        return bad(settings, "EZT007", "finding.database.cut_off", "finding.database.cut_off_do")
    if lost:
        return warns("EZT007", say("finding.database.uncounted", counts=lost), RESTORE)
    is_file = isinstance(settings.stored_at, Path)
    key = "finding.database.fine" if is_file else "finding.database.fine_on_server"
    return fine("EZT007", say(key, schema=version.wanted))


def check_data_folder(settings: Settings) -> CheckFinding:
    """EZT008: only the service's user can enter the data folder."""
    folder = settings.data_dir
    if folder.exists() and folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return warns("EZT008", "finding.folder.open", say("finding.folder.open_do", folder=folder.name))
    return fine("EZT008", "finding.folder.private")


def check_erased_list(settings: Settings) -> CheckFinding:
    """EZT017: the list of erased accounts is whole, of this deployment, and names what was erased and nothing else."""
    if not settings.keyring.exists() or not settings.stored_at.exists():
        return fine("EZT017", "finding.erased.nothing")
    try:
        keys = FileKeyring(settings.keyring, settings.root)
        erased = erased_accounts(settings.stored_at)
        listed = set(ErasedList(erased_list_of(settings.stored_at), keys, SystemClock()).read())
        there = not_erased(settings.stored_at, sorted(listed))
    except (EztongError, OSError) as error:
        return stops("EZT017", "finding.erased.unusable", why(error))
    if there:
        return warns("EZT017", say("finding.erased.there", accounts=", ".join(there)), "finding.erased.there_do")
    if erased.unreadable:
        return warns("EZT017", say("finding.erased.unnamed", accounts=erased.unreadable), RESTORE)
    if missing := set(erased.named) - listed:
        lacks = say("finding.erased.lacks", missing=len(missing), erased=len(erased.named))
        return warns("EZT017", lacks, "finding.erased.lacks_do")
    return fine("EZT017", "finding.erased.whole")


def check_reach(settings: Settings) -> CheckFinding:
    """EZT018: the database reaches as far as the mark beside it says: no older file was put in its place."""
    try:
        if not settings.keyring.exists() or not schema_version(settings.stored_at).is_current:
            return fine("EZT018", "finding.reach.nothing")
        missing = missing_ends(settings.stored_at, published_keys(FileKeyring(settings.keyring, settings.root)))
    except (EztongError, OSError) as error:
        return warns("EZT018", "finding.reach.unknown", [why(error), say("finding.reach.unknown_do")])
    if missing:
        return bad(settings, "EZT018", said_of(missing), GO_ON)
    return fine("EZT018", "finding.reach.fine")


def check_clock(settings: Settings) -> CheckFinding:
    """EZT019: the clock does not stand before what was signed last, and nothing rests because of it."""
    try:
        now = SystemClock().now() + clock_offset(settings)
        newest = newest_batch(settings.stored_at)
        behind = stands_behind(newest.at, now=now)
        doubt = doubt_in_clock(settings)
    except (EztongError, OSError) as error:
        return fine("EZT019", say("finding.clock.unknown", error=met(error)))
    if behind is not None:
        return warns("EZT019", said_of_clock(behind), "finding.clock.behind_do")
    if doubt is not None:
        return warns("EZT019", doubt, "finding.clock.doubt_do")
    if newest.passed_over:
        return warns("EZT019", said_of_times(newest), RESTORE)
    return fine("EZT019", "finding.clock.fine")


def doubt_in_clock(settings: Settings) -> FindingSentence | None:
    """Return the sentence about a doubt that is stored; None if none is.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    since = stored_setting(settings.stored_at, DOUBT_SETTING)
    return say("finding.clock.doubt", since=since) if since else None


def check_released(settings: Settings) -> CheckFinding:
    """EZT021: nothing rests because the database went back, by a restore or ``eztong db go-on``: only a warning."""
    try:
        found = read_went_back(settings.stored_at)
    except OSError as error:
        return warns("EZT021", "finding.released.unknown", why(error))
    if found is not None:
        return warns("EZT021", [said_of_return(found), say(RESTS)], RELEASE)
    return fine("EZT021", "finding.released.fine")


RESTS: Final = "finding.released.rests"
RELEASE: Final = "finding.released.do"

RESTORE: Final = "finding.rows_do"
"""What mends rows that were damaged."""

GO_ON: Final = "finding.reach.go_on"


def said_of(missing: Sequence[MissingEnd]) -> FindingSentence:
    """Return the sentence about an end that is missing."""
    newest = max(missing, key=lambda one: one.until)
    return say(
        "finding.reach.short",
        writer=newest.writer,
        signed=newest.signed,
        until=f"{newest.until:%Y-%m-%d %H:%M:%S}",
        reached=newest.reached,
    )


def said_of_return(went_back: WentBack) -> FindingSentence:
    """Return the sentence about a database that went back."""
    if went_back.to is None or went_back.at is None:
        return say("finding.released.went_back_unreadable")
    return say("finding.released.went_back", to=f"{went_back.to:%Y-%m-%d %H:%M}", at=f"{went_back.at:%Y-%m-%d %H:%M}")


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


def said_of_times(newest: NewestBatch) -> FindingSentence:
    """Return the sentence about signed batches that do not say when they were signed."""
    return say("finding.clock.times", batches=newest.passed_over)


def said_of_clock(behind: timedelta) -> FindingSentence:
    """Return the sentence about a clock that stands too early."""
    return say("finding.clock.behind", hours=f"{behind / timedelta(hours=1):.1f}")


def _said_of_other(version: SchemaVersion, different: Sequence[str]) -> FindingSentence:
    if not different:
        return say("finding.database.other", found=str(version.found), wanted=version.wanted)
    return say(
        "finding.database.other_tables", found=str(version.found), tables=", ".join(different), wanted=version.wanted
    )
