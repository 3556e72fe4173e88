"""``eztong retention``: how long things are kept: shown, changed within bounds, and published by a second operator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click

from eztong.cli.console import apply_option, json_option, print_found, print_json, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.operators.proposals import described
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.operators.proposal import ProposalKind
from eztong.domain.retention.bounds import BOUNDS
from eztong.domain.retention.document import periods_hash
from eztong.domain.retention.version import Periods, RetentionVersion, parse_periods, parse_start
from eztong.ports.services import Services
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from eztong.usecases.retention.periods_in_force import COUNTED, count_earlier, periods_in_force
from eztong.usecases.retention.publish_periods import (
    ProposeRetention,
    open_proposal_of_retention,
    propose_retention,
)

_SHOWN: Final = 50
_DAY: Final = timedelta(days=1)
_SET = "eztong retention set tickets=1460 --reason 'claims of partners' --operator li"
_LATER = "eztong retention set audit=365 --starts 2026-03-01T00:00+08:00 --reason less --operator li"
_PUBLISH = "eztong retention publish ret_01... --reason 'as agreed' --operator wang"
_reason_option = click.option("--reason", required=True, help="Why; it goes on record. No personal data.")


@click.group(epilog=epilog("eztong retention show", _SET, f"{_SET} --apply", _PUBLISH))
def retention() -> None:
    """Keep things for other periods, within what law and program bound. It takes two operators."""


@retention.command(epilog=epilog("eztong retention show", "eztong retention show --json"))
@data_dir_option
@json_option
def show(*, data_dir: Path | None, as_json: bool) -> None:
    """Show every period that may be changed: the days now, the bounds, and where each bound comes from."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        periods = periods_in_force(stored=stored, now=built.services.clock.now())
    rows = [
        {
            "kind": kind.value,
            "days": periods.after(kind) // _DAY,
            "least": bounds.least // _DAY,
            "least_source": bounds.least_source.value,
            "most": bounds.most // _DAY,
            "most_source": bounds.most_source.value,
        }
        for kind, bounds in BOUNDS.items()
    ]
    print_found(rows, {name: name for name in rows[0]}, as_json=as_json)


@retention.command("list", epilog=epilog("eztong retention list", "eztong retention list --json"))
@data_dir_option
@json_option
def list_(*, data_dir: Path | None, as_json: bool) -> None:
    """List the newest versions, and what became of them."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        found = stored.retention_versions.list(limit=_SHOWN)
    columns = {"version": "version", "state": "state", "holds from": "starts_at", "proposed by": "made_by"}
    print_found([_version(one) for one in found.those], columns | {"days": "days"}, as_json=as_json)
    say_unreadable(found.unreadable)


@retention.command("set", epilog=epilog(_SET, f"{_SET} --apply", _LATER))
@click.argument("days", nargs=-1, metavar="[KIND=DAYS]...")
@click.option("--starts", metavar="TIME", help="From when, with its zone: 2026-03-01T00:00+08:00; left out, at once.")
@_reason_option
@by_operator()
@data_dir_option
@apply_option
@json_option
def set_(
    *,
    days: Sequence[str],
    operator: Named,
    data_dir: Path | None,
    apply: bool,
    as_json: bool,
    **more: Any,  # noqa: ANN401 - starts and reason
) -> None:
    """Propose other periods; another operator publishes them. Kinds that are not named keep what holds now.

    Without --apply it says how many rows go earlier then, and nothing is proposed.
    """
    starts_at = _moment(more["starts"])
    with opened(settings_in(data_dir)) as built:
        with built.services.store.read() as stored:
            there = periods_in_force(stored=stored, now=built.services.clock.now())
        wanted = {kind.value: period // _DAY for kind, period in there.changed.items()} | _typed(days)
        if not apply:
            _print_changes(there, parse_periods(wanted), starts_at, services=built.services, as_json=as_json)
            return
        command = ProposeRetention(days=wanted, starts_at=starts_at, reason=more["reason"])
        made, proposal = built.services.perform(operator.proven(built), propose_retention, command)
    if as_json:
        print_json(_version(made) | described(proposal, now=proposal.at))
        return
    click.echo(made.version_id)
    say("It waits for another operator, for seven days: eztong retention publish.")


@retention.command(epilog=epilog(_PUBLISH, f"{_PUBLISH} --type A1B2C3"))
@click.argument("version")
@click.option("--type", "typed", default="", help="The last six signs of VERSION, where it erases anything earlier.")
@_reason_option
@by_operator()
@data_dir_option
@json_option
def publish(*, version: str, typed: str, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Publish VERSION, which another operator proposed."""
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        with built.services.store.read() as stored:
            proposal = open_proposal_of_retention(version, stored=stored)
        if proposal.kind is ProposalKind.RETENTION_SHORTER and typed != proposal.typed_word:
            raise click.UsageError(f"It erases data: look at it, then add --type {proposal.typed_word}.")
        command = DecideProposal(proposal_id=proposal.proposal_id, approve=True, reason=reason)
        decided = built.services.perform(by, decide_proposal, command, calendar=built.services.deployment.calendar)
    if as_json:
        print_json(described(decided, now=decided.at))
        return
    say(f"{version} is published.")


def _typed(given: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in given:
        name, equals, number = one.partition("=")
        if not equals or not number.isascii() or not number.isdigit():
            raise click.UsageError(f"{one!r} is not KIND=DAYS; kinds are {', '.join(sorted(BOUNDS))}.")
        found[name] = int(number[:6])
    return found


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise click.BadParameter("a time with its zone is needed, as 2026-03-01T00:00+08:00", param_hint="--starts")
    return moment


def _print_changes(
    there: Periods, wanted: Periods, starts_at: datetime | None, *, services: Services, as_json: bool
) -> None:
    at = parse_start(starts_at, now=services.clock.now())
    with services.store.read() as stored:
        earlier = count_earlier(there, wanted, at=at, stored=stored)
    rows = [
        {
            "kind": kind.value,
            "days": there.after(kind) // _DAY,
            "wanted": wanted.after(kind) // _DAY,
            "erased_earlier": earlier.get(kind, 0),
        }
        for kind in there.differing(wanted)
    ]
    columns = {"kind": "kind", "days now": "days", "then": "wanted", "rows erased earlier": "erased_earlier"}
    print_found(rows, columns, as_json=as_json)
    if not as_json:
        say(f"Rows are counted up to {COUNTED}. Nothing was proposed; add --apply to do it.")


def _version(version: RetentionVersion) -> dict[str, object]:
    return {
        "version": version.version_id,
        "state": version.state.value,
        "days": {kind.value: period // _DAY for kind, period in version.periods.changed.items()},
        "hash": periods_hash(version.periods),
        "starts_at": render_time(version.starts_at),
        "made_by": version.made_by,
        "made_at": render_time(version.made_at),
        "published_at": None if version.published_at is None else render_time(version.published_at),
    }
