"""``eztong feedback``: the operator's staff read what people wrote, and answer it (P-6, 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

from eztong.cli.console import json_option, print_json, print_rows, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.options import data_dir_option, read_words, settings_in, words_option
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.errors import NotFound
from eztong.domain.feedback.ticket import Ticket, grouped, parse_number
from eztong.domain.operators.operator import parse_operator_name
from eztong.domain.own_data.sighting import StaffReads
from eztong.usecases.feedback.answer_ticket import AnswerTicket, answer_ticket
from eztong.usecases.feedback.sealed_words import Words, open_words
from eztong.usecases.own_data.note_reading import note_reading

_MOST = 1000


@dataclass(frozen=True, slots=True)
class _Row:
    """A ticket as the list shows it."""

    number: str
    kind: str
    due: str
    is_provisional: bool
    is_overdue: bool


@click.group(epilog=epilog("eztong feedback list --overdue", "eztong feedback answer 4821093755 --operator li.na"))
def feedback() -> None:
    """Read and answer what people wrote to the service."""


@feedback.command(name="list", epilog=epilog("eztong feedback list", "eztong feedback list --overdue --json"))
@click.option("--overdue", is_flag=True, help="Only those whose answer should have been there.")
@data_dir_option
@json_option
def list_(*, overdue: bool, data_dir: Path | None, as_json: bool) -> None:
    """List what waits for an answer, the one that is due first at the top. No words of anybody are shown."""
    with opened(settings_in(data_dir)) as built:
        now = built.services.clock.now()
        with built.services.store.read() as stored:
            waiting = stored.tickets.queue(limit=_MOST + 1)
    rows = [_row(ticket, is_overdue=ticket.is_overdue(now)) for ticket in waiting.those[:_MOST]]
    shown = [row for row in rows if row.is_overdue or not overdue]
    if as_json:
        found = [{name: getattr(row, name) for name in _Row.__slots__} for row in shown]
        print_json({"tickets": found, "unreadable": waiting.unreadable})
        return
    print_rows(
        ("number", "about", "answer by", ""),
        [(grouped(row.number), row.kind, row.due, _flag(row)) for row in shown],
    )
    late = sum(row.is_overdue for row in rows)
    many = f"More than {_MOST}" if len(waiting.those) > _MOST else f"{len(rows)}"
    say(f"{many} wait for an answer; {late} of those shown are overdue.")
    say_unreadable(waiting.unreadable)


@feedback.command(epilog=epilog("eztong feedback show 4821093755 --operator li.na"))
@click.argument("number")
@by_operator()
@data_dir_option
@json_option
def show(*, number: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Show one ticket with all that was written in it: personal data, for the eyes of whoever answers.

    That you were shown it stands in the history of the account that wrote it, which its holder reads.
    """
    with opened(settings_in(data_dir)) as built:
        services, by = built.services, operator.proven(built)
        with services.store.read() as stored:
            ticket = stored.tickets.by_number(parse_number(number))
        if ticket is None:
            raise NotFound("There is no ticket with this number.")
        wrote = [] if ticket.holder_id is None else [ticket.holder_id]
        services.perform(by, note_reading, StaffReads.TICKET, wrote, ticket=ticket.number)
        with services.store.read() as stored:
            said = open_words(ticket, stored=stored, keys=services.keys)
    if as_json:
        messages = [{"at": render_time(one.at), "by": _author(one), "text": one.text} for one in said]
        print_json(
            {
                "number": ticket.number,
                "kind": ticket.kind.value,
                "state": ticket.state.value,
                "holder_id": ticket.holder_id,
                "due_at": render_time(ticket.due.at),
                "is_due_provisional": ticket.due.is_provisional,
                "messages": messages,
            }
        )
        return
    say(f"{grouped(ticket.number)} {ticket.kind.value}, {ticket.state.value}; account: {ticket.holder_id or 'none'}.")
    rows = [(render_time(one.at), _author(one), one.text or "(erased)") for one in said]
    print_rows(("written", "by", "words"), rows)


@feedback.command(
    epilog=epilog(
        "eztong feedback answer 4821093755 --operator li.na",
        "eztong feedback answer 4821093755 --operator li.na --words-file answer.txt --close",
    )
)
@click.argument("number")
@words_option("the answer; without it the answer is read from standard input")
@click.option("--close", "closes", is_flag=True, help="The matter ends with this answer.")
@by_operator()
@data_dir_option
@json_option
def answer(
    *, number: str, operator: Named, words_file: TextIO | None, closes: bool, data_dir: Path | None, as_json: bool
) -> None:
    """Answer a ticket. Its holder is told by message that an answer is there, without a word of it.

    Never ask for document numbers, message codes or PINs in an answer. A ticket is closed with an answer only.
    """
    ticket_number = parse_number(number)
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        command = AnswerTicket(number=ticket_number, words=read_words(words_file), closes=closes)
        ticket = built.services.perform(by, answer_ticket, command)
    if as_json:
        answered_by = parse_operator_name(operator.name or "")
        print_json({"number": ticket.number, "state": ticket.state.value, "operator": answered_by})
    else:
        told = "its holder is told by message" if ticket.holder_id else "whoever asked reads it with number and secret"
        say(f"{grouped(ticket.number)} is {ticket.state.value}; {told}.")


def _row(ticket: Ticket, *, is_overdue: bool) -> _Row:
    return _Row(ticket.number, ticket.kind.value, render_time(ticket.due.at), ticket.due.is_provisional, is_overdue)


def _author(words: Words) -> str:
    return words.operator or words.author.value


def _flag(row: _Row) -> str:
    if row.is_overdue:
        return "overdue"
    return "provisional" if row.is_provisional else ""
