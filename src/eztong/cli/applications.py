"""``eztong applications``: what waits for a person, the decision, and what is asked besides (clause 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import click

from eztong.cli.console import json_option, print_found, print_json, render_value, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.options import data_dir_option, read_words, settings_in, words_option
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.damage import Listed
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.own_data.sighting import StaffReads
from eztong.domain.registration import StepKind
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.own_data.note_reading import note_reading
from eztong.usecases.own_data.reveal_identity import mask_identity, open_identity
from eztong.usecases.registration.application_words import read_steps
from eztong.usecases.registration.review_application import ReviewApplication, find_application, review_application

_MOST = 500
_words_option = words_option("the words, as the applicant reads them; without it, they are read from standard input")


@click.group(
    epilog=epilog(
        "eztong applications list",
        "eztong applications show hld_01... --operator zhao",
        "eztong applications refuse hld_01... --operator zhao --words-file reason.txt",
    )
)
def applications() -> None:
    """Decide applications that wait for a person. An objection is decided by another operator than the refusal."""


@applications.command("list", epilog=epilog("eztong applications list", "eztong applications list --json"))
@data_dir_option
@json_option
def list_(data_dir: Path | None, as_json: bool) -> None:
    """List the applications under review, oldest first, those of one number together: no names, no numbers."""
    with opened(settings_in(data_dir)) as built:
        now = built.services.clock.now()
        with built.services.store.read() as stored:
            waiting = stored.applications.waiting(limit=_MOST)
            listed = Listed(_by_number(waiting.those), waiting.damaged)
            found = listed.each(lambda one: _row(one, waiting.those, stored=stored, now=now))
    columns = {"application": "holder_id", "since": "created_at", "why": "reason", "rules": "rules"}
    rest = {"answer due": "due_at", "overdue": "is_overdue", "same number": "same_number"}
    print_found(found.those, columns | rest, as_json=as_json, told="wait for a decision")
    say_unreadable(found.unreadable)


@applications.command(epilog=epilog("eztong applications show hld_01... --operator zhao"))
@click.argument("application_id")
@by_operator()
@data_dir_option
@json_option
def show(*, application_id: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Show one application: masked data, the rules that hit, and what was said and decided in it.

    That you were shown it stands in its history, which its holder reads.
    """
    with opened(settings_in(data_dir)) as built:
        services, by = built.services, operator.proven(built)
        services.perform(by, note_reading, StaffReads.APPLICATION, [HolderId(application_id)])
        with services.store.read() as stored:
            holder = find_application(HolderId(application_id), stored=stored)
            shown = _described(holder, stored=stored, keys=services.keys)
    if as_json:
        print_json(shown)
        return
    for name, value in shown.items():
        values = value if isinstance(value, list) else [value]
        lines = ["" if item is None else render_value(item) for item in values]
        click.echo(f"{name:12} " + (f"\n{'':12} ".join(lines) or "none"))


@applications.command(epilog=epilog("eztong applications approve hld_01... --operator zhao --words-file reason.txt"))
@click.argument("application_id")
@_words_option
@by_operator()
@data_dir_option
@json_option
def approve(
    *, application_id: str, words_file: TextIO | None, operator: Named, data_dir: Path | None, as_json: bool
) -> None:
    """Approve APPLICATION_ID. The authority is asked again: without its confirmation nothing is decided."""
    _decide(application_id, StepKind.APPROVE, words_file, operator, data_dir=data_dir, as_json=as_json)


@applications.command(epilog=epilog("eztong applications refuse hld_01... --operator zhao --words-file reason.txt"))
@click.argument("application_id")
@_words_option
@by_operator()
@data_dir_option
@json_option
def refuse(
    *, application_id: str, words_file: TextIO | None, operator: Named, data_dir: Path | None, as_json: bool
) -> None:
    """Refuse APPLICATION_ID. The applicant is told by message, reads the reason, and can object once."""
    _decide(application_id, StepKind.REFUSE, words_file, operator, data_dir=data_dir, as_json=as_json)


@applications.command(
    epilog=epilog("eztong applications supplement hld_01... --operator zhao --words-file question.txt")
)
@click.argument("application_id")
@_words_option
@by_operator()
@data_dir_option
@json_option
def supplement(
    *, application_id: str, words_file: TextIO | None, operator: Named, data_dir: Path | None, as_json: bool
) -> None:
    """Ask the applicant of APPLICATION_ID for something more, in words; the answer brings it back under review.

    The applicant is told by message and answers in words on the application's page, or withdraws. No papers are taken.
    """
    _decide(application_id, StepKind.SUPPLEMENT, words_file, operator, data_dir=data_dir, as_json=as_json)


def _decide(
    application_id: str,
    kind: StepKind,
    words_file: TextIO | None,
    operator: Named,
    *,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        command = ReviewApplication(holder_id=HolderId(application_id), kind=kind, words=read_words(words_file))
        verdict = review_application(command, by=by, services=built.services)
    if as_json:
        print_json({"application_id": application_id, "verdict": verdict.value, "operator": by.name})
    else:
        say(f"{application_id}: {verdict.value}; its applicant is told by message.")


def _by_number(waiting: Sequence[Holder]) -> Sequence[Holder]:
    first = {one.number_index: one.holder_id for one in reversed(waiting)}
    return sorted(waiting, key=lambda one: (first[one.number_index], one.holder_id))


def _same_number(holder: Holder, waiting: Sequence[Holder]) -> Sequence[HolderId]:
    others = (one for one in waiting if one.holder_id != holder.holder_id)
    return [one.holder_id for one in others if one.number_index == holder.number_index]


def _row(holder: Holder, waiting: Sequence[Holder], *, stored: Repositories, now: datetime) -> dict[str, Any]:
    dues = [step.due for step in stored.applications.steps(holder.holder_id) if step.due is not None]
    due = dues[-1] if dues else None
    return {
        "holder_id": holder.holder_id,
        "created_at": render_time(holder.created_at),
        "reason": holder.reason,
        "rules": holder.rules,
        "due_at": None if due is None else render_time(due.at),
        "is_overdue": due is not None and now > due.at,
        "same_number": _same_number(holder, waiting),
    }


def _described(holder: Holder, *, stored: Repositories, keys: Keys) -> dict[str, Any]:
    own = mask_identity(open_identity(holder, keys=keys))
    steps = [
        {
            "kind": step.kind.value,
            "at": render_time(step.at),
            "by": step.operator or "applicant",
            "rules": step.rules,
            "due_at": None if step.due is None else render_time(step.due.at),
            "words": step.text,
        }
        for step in read_steps(holder, stored=stored, keys=keys)
    ]
    return {
        "application": holder.holder_id,
        "state": holder.standing,
        "created_at": render_time(holder.created_at),
        "name": own.name or None,
        "number": own.number or None,
        "phone": own.phone or None,
        "document": None if holder.document_type is None else holder.document_type.value,
        "decision": holder.decision,
        "reason": holder.reason,
        "rules": holder.rules,
        "policy": holder.policy_version,
        "same_number": _same_number(holder, stored.applications.waiting(limit=_MOST).those),
        "steps": steps,
    }
