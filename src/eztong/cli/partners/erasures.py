"""``eztong partners erasures``: which partners still have to say what they did about somebody who left (2.13)."""

from __future__ import annotations

from pathlib import Path

import click

from eztong.cli.console import json_option, print_found, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened


@click.command(epilog=epilog("eztong partners erasures", "eztong partners erasures --overdue --json"))
@click.option("--overdue", is_flag=True, help="Only those whose answer should have been there.")
@data_dir_option
@json_option
def erasures(*, overdue: bool, data_dir: Path | None, as_json: bool) -> None:
    """List the erasure requests that partners were told of and have not answered, the oldest first.

    They are answered within fifteen working days, by `POST /v1/erasure-requests/{id}/answer`.
    """
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        now, calendar = built.services.clock.now(), built.services.deployment.calendar
        listed = stored.partner_events.unanswered(now=now)
    waiting = [(event, event.is_overdue(calendar, now=now)) for event in listed.those]
    found = [
        {
            "partner": event.partner_id,
            "erasure_request": event.erasure_id,
            "told_on": event.day.isoformat(),
            "answer_by": event.answer_by(calendar).isoformat(),
            "is_overdue": is_overdue,
        }
        for event, is_overdue in waiting
        if is_overdue or not overdue
    ]
    columns = {"partner": "partner", "erasure request": "erasure_request", "told on": "told_on", "due by": "answer_by"}
    print_found(found, columns | {"overdue": "is_overdue"}, as_json=as_json, told="wait for an answer")
    late = sum(is_overdue for _event, is_overdue in waiting)
    if late and not as_json:
        say(f"{late} answer{'s are' if late > 1 else ' is'} overdue: ask the partner.")
    say_unreadable(listed.unreadable)
