"""``eztong db``: schema, check, backup and restore."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click

from eztong.adapters.clock import SystemClock
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.keys.keyring_file import root_key_id_of
from eztong.adapters.storage.beside.went_back import read_went_back
from eztong.cli.console import apply_option, json_option, print_json, print_rows, progress, say
from eztong.cli.data.backup_archive import make_backup
from eztong.cli.data.database_audit import audit
from eztong.cli.data.erased_lists import relist as make_list
from eztong.cli.data.go_on import go_on as go_on_from_here
from eztong.cli.data.lock import ServerRunning, hold_alone, looking, server_on, working
from eztong.cli.data.prune import KEEP_NEWEST, prune_backups
from eztong.cli.data.release import release_shown, shown_lines
from eztong.cli.data.restore import inspect_backup, put_back, require_room
from eztong.cli.data.waiting import WhatWaits, waiting
from eztong.cli.exits import epilog, say_wrong
from eztong.cli.options import WholeNumber, data_dir_option, settings_in
from eztong.domain.deregistration.erasure import BACKUPS_FOR
from eztong.domain.errors import EztongError, StateConflict
from eztong.wiring.agreement_values import remember_again
from eztong.wiring.belonging import bind_again, check_belonging, check_pair, check_restored
from eztong.wiring.checks.findings import english
from eztong.wiring.checks.stored_data import RELEASE, RESTS, clock_offset, said_of, said_of_return
from eztong.wiring.machine.stores import schema_version, seal_rows, upgrade_schema
from eztong.wiring.settings import Settings
from eztong.wiring.starting import one_at_a_time


@click.group(epilog=epilog("eztong db check", "eztong db backup /backups/monday.tar"))
def db() -> None:
    """Upgrade, check, back up and restore the database."""


@db.command(epilog=epilog("eztong db upgrade"))
@data_dir_option
def upgrade(data_dir: Path | None) -> None:
    """Bring the database to the program's schema, making it if it is not there. Back it up first.

    Writes again what the database remembers of its keyring and agreements, where that is damaged and all else fits.
    """
    settings = settings_in(data_dir)
    with working(settings.data_dir):
        upgrade_data(settings)


def upgrade_data(settings: Settings) -> None:
    """Bring the database to the program's schema, and say what was done; callers hold :func:`working`.

    Raises:
        ServerRunning: a server of the version before works on it.
        StateConflict, KeyringProblem, Unavailable: keyring and database do not belong together, or cannot be used.
    """
    with one_at_a_time(settings.data_dir):
        # An empty database beside a keyring would hide that the right one is gone.
        check_pair(settings)
        before = schema_version(settings.stored_at).found
        if before != schema_version(settings.stored_at).wanted and server_on(settings.data_dir) is not None:
            # It is of the version before, and what it writes would have no tags.
            raise ServerRunning
        after = upgrade_schema(settings.stored_at)
    if before == after.found:
        say(f"The database is at schema {after.found} already.")
    else:
        say(f"The database went from schema {before or 'none'} to {after.found}.")
    if settings.keyring.exists():
        ring = FileKeyring(settings.keyring, settings.root)
        # Tags and counts that another keyring made would never fit.
        check_belonging(settings.stored_at, ring)
        sealed = seal_rows(settings.stored_at, ring)
        if sealed is not None:
            say(f"Sealed {sealed} rows of the version before, as they are now.")
        if bind_again(settings.stored_at, ring):
            say("The fingerprint of the keyring was damaged in the database, and is written again.")
        if remember_again(settings, ring):
            say("What was printed in the agreements was damaged in the database, and is written again.")


@db.command(epilog=epilog("eztong db check", "eztong db check --full --json"))
@data_dir_option
@click.option("--full", is_flag=True, help="Open every sealed field, too; nothing of it is shown.")
@json_option
def check(data_dir: Path | None, full: bool, as_json: bool) -> None:
    """Check the file, the schema, every signature and leaf, the chain of batches, and every sealed row.

    A server may run meanwhile. Says up to which moment a missing end would have been seen.
    """
    settings = settings_in(data_dir)
    if not settings.database_file.exists():
        raise StateConflict("There is no database yet.")
    with looking(settings.data_dir), progress() as bar:
        report = audit(settings, bar, full=full)
    if as_json:
        print_json(report.as_json())
    else:
        for line in report.problems:
            click.echo(f"problem: {line}")
        say(report.words())
    if report.problems:
        say_wrong()


@db.command(epilog=epilog("eztong db backup /backups/monday.tar", "eztong db backup /backups/monday.tar --prune"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_dir_option
@click.option(
    "--prune",
    is_flag=True,
    help="Then remove our own backups beside FILE that are older than --keep-days, but for the newest three.",
)
@click.option(
    "--keep-days",
    type=WholeNumber(1),
    default=BACKUPS_FOR.days,
    show_default=True,
    help="For how many days backups are kept; the agreements say 30.",
)
def backup(file: Path, data_dir: Path | None, prune: bool, keep_days: int) -> None:
    """Write database and keyring to FILE, a tar with the SM3 of each part. A server may run meanwhile.

    The root key is NOT in it: so the backup alone opens nothing. Keep a copy of the root key elsewhere.
    """
    settings = settings_in(data_dir)
    with looking(settings.data_dir):
        parts = make_backup(settings, file)
    say(f"Wrote {file}: {', '.join(parts)}.")
    if prune:
        of = root_key_id_of(settings.keyring.read_bytes())
        pruned = prune_backups(file.parent, of=of, now=SystemClock().now(), keep=timedelta(days=keep_days))
        for old in pruned.removed:
            say(f"Removed {old}, which is older than {keep_days} days.")
        for old in pruned.kept:
            say(f"Kept {old}, older than {keep_days} days, as one of the newest {KEEP_NEWEST}: remove it by hand.")
        for other in pruned.passed:
            say(f"Left {other}, which is no backup of this deployment.")
    say(f"NOT in it: the root key ({settings.root.place()}). Without that key the backup cannot be opened.")


@db.command(epilog=epilog("eztong db restore /backups/monday.tar", "eztong db restore /backups/monday.tar --apply"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@data_dir_option
@click.option("--replace", is_flag=True, help="Allow it over existing data, which is kept as *.before-restore.")
@click.option(
    "--although-unasked", is_flag=True, help="Go on though the database of before cannot say whom it has erased."
)
@apply_option
def restore(file: Path, data_dir: Path | None, *, replace: bool, although_unasked: bool, apply: bool) -> None:
    """Put database and keyring of FILE back, after checking every hash and the database itself."""
    settings = settings_in(data_dir)
    require_room(settings, replace=replace)
    if apply:
        manifest = put_back(settings, file, replace=replace, although_unasked=although_unasked)
    else:
        manifest = inspect_backup(settings, file, although_unasked=although_unasked)
    say(f"The backup of {manifest.created_at}, schema {manifest.schema}, is whole: {', '.join(manifest.parts)}.")
    if not settings.root.is_there():
        say(f"The root key is missing: put it at {settings.root.place()}.")
    if apply:
        say(f"{english(RESTS)} {english(RELEASE)}")
    say("Restored." if apply else "Nothing was changed; add --apply to restore it.")


@db.command(epilog=epilog("eztong db relist", "eztong db relist --from /backups/monday.tar --apply"))
@click.option(
    "--from",
    "backups",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    help="A backup that knows of erased accounts, too; may be given again and again.",
)
@click.option(
    "--although-whole", is_flag=True, help="Add what database and backups know to a list that is not damaged."
)
@data_dir_option
@apply_option
def relist(backups: tuple[Path, ...], although_whole: bool, data_dir: Path | None, apply: bool) -> None:
    """Make the list of erased accounts anew, where it is damaged or lost, from itself, the database and backups.

    Every line that is as it was written stays. The list of before is kept as eztong.erased.before-relist. Give every
    backup that was made since the database was restored last: the database itself knows only whom it has erased.
    """
    settings = settings_in(data_dir)
    if server_on(settings.data_dir) is not None:
        raise ServerRunning
    with hold_alone(settings.data_dir):
        made = make_list(settings, backups, apply=apply, although_whole=although_whole)
    say(
        f"The list {'names' if apply else 'would name'} {made.accounts} accounts, {made.kept} of them by the list of "
        f"before{'' if apply else '; add --apply to make it'}."
    )
    if made.unasked is not None:
        say(
            f"Warning: the database could not be asked for all of them ({made.unasked}); give every backup with --from."
        )
    if made.lost:
        say(
            f"{made.lost} lines of the list of before prove nothing, and nothing else knows their accounts: a backup "
            "could bring these to life again. Look for a whole copy, or for more backups."
        )


@db.command("go-on", epilog=epilog("eztong db go-on", "eztong db go-on --apply"))
@data_dir_option
@apply_option
def go_on(data_dir: Path | None, apply: bool) -> None:
    """Go on with a database that ends before its mark, when no backup reaches further.

    Live mode does not start on such a database: whatever was ended since stands open again. docs/operations.md says
    what to end anew. The mark of before is kept as eztong.mark.before-go-on.
    """
    settings = settings_in(data_dir)
    if server_on(settings.data_dir) is not None:
        raise ServerRunning
    with hold_alone(settings.data_dir):
        missing = go_on_from_here(settings, apply=apply)
    say(said_of(missing).english)
    if apply:
        say(f"{english(RESTS)} {english(RELEASE)}")
    say("A new writer goes on from there." if apply else "Nothing was changed; add --apply to go on from there.")


@db.command(epilog=epilog("eztong db release", "eztong db release --apply"))
@data_dir_option
@apply_option
def release(data_dir: Path | None, apply: bool) -> None:
    """Let go on what rests since the database went back, by a restore or go-on. A server may run meanwhile.

    Says what waits: deregistrations, changes of the phone, accounts of the dead, birthdays of wards, talks. Whatever
    of it was stopped since the backup is carried out if you do not stop it anew first: docs/operations.md says how.
    """
    settings = settings_in(data_dir)
    with working(settings.data_dir):
        check_restored(settings.data_dir)
        shown = shown_lines(settings.database_file)
        went_back = read_went_back(settings.database_file)
        if went_back is not None:
            say(said_of_return(went_back).english)
        try:
            _print_waiting(waiting(settings.database_file, now=SystemClock().now() + clock_offset(settings)))
        except EztongError as error:
            # A damaged row must not keep everybody else waiting.
            say(f"What waits cannot be listed: {error.detail} Run: eztong db check --full.")
        is_done = apply and release_shown(settings.database_file, shown)
    if apply:
        say("Released: it goes on." if is_done else "It went back once more meanwhile: look again, then release that.")
    else:
        say("Nothing was changed; add --apply to let it go on.")


def _print_waiting(found: WhatWaits) -> None:
    rows = [(one.holder_id, one.kind, _minute(one.since), _minute(one.due)) for one in found.those]
    print_rows(("Account", "What waits", "Since (UTC)", "Due (UTC)"), rows)
    if found.unreadable:
        say(f"{found.unreadable} more cannot be read. Run: eztong db check --full.")
    say(f"{found.applications} applications wait for an answer, and end thirty days after the question.")


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
