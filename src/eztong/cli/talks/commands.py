"""``eztong talks``: the service's side of a disagreement with it, from stage to stage (clause 5.2)."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

from eztong.cli.console import json_option, print_json, print_rows, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.options import data_dir_option, read_words, settings_in, words_option
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.feedback.ticket import Ticket, grouped, parse_number
from eztong.domain.own_data.sighting import StaffReads
from eztong.domain.talks.talk import Talk, TalkStage, TalkUnknown
from eztong.usecases.own_data.note_reading import note_reading
from eztong.usecases.talks.draft_proposal import read_draft
from eztong.usecases.talks.propose_settlement import ServiceSays, declare_failed, propose_settlement

_MOST = 1000
_words_file = words_option("the words; without it they are read from standard input")


@click.group(epilog=epilog("eztong talks list", "eztong talks propose 4821093755 --operator li.na < proposal.txt"))
def talks() -> None:
    """Settle disagreements with the service itself, or declare that the talks have failed.

    What was written is read with `eztong feedback show`. Whoever disagrees is never the operator who answers.
    """


@talks.command(name="list", epilog=epilog("eztong talks list", "eztong talks list --json"))
@data_dir_option
@json_option
def list_(*, data_dir: Path | None, as_json: bool) -> None:
    """List talks that run, the oldest first, with whose turn it is and until when. No words of anybody are shown."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        running = stored.talks.running(limit=_MOST + 1)
        found = running.each(lambda talk: (talk, stored.tickets.get(talk.ticket_id)))
    rows = [_row(talk, ticket) for talk, ticket in found.those[:_MOST] if ticket is not None]
    has_more = len(running.those) > _MOST
    if as_json:
        print_json({"talks": rows, "more": has_more, "unreadable": found.unreadable})
        return
    shown = [(grouped(row["number"]), row["stage"], row["turn_of"], row["until"]) for row in rows]
    print_rows(("number", "stage", "turn of", "until"), shown)
    say(f"More than {_MOST} run; the oldest are shown." if has_more else f"{len(rows)} run.")
    say_unreadable(found.unreadable)


@talks.command(
    epilog=epilog("eztong talks propose 4821093755 --operator li.na --words-file proposal.txt"),
)
@click.argument("number")
@_words_file
@by_operator()
@data_dir_option
@json_option
def propose(*, number: str, operator: Named, words_file: TextIO | None, data_dir: Path | None, as_json: bool) -> None:
    """Propose how to settle it. Once it is accepted it binds the service; a newer proposal takes the older one's place.

    It takes an operator of role legal who is not the person concerned. Where nobody can say who that is, since they
    wrote without an account, another one approves the words first. The proposal stands for fifteen working days.
    """
    ticket_number = parse_number(number)
    with opened(settings_in(data_dir)) as built:
        by, calendar = operator.proven(built), built.services.deployment.calendar
        said = ServiceSays(number=ticket_number, words=read_words(words_file))
        offered = built.services.perform(by, propose_settlement, said, calendar=calendar)
    talk, waits = offered.talk, offered.waits
    until = "" if waits or talk.answer_by is None else render_time(talk.answer_by.at)
    if as_json:
        waiting = None if waits is None else waits.proposal_id
        print_json({"number": said.number, "stage": talk.stage.value, "until": until, "waits": waiting})
    elif waits is not None:
        say("Nobody can say who asked, so another operator of role legal reads it:")
        say(f"eztong talks draft {said.number} --operator NAME")
        say(f"and approves it: eztong proposals approve {waits.proposal_id}")
    else:
        say(f"The proposal in {grouped(said.number)} stands until {until}; without an answer the talks fail then.")


@talks.command(epilog=epilog("eztong talks draft 4821093755 --operator wang.wei"))
@click.argument("number")
@by_operator()
@data_dir_option
@json_option
def draft(*, number: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Show the words that wait for another operator before they are offered. Whoever asked does not see them."""
    with opened(settings_in(data_dir)) as built:
        services = built.services
        services.perform(operator.proven(built), note_reading, StaffReads.TICKET, [])
        with services.store.read() as stored:
            ticket = stored.tickets.by_number(parse_number(number))
            talk = None if ticket is None else stored.talks.get(ticket.ticket_id)
            if ticket is None or talk is None:
                raise TalkUnknown
            words = read_draft(ticket, talk, stored=stored, keys=services.keys)
    if as_json:
        print_json({"number": ticket.number, "words": words})
    else:
        print_rows(("words",), [(words,)])


@talks.command(epilog=epilog("eztong talks fail 4821093755 --operator li.na --words-file reason.txt"))
@click.argument("number")
@_words_file
@by_operator()
@data_dir_option
@json_option
def fail(*, number: str, operator: Named, words_file: TextIO | None, data_dir: Path | None, as_json: bool) -> None:
    """Declare that the talks have failed, with the reason. Whoever asked can go to court then, with the evidence."""
    ticket_number = parse_number(number)
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        said = ServiceSays(number=ticket_number, words=read_words(words_file))
        talk = built.services.perform(by, declare_failed, said)
    if as_json:
        print_json({"number": said.number, "stage": talk.stage.value})
    else:
        say(f"The talks {grouped(said.number)} have failed; whoever asked is told, and reads the reason there.")


def _row(talk: Talk, ticket: Ticket) -> dict[str, str]:
    is_ours = talk.stage is TalkStage.OPEN
    until = ticket.due.at if is_ours or talk.answer_by is None else talk.answer_by.at
    return {
        "number": ticket.number,
        "stage": talk.stage.value,
        "turn_of": "second operator" if talk.draft else "service" if is_ours else "asker",
        "until": render_time(until),
    }
