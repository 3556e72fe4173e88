"""``eztong agreements sever|restore|marks``: clauses that are void or suspended (clause 5.5)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import click

from eztong.cli.console import json_option, print_found, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.operators.proposals import described
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.agreement_sets.clause_mark import ClauseMark, Effect
from eztong.domain.agreements import document_kind
from eztong.domain.canonical_json import render_time
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.incidents.incident import parse_bilingual
from eztong.usecases.agreement_sets.sever_clause import (
    RestoreClause,
    SeverClause,
    propose_restoring,
    propose_severing,
)
from eztong.wiring.agreements.texts import SINGLE

_EXAMPLE = (
    "eztong agreements sever service 2.9 --effect void --from 2026-12-01 --operator li.na \\\n"
    '    --words-zh "法院认定无效。" --words-en "A court found it void." --reason "judgment of 2026-11-20"'
)
_reason_option = click.option("--reason", required=True, help="Why, for the record. No personal data.")


@click.command(epilog=epilog(_EXAMPLE))
@click.argument("document", type=click.Choice([kind.value for kind in SINGLE]))
@click.argument("clause")
@click.option("--effect", type=click.Choice([one.value for one in Effect]), required=True, help="What is true of it.")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Since which day, in Shanghai.")
@click.option("--words-zh", required=True, help="Why, for everybody to read, in Chinese.")
@click.option("--words-en", required=True, help="The same in English.")
@_reason_option
@by_operator()
@data_dir_option
@json_option
def sever(*, document: str, clause: str, operator: Named, data_dir: Path | None, as_json: bool, **more: Any) -> None:  # noqa: ANN401 - what a mark takes
    """Propose that CLAUSE of DOCUMENT be marked as void or suspended; another operator approves it.

    Its words stay, with the mark; the rest stands, and holders are told.
    """
    since: datetime = more["since"]
    command = SeverClause(
        kind=document_kind(document),
        clause=clause,
        effect=Effect(more["effect"]),
        since=datetime.combine(since.date(), time(), SHANGHAI).astimezone(UTC),
        words=parse_bilingual(more["words_zh"], more["words_en"]),
        reason=more["reason"],
    )
    mark, proposal = perform_as(operator, data_dir, propose_severing, command)
    if as_json:
        print_json(_described(mark) | {"proposal": described(proposal, now=proposal.at)})
        return
    click.echo(proposal.proposal_id)
    say(f"The mark {mark.mark_id} waits for another operator, for seven days.")


@click.command(epilog=epilog("eztong agreements restore mrk_01... --reason 'judgment reversed' --operator li.na"))
@click.argument("mark_id", metavar="MARK")
@_reason_option
@by_operator()
@data_dir_option
@json_option
def restore(*, mark_id: str, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Propose that MARK be lifted, so that its clause applies again; another operator approves it."""
    proposal = perform_as(operator, data_dir, propose_restoring, RestoreClause(mark_id=mark_id, reason=reason))
    if as_json:
        print_json(described(proposal, now=proposal.at))
        return
    click.echo(proposal.proposal_id)
    say("It waits for another operator, for seven days.")


@click.command(epilog=epilog("eztong agreements marks", "eztong agreements marks --json"))
@data_dir_option
@json_option
def marks(*, data_dir: Path | None, as_json: bool) -> None:
    """List the marks on clauses, the newest first."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        found = [_described(mark) for mark in stored.clause_marks.list()]
    columns = {"mark": "id", "document": "document", "version": "version", "clause": "clause", "effect": "effect"}
    print_found(found, columns | {"state": "state", "since": "since", "lifted": "lifted_at"}, as_json=as_json)


def _described(mark: ClauseMark) -> dict[str, Any]:
    return {
        "id": mark.mark_id,
        "document": mark.kind.value,
        "version": mark.version,
        "clause": mark.clause,
        "effect": mark.effect.value,
        "state": mark.state.value,
        "since": render_time(mark.since),
        "reason": {"zh-CN": mark.reason.zh, "en": mark.reason.en},
        "made_by": mark.made_by,
        "lifted_at": None if mark.lifted_at is None else render_time(mark.lifted_at),
    }
