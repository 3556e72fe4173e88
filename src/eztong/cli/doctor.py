"""``eztong doctor``: is this deployment ready?"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from eztong.cli.console import json_option, print_json, print_rows, say
from eztong.cli.data.lock import looking
from eztong.cli.exits import epilog, say_wrong
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.compliance.graded_protection import PointShown
from eztong.domain.operators.posture import Severity
from eztong.wiring.compliance.mlps3 import mlps3_lines
from eztong.wiring.doctor import examine
from eztong.wiring.settings import Settings


@click.command(
    epilog=epilog(
        "eztong doctor", "EZTONG_MODE=live eztong doctor --json     before going live", "eztong doctor --mlps3"
    ),
)
@click.option(
    "--mlps3",
    is_flag=True,
    help="List the control points of graded protection, level 3 (GB/T 22239-2019), with what speaks for each, or that "
    "it is the deployment's job.",
)
@data_dir_option
@json_option
def doctor(*, mlps3: bool, data_dir: Path | None, as_json: bool) -> None:
    """Check the deployment and say what to mend.

    Each check has an id that never changes its meaning. With an error `eztong serve` does not start; what only live
    mode refuses is a warning in the sandbox.
    """
    settings = settings_in(data_dir)
    if mlps3:
        _print_points(settings, as_json=as_json)
        return
    with looking(settings.data_dir):
        findings = examine(settings)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if as_json:
        print_json({"mode": settings.mode.value, "errors": errors, "findings": [found.record() for found in findings]})
    else:
        rows = [(f.check, f.severity.value, f.message + (f" {f.advice}" if f.advice else "")) for f in findings]
        print_rows(("check", "result", f"what was found ({settings.mode.value} mode)"), rows)
        say(f"{errors} of {len(findings)} checks found an error.")
    if errors:
        say_wrong()


def _print_points(settings: Settings, *, as_json: bool) -> None:
    """Print what is known of every control point. It says nothing about whether the grade is reached."""
    with opened(settings) as built:
        found = mlps3_lines(examine(settings), built.services)
    if as_json:
        print_json({"standard": "GB/T 22239-2019 8.1", "points": [asdict(line) for line in found]})
        return
    rows = [
        (line.point, line.shown.value, f"{line.name} {line.name_en}", f"{line.evidence} {line.left}".strip())
        for line in found
    ]
    print_rows(("point", "known", "name", "evidence, and what is left to the deployment"), rows)
    counts = Counter(line.shown for line in found)
    shown, against, left = (counts[one] for one in (PointShown.SHOWN, PointShown.NOT_SHOWN, PointShown.DEPLOYMENT))
    say(f"{shown} points shown, {against} with something against them, {left} the deployment's. An assessor judges.")
