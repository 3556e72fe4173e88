"""``eztong partners networks``, ``redirects``, ``rate``, ``quota``: from where, whereto and how much."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from eztong.cli.console import json_option, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import WholeNumber, data_dir_option
from eztong.cli.partners.life_cycle import reason_option
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.quota import MOST_IN_MONTH, OverQuota
from eztong.domain.partners.reach import MOST_PER_MINUTE
from eztong.usecases.partners.limit_partner import LimitPartner, limit_partner
from eztong.usecases.partners.quotas import SetQuota, set_quota


@click.command(
    epilog=epilog(
        "eztong partners networks hotel 192.0.2.0/24 2001:db8::/48 --reason 'new office' --operator li.na",
        "eztong partners networks hotel --any --reason 'servers move' --operator li.na",
    )
)
@click.argument("partner")
@click.argument("networks", nargs=-1)
@click.option("--any", "anybody", is_flag=True, help="Let calls with its keys come from anywhere.")
@reason_option
@by_operator(required=False)
@data_dir_option
@json_option
def networks(
    *,
    partner: str,
    networks: Sequence[str],
    anybody: bool,
    reason: str,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Let servers of PARTNER call from NETWORKS only (CIDR), in the place of those before.

    They hold at the partner API and at the Tencent Cloud door; desks are used in browsers, from anywhere.
    """
    _check_choice(networks, anybody)
    command = LimitPartner(partner_id=PartnerId(partner), reason=reason, networks=networks)
    changed = perform_as(operator, data_dir, limit_partner, command)
    _say(changed.networks, f"{partner} may call from", as_json=as_json)


@click.command(
    epilog=epilog(
        "eztong partners redirects hotel https://hotel.example/back --reason 'new site' --operator li.na",
        "eztong partners redirects hotel --any --reason 'trial' --operator li.na",
    )
)
@click.argument("partner")
@click.argument("addresses", nargs=-1)
@click.option("--any", "anybody", is_flag=True, help="Let its flows return to any https address.")
@reason_option
@by_operator(required=False)
@data_dir_option
@json_option
def redirects(
    *,
    partner: str,
    addresses: Sequence[str],
    anybody: bool,
    reason: str,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Let flows of PARTNER return to ADDRESSES and what lies below them only, in the place of those before."""
    _check_choice(addresses, anybody)
    command = LimitPartner(partner_id=PartnerId(partner), reason=reason, redirects=addresses)
    changed = perform_as(operator, data_dir, limit_partner, command)
    _say(changed.redirects, f"Flows of {partner} may return to", as_json=as_json)


@click.command(
    epilog=epilog(
        "eztong partners rate hotel 1200 --reason 'season' --operator li.na",
        "eztong partners rate hotel 0 --reason 'over' --operator li.na",
    )
)
@click.argument("partner")
@click.argument("per_minute", type=WholeNumber(0, MOST_PER_MINUTE))
@reason_option
@by_operator(required=False)
@data_dir_option
def rate(*, partner: str, per_minute: int, reason: str, operator: Named, data_dir: Path | None) -> None:
    """Let PARTNER call the partner API PER_MINUTE times a minute, for each kind of call; 0: as others."""
    command = LimitPartner(partner_id=PartnerId(partner), reason=reason, per_minute=per_minute)
    perform_as(operator, data_dir, limit_partner, command)
    many = f"{per_minute} times a minute" if per_minute else "as often as others"
    say(f"{partner} may call {many}.")


@click.command(
    epilog=epilog(
        "eztong partners quota hotel 100000 --over refuse --reason 'contract' --operator li.na",
        "eztong partners quota hotel 0 --reason 'no quota any more' --operator li.na",
    )
)
@click.argument("partner")
@click.argument("amount", type=WholeNumber(0, MOST_IN_MONTH))
@click.option(
    "--over",
    type=click.Choice([one.value for one in OverQuota]),
    default=OverQuota.WARN.value,
    show_default=True,
    help="What happens beyond it: refuse answers 429 until the next month; warn only tells the partner on its pages.",
)
@reason_option
@by_operator(required=False)
@data_dir_option
def quota(*, partner: str, amount: int, over: str, reason: str, operator: Named, data_dir: Path | None) -> None:
    """Let PARTNER have AMOUNT verifications in a calendar month (Asia/Shanghai), beside its rate; 0: any number.

    It is counted every 15 seconds, so that a partner may go over by what it verifies meanwhile.
    """
    command = SetQuota(partner_id=PartnerId(partner), amount=amount, over=OverQuota(over), reason=reason)
    changed = perform_as(operator, data_dir, set_quota, command)
    if changed.quota is None:
        say(f"{partner} has no quota.")
    else:
        say(f"{partner} has {amount} verifications a month; beyond that: {over}.")


def _check_choice(named: Sequence[str], anybody: bool) -> None:
    if bool(named) == anybody:
        raise click.UsageError("Name what is allowed, or give --any.")


def _say(allowed: tuple[str, ...], what: str, *, as_json: bool) -> None:
    if as_json:
        print_json(list(allowed))
    else:
        say(f"{what} {' '.join(allowed) or 'anywhere'}.")
