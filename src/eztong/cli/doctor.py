"""``eztong doctor``: is this deployment ready?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from eztong.cli.console import json_option, print_json, print_rows, say
from eztong.cli.data.lock import looking
from eztong.cli.exits import epilog, say_wrong
from eztong.cli.options import data_dir_option, settings_in
from eztong.domain.operators.posture import Severity
from eztong.wiring.doctor import examine


@click.command(
    epilog=epilog("eztong doctor", "EZTONG_MODE=live eztong doctor --json     before going live"),
)
@data_dir_option
@json_option
def doctor(data_dir: Path | None, as_json: bool) -> None:
    """Check the deployment and say what to mend.

    Each check has an id that never changes its meaning. With an error `eztong serve` does not start; what only live
    mode refuses is a warning in the sandbox.
    """
    settings = settings_in(data_dir)
    with looking(settings.data_dir):
        findings = examine(settings)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if as_json:
        print_json({"mode": settings.mode.value, "errors": errors, "findings": [asdict(found) for found in findings]})
    else:
        rows = [(f.check, f.severity.value, f.message + (f" {f.advice}" if f.advice else "")) for f in findings]
        print_rows(("check", "result", f"what was found ({settings.mode.value} mode)"), rows)
        say(f"{errors} of {len(findings)} checks found an error.")
    if errors:
        say_wrong()
