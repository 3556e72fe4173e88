"""``eztong operators break-glass``: let one operator do alone what takes two, for half an hour, and review it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click
import structlog

from eztong.cli.console import json_option, print_found, print_json, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.operators.break_glass import BreakGlass
from eztong.usecases.operators.break_glass import begin_break_glass, end_break_glass, review_break_glass

_MOST: Final = 200
_log = structlog.get_logger(__name__)


@click.group(
    "break-glass",
    epilog=epilog(
        "eztong operators break-glass begin --reason 'nobody else is there' --operator li.na --apply",
        "eztong operators break-glass list",
    ),
)
def break_glass() -> None:
    """Do alone, in an emergency and for half an hour, what takes two operators. EZTONG_BREAK_GLASS=true allows it."""


@break_glass.command(epilog=epilog("eztong operators break-glass begin --reason 'key stolen' --operator li.na --apply"))
@click.option("--reason", required=True, help="Why; it goes on record, and every operator sees it. No personal data.")
@click.option("--apply", "is_meant", is_flag=True, help="Begin it. Without this nothing is done.")
@by_operator()
@data_dir_option
@json_option
def begin(*, reason: str, is_meant: bool, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Begin one: until it ends you may approve what you proposed yourself. Every operator sees it in the console."""
    if not is_meant:
        say("Nothing was done. With --apply you may approve alone for half an hour what takes two; everybody sees it.")
        return
    allowed = settings_in(data_dir).break_glass
    glass = perform_as(operator, data_dir, begin_break_glass, reason, allowed=allowed)
    _log.warning("break_glass_begun", glass_id=glass.glass_id, operator=glass.operator)
    if as_json:
        print_json(_described(glass))
    else:
        say(f"{glass.glass_id} is open until {render_time(glass.until)}. Another operator reviews it afterwards.")


@break_glass.command(
    "list", epilog=epilog("eztong operators break-glass list", "eztong operators break-glass list --json")
)
@data_dir_option
@json_option
def list_(data_dir: Path | None, as_json: bool) -> None:
    """List them, newest first, with their reviews."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        found = stored.break_glasses.list(limit=_MOST)
    columns = {"id": "glass_id", "operator": "operator", "from": "began_at", "until": "until", "ended": "ended_at"}
    rest = {"reason": "reason", "reviewed by": "reviewed_by", "review": "review"}
    print_found([_described(one) for one in found.those], columns | rest, as_json=as_json)
    say_unreadable(found.unreadable)


@break_glass.command(epilog=epilog("eztong operators break-glass end gls_01... --operator li.na"))
@click.argument("glass_id")
@by_operator()
@data_dir_option
def end(*, glass_id: str, operator: Named, data_dir: Path | None) -> None:
    """End GLASS_ID before its time."""
    say(f"{perform_as(operator, data_dir, end_break_glass, glass_id).glass_id} is over.")


@break_glass.command(
    epilog=epilog("eztong operators break-glass review gls_01... --review 'it was needed' --operator wang.wei")
)
@click.argument("glass_id")
@click.option("--review", required=True, help="What you found; it goes on record. No personal data.")
@by_operator()
@data_dir_option
def review(*, glass_id: str, review: str, operator: Named, data_dir: Path | None) -> None:
    """Say what you found of GLASS_ID, which another operator did; that ends the warning about it."""
    say(f"{perform_as(operator, data_dir, review_break_glass, glass_id, review).glass_id} is reviewed.")


def _described(glass: BreakGlass) -> dict[str, Any]:
    return {
        "glass_id": glass.glass_id,
        "operator": glass.operator,
        "reason": glass.reason,
        "began_at": render_time(glass.began_at),
        "until": render_time(glass.until),
        "ended_at": None if glass.ended_at is None else render_time(glass.ended_at),
        "reviewed_by": glass.reviewed_by,
        "reviewed_at": None if glass.reviewed_at is None else render_time(glass.reviewed_at),
        "review": glass.review,
    }
