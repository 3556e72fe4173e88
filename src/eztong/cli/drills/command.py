"""``eztong drill``: make a backup, restore it into a scratch folder, and check all of it there."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import click

from eztong.adapters.clock import SystemClock
from eztong.cli.console import json_option, print_json, progress, say
from eztong.cli.data.audit_report import AuditReport
from eztong.cli.data.backup_archive import make_backup
from eztong.cli.data.database_audit import audit
from eztong.cli.data.lock import looking
from eztong.cli.data.restore import put_back
from eztong.cli.exits import epilog, say_wrong
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.drills.drill import BackupFolderMissing, Drill
from eztong.ports.act import SYSTEM
from eztong.usecases.drills.note_drill import note_drill
from eztong.wiring.settings import Settings


@click.command(epilog=epilog("eztong drill", "eztong drill --to /srv/backups --json"))
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the backup; without it EZTONG_BACKUP_FOLDER.",
)
@data_dir_option
@json_option
def drill(*, to: Path | None, data_dir: Path | None, as_json: bool) -> None:
    """Make a backup, restore it into a scratch folder with the real root key, and check every signature and field.

    A server may run meanwhile; nothing of it is touched. The backup stays; the scratch folder goes. What came of it is
    kept, and the console, `eztong doctor` and /metrics say how old the last verified restore is.
    """
    settings = settings_in(data_dir)
    folder = to or settings.backups
    if folder is None:
        raise BackupFolderMissing
    done, report = carry_out(settings, folder)
    if as_json:
        print_json(report.as_json() | {"backup": done.backup, "seconds": done.seconds, "at": render_time(done.at)})
    else:
        for line in report.problems:
            click.echo(f"problem: {line}")
        say(f"Restored {done.backup} into a scratch folder and checked it in {done.seconds} seconds. {report.words()}")
    if not done.is_whole:
        say_wrong()


def carry_out(settings: Settings, folder: Path) -> tuple[Drill, AuditReport]:
    """Carry a drill out, and keep what came of it.

    Raises:
        EztongError: no backup could be made, or it could not be restored; nothing is kept of that.
    """
    began, now = time.monotonic(), SystemClock().now()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"eztong-{now:%Y-%m-%d-%H%M%S}.tar"
    with looking(settings.data_dir):
        make_backup(settings, file)
    with tempfile.TemporaryDirectory(prefix="eztong-drill-") as scratch:
        # The real root key: a backup that only another one opens is none.
        there = settings.model_copy(update={"data_dir": Path(scratch) / "data", "root_key_file": settings.root_key})
        put_back(there, file, replace=False, although_unasked=False)
        with progress() as bar:
            report = audit(there, bar, full=True)
    with opened(settings) as built:
        done = Drill(
            at=built.services.clock.now(),
            backup=file.name,
            seconds=round(time.monotonic() - began),
            batches=report.batches,
            rows=report.rows,
            fields=report.fields,
            problems=len(report.problems),
        )
        built.services.perform(SYSTEM, note_drill, done)
    return done, report
