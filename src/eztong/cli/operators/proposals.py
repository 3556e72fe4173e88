"""``eztong proposals``: what one operator proposed and another one decides (design rule 8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from eztong.cli.console import json_option, print_found, print_json, render_value, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.operators.proposal import Proposal, ProposalState
from eztong.usecases.operators.propose import find_proposal
from eztong.usecases.proposals.decide_proposal import (
    DecideProposal,
    WithdrawProposal,
    decide_proposal,
    withdraw_proposal,
)

_MOST = 500
_reason_option = click.option("--reason", required=True, help="Why; it goes on record. No personal data.")


@click.group(
    epilog=epilog("eztong proposals list", "eztong proposals approve prp_01... --operator wang --reason 'form checked'")
)
def proposals() -> None:
    """Decide what takes two operators: one proposes, another approves or rejects within seven days."""


@proposals.command("list", epilog=epilog("eztong proposals list", "eztong proposals list --all --json"))
@click.option("--all", "everything", is_flag=True, help="Also those that have ended.")
@data_dir_option
@json_option
def list_(*, everything: bool, data_dir: Path | None, as_json: bool) -> None:
    """List the proposals that wait for another operator, newest first."""
    with opened(settings_in(data_dir)) as built:
        now = built.services.clock.now()
        with built.services.store.read() as stored:
            found = stored.proposals.list(limit=_MOST)
    shown = [one for one in found.those if everything or one.state_at(now) is ProposalState.OPEN]
    columns = {"proposal": "proposal_id", "kind": "kind", "subject": "subject", "by": "proposed_by"}
    rest = {"until": "until", "state": "state", "reason": "reason"}
    print_found([described(one, now=now) for one in shown], columns | rest, as_json=as_json)
    say_unreadable(found.unreadable)


@proposals.command(epilog=epilog("eztong proposals show prp_01..."))
@click.argument("proposal_id")
@data_dir_option
@json_option
def show(*, proposal_id: str, data_dir: Path | None, as_json: bool) -> None:
    """Show one proposal with who proposed and who decided it, and why."""
    with opened(settings_in(data_dir)) as built:
        now = built.services.clock.now()
        with built.services.store.read() as stored:
            shown = described(find_proposal(proposal_id, stored=stored), now=now)
    if as_json:
        print_json(shown)
        return
    for name, value in shown.items():
        click.echo(f"{name:12} {'' if value is None else render_value(value)}")


@proposals.command(epilog=epilog("eztong proposals approve prp_01... --operator wang --reason 'form checked'"))
@click.argument("proposal_id")
@_reason_option
@by_operator()
@data_dir_option
@json_option
def approve(*, proposal_id: str, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Approve PROPOSAL_ID, which another operator proposed: it is done at once."""
    command = DecideProposal(proposal_id=proposal_id, approve=True, reason=reason)
    _say(_ended(operator, data_dir, decide_proposal, command), as_json=as_json)


@proposals.command(epilog=epilog("eztong proposals reject prp_01... --operator wang --reason 'wrong seal'"))
@click.argument("proposal_id")
@_reason_option
@by_operator()
@data_dir_option
@json_option
def reject(*, proposal_id: str, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Reject PROPOSAL_ID, which another operator proposed: nothing of it is done."""
    command = DecideProposal(proposal_id=proposal_id, approve=False, reason=reason)
    _say(_ended(operator, data_dir, decide_proposal, command), as_json=as_json)


@proposals.command(epilog=epilog("eztong proposals withdraw prp_01... --operator li --reason 'sent twice'"))
@click.argument("proposal_id")
@_reason_option
@by_operator()
@data_dir_option
@json_option
def withdraw(*, proposal_id: str, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Withdraw PROPOSAL_ID, which you proposed yourself."""
    command = WithdrawProposal(proposal_id=proposal_id, reason=reason)
    _say(_ended(operator, data_dir, withdraw_proposal, command), as_json=as_json)


def described(proposal: Proposal, *, now: datetime) -> dict[str, Any]:
    """Return a proposal as it stands at ``now``, as a document."""
    ended = proposal.ended
    return {
        "proposal_id": proposal.proposal_id,
        "kind": proposal.kind.value,
        "subject": proposal.subject,
        "about": proposal.about,
        "reason": proposal.reason,
        "proposed_by": proposal.by,
        "proposed_at": render_time(proposal.at),
        "until": render_time(proposal.until),
        "state": proposal.state_at(now).value,
        "ended_by": None if ended is None else ended.by,
        "ended_at": None if ended is None else render_time(ended.at),
        "end_reason": None if ended is None else ended.reason,
    }


def _ended(operator: Named, data_dir: Path | None, end: Callable[..., Proposal], command: object) -> Proposal:
    with opened(settings_in(data_dir)) as built:
        calendar = built.services.deployment.calendar
        return built.services.perform(operator.proven(built), end, command, calendar=calendar)


def _say(ended: Proposal, *, as_json: bool) -> None:
    if as_json:
        print_json(described(ended, now=ended.at))
    else:
        say(f"{ended.proposal_id} is {ended.state.value}.")
