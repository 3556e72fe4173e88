"""``eztong policy simulate``: what a version would have made of past decisions (clause 2.1)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final

import click

from eztong.cli.console import json_option, print_found, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.own_data.sighting import StaffReads
from eztong.domain.policy.document import parse_policy, policy_hash
from eztong.domain.policy.simulation import NotJudged, Simulation
from eztong.usecases.own_data.note_reading import note_reading
from eztong.usecases.policy.policy_in_force import policy_in_force
from eztong.usecases.policy.simulate_policy import simulate_policy

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WHY: Final = {
    NotJudged.NOT_RECORDED: "decided before it was kept what a decision looks at",
    NotJudged.UNREADABLE: "what was looked at cannot be read any more",
}


@click.command(
    epilog=epilog("eztong policy simulate policy.json", "eztong policy simulate policy.json --since 2026-12-01 --json")
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="First day of the decisions, in Shanghai; without it: all."
)
@by_operator(required=False)
@data_dir_option
@json_option
def simulate(*, file: Path, since: datetime | None, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Try the version in FILE on past decisions of the policy, and decide nothing.

    The same facts are decided again: how many the same, how many otherwise, from which rule to which. Decisions of
    people are not tried. --json with --operator also names the applications that would be decided otherwise: that you
    were shown it stands in the history of each, which its holder reads.
    """
    wanted = parse_policy(file.read_bytes())
    start = _BEGINNING if since is None else datetime.combine(since.date(), time(), SHANGHAI)
    with opened(settings_in(data_dir)) as built:
        services = built.services
        with services.store.read() as stored:
            in_force = policy_in_force(stored=stored, now=services.clock.now()).version
            found = simulate_policy(wanted, since=start, stored=stored, keys=services.keys)
        is_named = as_json and operator.name is not None
        if is_named:
            otherwise = sorted({one for ids in found.changed.values() for one in ids})
            services.perform(operator.proven(built), note_reading, StaffReads.APPLICATION, otherwise)
    if as_json:
        print_json(_described(found, in_force=in_force, is_named=is_named))
    else:
        _print(found, in_force=in_force)


def _described(found: Simulation, *, in_force: str, is_named: bool) -> dict[str, Any]:
    changed = [
        {"from": change.before, "to": change.after, "count": len(ids)} | ({"applications": ids} if is_named else {})
        for change, ids in found.changed.items()
    ]
    return {
        "version": found.policy.version,
        "hash": policy_hash(found.policy),
        "in_force": in_force,
        "judged": found.judged,
        "same": found.same,
        "changed": changed,
        "not_judged": {why.value: count for why, count in found.not_judged.items()},
    }


def _print(found: Simulation, *, in_force: str) -> None:
    otherwise = found.judged - found.same
    click.echo(f"{found.judged} decisions tried: {found.same} the same, {otherwise} otherwise.")
    rows = [
        {"from": change.before, "to": change.after, "applications": str(len(ids))}
        for change, ids in sorted(found.changed.items(), key=lambda pair: -len(pair[1]))
    ]
    if rows:
        print_found(rows, {"from": "from", "to": "to", "applications": "applications"}, as_json=False, told="")
    for why, count in found.not_judged.items():
        if count:
            click.echo(f"{count} could not be tried: {_WHY[why]}.")
    say(f"Nothing was decided. In force is {in_force}.")
