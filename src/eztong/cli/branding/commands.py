"""``eztong branding``: how the service looks and calls itself: shown, proposed, and published by a second operator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from eztong.cli.console import apply_option, json_option, print_found, print_json, print_rows, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.operators.proposals import described
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.branding.brand import LONGEST, Brand, parse_brand
from eztong.domain.branding.document import brand_hash, describe_brand
from eztong.domain.branding.mark import mark_name, mark_side
from eztong.domain.branding.version import BrandVersion
from eztong.domain.canonical_json import render_time
from eztong.usecases.branding.publish_branding import (
    ProposeBranding,
    brand_in_force,
    find_brand_version,
    open_proposal_of,
    propose_branding,
)
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal

_SHOWN = 50
_SET = "eztong branding set service_zh=鹏城通 --mark mark.png --reason renamed --operator li"
_PUBLISH = "eztong branding publish brd_01... --reason 'as agreed' --operator wang"
_reason_option = click.option("--reason", required=True, help="Why; it goes on record. No personal data.")


@click.group(epilog=epilog("eztong branding show", _SET, f"{_SET} --apply", _PUBLISH))
def branding() -> None:
    """Give the service a name, mark, colour, help line and start page of yours. It takes two operators.

    The operator's name and contact stand in the agreements and change with these alone: eztong agreements.
    """


@branding.command("list", epilog=epilog("eztong branding list", "eztong branding list --json"))
@data_dir_option
@json_option
def list_(*, data_dir: Path | None, as_json: bool) -> None:
    """List the newest versions, and what became of them."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        found = stored.brand_versions.list(limit=_SHOWN)
    columns = {"version": "version", "name": "service_zh", "state": "state", "published": "published_at"}
    rows = [_version(one) | {"service_zh": one.brand.service_zh} for one in found.those]
    print_found(rows, columns | {"proposed by": "made_by", "hash": "hash"}, as_json=as_json)
    say_unreadable(found.unreadable)


@branding.command(epilog=epilog("eztong branding show", "eztong branding show brd_01... --json"))
@click.argument("version", required=False)
@data_dir_option
@json_option
def show(*, version: str | None, data_dir: Path | None, as_json: bool) -> None:
    """Show VERSION, or what is in force; with --json also the mark, in base64."""
    brand = _brand(version, data_dir)
    if as_json:
        print_json(describe_brand(brand) | {"hash": brand_hash(brand)})
        return
    print_rows(("what", "it is"), list(_told(brand).items()))


@branding.command("set", epilog=epilog(_SET, f"{_SET} --apply", "eztong branding set accent= --no-mark --reason undo"))
@click.argument("texts", nargs=-1, metavar="[NAME=TEXT]...")
@click.option("--from", "version", metavar="VERSION", help="Begin with this version instead of what is in force.")
@click.option("--mark", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A square PNG.")
@click.option("--no-mark", is_flag=True, help="Use the program's own picture.")
@_reason_option
@by_operator()
@data_dir_option
@apply_option
@json_option
def set_(
    *,
    texts: Sequence[str],
    version: str | None,
    operator: Named,
    data_dir: Path | None,
    apply: bool,
    as_json: bool,
    **more: Any,  # noqa: ANN401 - mark and reason
) -> None:
    """Propose a version with other texts, colour or mark; another operator publishes it.

    Names are those that `eztong branding show` prints; an empty text is as the program has it. Without --apply it is
    checked, and nothing is proposed.
    """
    before = _brand(version, data_dir)
    chosen = before.mark if more["mark"] is None else more["mark"].read_bytes()
    picture = b"" if more["no_mark"] else chosen
    wanted = parse_brand(before.texts() | _texts(texts), picture)
    if not apply:
        _print_changes(_brand(None, data_dir), wanted, as_json=as_json)
        return
    with opened(settings_in(data_dir)) as built:
        command = ProposeBranding(brand=wanted, reason=more["reason"])
        made, proposal = built.services.perform(operator.proven(built), propose_branding, command)
    if as_json:
        print_json(_version(made) | described(proposal, now=proposal.at))
        return
    click.echo(made.version_id)
    say("It waits for another operator, for seven days: eztong branding publish.")


@branding.command(epilog=epilog(_PUBLISH))
@click.argument("version")
@_reason_option
@by_operator()
@data_dir_option
@json_option
def publish(*, version: str, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Publish VERSION, which another operator proposed: within seconds every page and message has it."""
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        with built.services.store.read() as stored:
            proposal = open_proposal_of(version, stored=stored)
        command = DecideProposal(proposal_id=proposal.proposal_id, approve=True, reason=reason)
        decided = built.services.perform(by, decide_proposal, command, calendar=built.services.deployment.calendar)
    if as_json:
        print_json(described(decided, now=decided.at))
        return
    say(f"{version} is published.")


def _brand(version: str | None, data_dir: Path | None) -> Brand:
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        return brand_in_force(stored=stored) if version is None else find_brand_version(version, stored=stored).brand


def _texts(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in given:
        name, equals, text = one.partition("=")
        if not equals or name not in LONGEST:
            raise click.UsageError(f"{one!r} is not NAME=TEXT; names are {', '.join(LONGEST)}.")
        found[name] = text
    return found


def _told(brand: Brand) -> dict[str, str]:
    mark = f"PNG, {mark_side(brand.mark)} pixels, {mark_name(brand.mark)}" if brand.mark else ""
    return brand.texts() | {"mark": mark}


def _print_changes(before: Brand, wanted: Brand, *, as_json: bool) -> None:
    there, then = _told(before), _told(wanted)
    changes = [{"what": name, "there": there[name], "wanted": then[name]} for name in then if there[name] != then[name]]
    columns: Mapping[str, str] = {"what": "what", "now": "there", "then": "wanted"}
    print_found(changes, columns, as_json=as_json)
    if not as_json:
        say("Nothing was proposed; add --apply to do it.")


def _version(version: BrandVersion) -> dict[str, str | None]:
    return {
        "version": version.version_id,
        "state": version.state.value,
        "hash": brand_hash(version.brand),
        "made_by": version.made_by,
        "made_at": render_time(version.made_at),
        "published_at": None if version.published_at is None else render_time(version.published_at),
    }
