"""``eztong partners go-live``, ``suspend``, ``resume``, ``close``: where a partner stands."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from eztong.cli.console import apply_option, json_option, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.operators.proposals import described
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.incomplete import NameNotTyped
from eztong.domain.operators.proposal import ProposalKind
from eztong.domain.partners.partner import Partner
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.partners.propose_move import AffectedByPartner, ProposeMove, count_affected, propose_move
from eztong.usecases.partners.suspend_partner import suspend_partner

reason_option = click.option("--reason", required=True, help="Why; it goes on record. No personal data.")


@click.command("go-live", epilog=epilog("eztong partners go-live bank --reason 'contract signed' --operator li.na"))
@click.argument("partner")
@reason_option
@by_operator()
@data_dir_option
@json_option
def go_live(*, partner: str, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Propose that PARTNER gets answers about real people; another operator decides it with `eztong proposals`.

    Each of its scenes needs an application with its purpose and its impact assessment.
    """
    _propose(partner, ProposalKind.PARTNER_LIVE, reason, operator=operator, data_dir=data_dir, as_json=as_json)


@click.command(epilog=epilog("eztong partners suspend hotel --reason 'key seen in public' --operator li.na"))
@click.argument("partner")
@reason_option
@by_operator(required=False)
@data_dir_option
def suspend(*, partner: str, reason: str, operator: Named, data_dir: Path | None) -> None:
    """Suspend PARTNER at once: nothing is answered to it any more, on every door, and what it asked is over."""
    perform_as(operator, data_dir, suspend_partner, PartnerId(partner), reason=reason)
    say(f"{partner} is suspended. Two operators lift that: eztong partners resume {partner}")


@click.command(epilog=epilog("eztong partners resume hotel --reason 'keys replaced' --operator li.na"))
@click.argument("partner")
@reason_option
@by_operator()
@data_dir_option
@json_option
def resume(*, partner: str, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Propose that the suspended PARTNER may ask again; another operator decides it with `eztong proposals`."""
    _propose(partner, ProposalKind.PARTNER_RESUMED, reason, operator=operator, data_dir=data_dir, as_json=as_json)


@click.command(
    epilog=epilog(
        "eztong partners close hotel --reason 'contract ended' --operator li.na",
        "eztong partners close hotel --reason 'contract ended' --operator li.na --apply --name 示例酒店",
    )
)
@click.argument("partner")
@reason_option
@click.option("--name", help="The partner's registered name, to confirm; without it you are asked to type it.")
@apply_option
@by_operator()
@data_dir_option
@json_option
def close(
    *,
    partner: str,
    reason: str,
    name: str | None,
    apply: bool,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Propose that PARTNER is closed for good; another operator decides it. Without --apply: say whom it concerns.

    Closing revokes its keys, ends its grants and what it asked, disables its merchants and its desks' staff, and tells
    each holder that it knew. Its records and proofs stay. It is never opened again.
    """
    if apply:
        _confirm(partner, name, data_dir)
        _propose(partner, ProposalKind.PARTNER_CLOSED, reason, operator=operator, data_dir=data_dir, as_json=as_json)
        return
    with opened(settings_in(data_dir)) as built:
        operator.proven(built)
        found, affected = _look(built, partner)
    shown = {"partner": found.partner_id, "name": found.name, "state": found.state.value, "affected": asdict(affected)}
    if as_json:
        print_json(shown)
        return
    say(f"Closing {found.partner_id} ({found.name}) for good concerns {_words(affected)}.")
    say("Nothing was proposed; add --apply to do it.")


def _confirm(partner: str, name: str | None, data_dir: Path | None) -> None:
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        found = find_partner(PartnerId(partner), stored=stored)
    typed: str = name if name is not None else click.prompt(f"Type the registered name of {partner}", err=True)
    if typed.strip() != found.name:
        raise NameNotTyped


def _propose(
    partner: str, kind: ProposalKind, reason: str, *, operator: Named, data_dir: Path | None, as_json: bool
) -> None:
    command = ProposeMove(partner_id=PartnerId(partner), kind=kind, reason=reason)
    with opened(settings_in(data_dir)) as built:
        proposal = built.services.perform(operator.proven(built), propose_move, command)
        _found, affected = _look(built, partner)
        now = built.services.clock.now()
    if as_json:
        print_json(described(proposal, now=now) | {"affected": asdict(affected)})
        return
    click.echo(proposal.proposal_id)
    say(f"It concerns {_words(affected)}.")
    say(f"It waits for another operator: eztong proposals approve | reject {proposal.proposal_id}")


def _look(built: Any, partner: str) -> tuple[Partner, AffectedByPartner]:  # noqa: ANN401 - as opened() gives it
    partner_id = PartnerId(partner)
    with built.services.store.read() as stored:
        affected = count_affected(partner_id, stored=stored, now=built.services.clock.now())
        return find_partner(partner_id, stored=stored), affected


def _words(affected: AffectedByPartner) -> str:
    return ", ".join(
        (
            f"{affected.holders} holders that know it",
            f"{affected.grants} live grants",
            f"{affected.requests} open requests",
            f"{affected.keys} live keys",
            f"{affected.staff} desk accounts",
        )
    )
