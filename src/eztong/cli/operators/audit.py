"""``eztong audit``: what operators meant to do, did and were refused; reading it stands in it, too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from eztong.cli.console import json_option, print_found, print_json, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.operators.audit import AuditEntry, AuditFilter
from eztong.domain.operators.permission import Permission
from eztong.usecases.compliance.collect_pack import note_pack
from eztong.usecases.operators.read_audit import note_audit_read, read_audit
from eztong.wiring.compliance.pack import compliance_pack

T = TypeVar("T")
_MOST: Final = 10_000
_DAY: Final = click.DateTime(["%Y-%m-%d"])


def _filters(command: Callable[..., T]) -> Callable[..., T]:
    for name, what in (
        ("--correlation", "only what belongs to one act"),
        ("--subject", "only what was done to this id"),
        ("--what", "only this act, such as operators.add, or operators.* for all that begin so"),
        ("--by", "only what this operator did"),
    ):
        command = click.option(name, default="", help=f"Show {what}.")(command)
    return command


@click.group(epilog=epilog("eztong audit list --operator chen", "eztong audit list --by li.na --operator chen --json"))
def audit() -> None:
    """Read what operators meant to do, did and were refused. It takes an operator of role audit or security."""


@audit.command("list", epilog=epilog("eztong audit list --operator chen", "eztong audit list --before aud_01..."))
@_filters
@click.option("--since", type=_DAY, help="Show only what was done on this day, 2026-03-05, or later.")
@click.option("--until", type=_DAY, help="Show only what was done on this day or before.")
@click.option("--before", default="", help="Go on after this entry, the last one of the page before.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, _MOST), help="The most entries.")
@by_operator()
@data_dir_option
@json_option
def list_(
    *,
    since: datetime | None,
    until: datetime | None,
    before: str,
    limit: int,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
    **asked: str,
) -> None:
    """List entries, newest first. That you read them, and what you asked, stands in the audit."""
    wanted = AuditFilter(
        operator=asked["by"],
        subject=asked["subject"],
        what=asked["what"],
        correlation=asked["correlation"],
        first_day=None if since is None else since.date(),
        last_day=None if until is None else until.date(),
    )
    with opened(settings_in(data_dir)) as built:
        services = built.services
        services.perform(operator.proven(built), note_audit_read, Permission.AUDIT_READ, wanted)
        with services.store.read() as stored:
            found = read_audit(wanted, before=before, after="", limit=limit, stored=stored)
    columns = {"entry": "entry_id", "at": "at", "operator": "operator", "step": "step", "what": "what"}
    rest = {"subject": "subject", "error": "error", "door": "door", "correlation": "correlation"}
    print_found([_described(entry) for entry in found.those], columns | rest, as_json=as_json)
    say_unreadable(found.unreadable)


def _described(entry: AuditEntry) -> dict[str, Any]:
    return {
        "entry_id": entry.entry_id,
        "at": render_time(entry.at),
        "step": entry.step.value,
        "what": entry.what,
        "operator": entry.operator,
        "roles": sorted(entry.roles),
        "door": entry.door.value,
        "subject": entry.subject,
        "change": entry.change,
        "error": entry.error,
        "correlation": entry.correlation,
    }


@audit.command(epilog=epilog("eztong audit pack compliance.zip --operator chen"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@by_operator()
@data_dir_option
@json_option
def pack(*, file: Path, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Put the pack for an audit of compliance into FILE, a zip: what is kept, let out, accepted, done and proven.

    It holds counts, rules and hashes, and no personal data; index.json names every part with its hash. It takes an
    operator of role audit, and that you took it stands in the audit.
    """
    if file.exists():
        raise click.BadParameter("there is such a file; nothing is written over", param_hint="FILE")
    settings = settings_in(data_dir)
    with opened(settings) as built:
        built.services.perform(operator.proven(built), note_pack)
        content = compliance_pack(settings, built.services)
    with file.open("xb") as written:
        file.chmod(0o600)
        written.write(content)
    digest = sha256(content).hexdigest()
    if as_json:
        print_json({"file": str(file), "bytes": len(content), "sha256": digest})
        return
    click.echo(f"{digest}  {file}")
    say("Give it to the auditor with this hash.")
