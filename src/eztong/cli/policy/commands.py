"""``eztong policy``: list, show, publish and call off versions of the policy for applications (clause 2.1)."""

from __future__ import annotations

from pathlib import Path

import click

from eztong.cli.console import json_option, print_found, print_json, render_value, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.operators.proposals import described
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.policy.described import rules_described, version_described
from eztong.cli.policy.simulate import simulate
from eztong.cli.service import opened
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.policy.document import parse_policy, policy_document, policy_hash
from eztong.domain.policy.policy import BUILT_IN
from eztong.usecases.policy.call_off_policy import CallOffPolicy, call_off_policy
from eztong.usecases.policy.policy_in_force import find_version, policy_in_force
from eztong.usecases.policy.publish_policy import ProposePolicy, find_open_proposal, propose_policy
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal

_reason_option = click.option("--reason", required=True, help="Why; it goes on record. No personal data.")
_PROPOSE = "eztong policy propose policy.json --reason 'a person looks at permits' --operator li.na"
_APPROVE = "eztong policy approve 2027-01 --reason 'tried on a month' --operator wang"


@click.group(
    epilog=epilog(
        "eztong policy show --json",
        "eztong policy simulate policy.json --since 2026-12-01",
        _PROPOSE,
        _APPROVE,
    )
)
def policy() -> None:
    """Change by which rules applications are decided. It takes two operators, and old decisions stay as they are.

    A version is a file: what it may set, `eztong policy show` says. What the law and the house set is the same under
    every version.
    """


policy.add_command(simulate)


@policy.command("list", epilog=epilog("eztong policy list", "eztong policy list --json"))
@data_dir_option
@json_option
def list_(*, data_dir: Path | None, as_json: bool) -> None:
    """List every version, the newest first, and where it stands."""
    with opened(settings_in(data_dir)) as built:
        now = built.services.clock.now()
        with built.services.store.read() as stored:
            versions = stored.policy_versions.list()
    found = [version_described(one, versions.those, now=now) for one in (*versions.those, None)]
    columns = {"version": "version", "standing": "standing", "since": "in_force_from", "proposed by": "made_by"}
    print_found(found, columns | {"called off by": "called_off_by", "hash": "hash"}, as_json=as_json)
    say_unreadable(versions.unreadable)


@policy.command(epilog=epilog("eztong policy show", "eztong policy show 2027-01 --json"))
@click.argument("version", required=False)
@data_dir_option
@json_option
def show(*, version: str | None, data_dir: Path | None, as_json: bool) -> None:
    """Show VERSION, or the one in force: every rule, what it does, and who sets it."""
    with opened(settings_in(data_dir)) as built:
        now = built.services.clock.now()
        with built.services.store.read() as stored:
            name = version or policy_in_force(stored=stored, now=now).version
            versions = stored.policy_versions.list()
            found = None if name == BUILT_IN.version else find_version(name, stored=stored)
    wanted = BUILT_IN if found is None else found.policy
    shown = version_described(found, versions.those, now=now)
    rules = rules_described(wanted)
    if as_json:
        print_json(shown | {"document": policy_document(wanted), "rules": rules})
        return
    for label, value in shown.items():
        click.echo(f"{label:18} {'' if value is None else render_value(value)}")
    columns = {"rule": "rule", "set by": "set_by", "does": "does", "of": "parameter", "hits": "hits"}
    print_found(rules, columns, as_json=False, told="")


@policy.command(epilog=epilog(_PROPOSE))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_reason_option
@by_operator()
@data_dir_option
@json_option
def propose(*, file: Path, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Propose the version in FILE; another operator approves it. Try it first with eztong policy simulate."""
    wanted = parse_policy(file.read_bytes())
    version, proposal = perform_as(operator, data_dir, propose_policy, ProposePolicy(policy=wanted, reason=reason))
    if as_json:
        print_json({"version": wanted.version, "hash": policy_hash(wanted)} | described(proposal, now=proposal.at))
        return
    click.echo(proposal.proposal_id)
    say(f"Version {version.policy.version} waits for another operator, for seven days.")


@policy.command(epilog=epilog(_APPROVE))
@click.argument("version")
@_reason_option
@by_operator()
@data_dir_option
@json_option
def approve(*, version: str, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Approve VERSION, which another operator proposed: it decides from its day on, or at once if that has come."""
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        with built.services.store.read() as stored:
            proposal = find_open_proposal(version, stored=stored)
        command = DecideProposal(proposal_id=proposal.proposal_id, approve=True, reason=reason)
        decided = built.services.perform(by, decide_proposal, command, calendar=built.services.deployment.calendar)
        with built.services.store.read() as stored:
            published = find_version(version, stored=stored)
    if as_json:
        print_json(described(decided, now=decided.at))
        return
    starts = published.in_force_from
    day = "" if starts is None else f"{starts.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    say(f"Version {version} is published and decides from {day} (Shanghai) on.")


@policy.command("call-off", epilog=epilog("eztong policy call-off 2027-01 --reason 'wrong regions' --operator wang"))
@click.argument("version")
@_reason_option
@by_operator()
@data_dir_option
@json_option
def call_off(*, version: str, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Call off VERSION, which is published and not yet in force. One operator is enough: nothing changes by it."""
    done = perform_as(operator, data_dir, call_off_policy, CallOffPolicy(version=version, reason=reason))
    if as_json:
        print_json({"version": version, "state": done.state.value, "called_off_by": done.called_off_by})
    else:
        say(f"Version {version} is called off.")
