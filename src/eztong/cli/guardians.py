"""``eztong guardians``: guardianships that the authority does not know or two people claim, and their decision."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final, TextIO

import click

from eztong.cli.console import json_option, print_found, print_json, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.options import data_dir_option, read_words, settings_in, words_option
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.guardianship.guardianship import Guardianship
from eztong.domain.identity.masking import mask_name
from eztong.domain.own_data.sighting import StaffReads
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.guardianship.care import was_left_to_another
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from eztong.usecases.own_data.note_reading import note_reading
from eztong.usecases.own_data.reveal_identity import open_identity

_MOST: Final = 500
_words_option = words_option("the reason, as the guardian reads it; without it, it is read from standard input")


@click.group(
    epilog=epilog(
        "eztong guardians list --operator zhao",
        "eztong guardians approve gdn_01... --operator zhao --words-file reason.txt",
        "eztong guardians refuse gdn_01... --operator zhao --words-file reason.txt",
    )
)
def guardians() -> None:
    """Decide who is guardian of whom, where the authority cannot say, or the ward has, or lately had, another one."""


@guardians.command(
    "list", epilog=epilog("eztong guardians list --operator zhao", "eztong guardians list --operator zhao --json")
)
@by_operator()
@data_dir_option
@json_option
def list_(*, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """List what waits for a decision, oldest first: masked names, no numbers.

    "left lately": another guardian gave the ward up in the last seven days, or somebody with that guardian's phone
    did. Make sure of it with that guardian before you approve.

    That you were shown them stands in the history of both accounts, which their holders read.
    """
    with opened(settings_in(data_dir)) as built:
        services, by = built.services, operator.proven(built)
        with services.store.read() as stored:
            waiting = stored.guardianships.waiting(limit=_MOST)
        both = {holder_id for one in waiting.those for holder_id in (one.ward_id, one.guardian_id)}
        services.perform(by, note_reading, StaffReads.GUARDIANSHIP, sorted(one for one in both if one is not None))
        with services.store.read() as stored:
            found = waiting.each(lambda one: _row(one, stored=stored, keys=services.keys, now=services.clock.now()))
    columns = {"guardianship": "guardianship_id", "since": "declared_at", "ward": "ward", "guardian": "guardian"}
    rest = {"relation": "relation", "other guardian": "is_conflict", "left lately": "is_left_lately"}
    print_found(found.those, columns | rest, as_json=as_json, told="wait for a decision")
    say_unreadable(found.unreadable)


@guardians.command(epilog=epilog("eztong guardians approve gdn_01... --operator zhao --words-file reason.txt"))
@click.argument("guardianship_id")
@_words_option
@by_operator()
@data_dir_option
@json_option
def approve(
    *, guardianship_id: str, words_file: TextIO | None, operator: Named, data_dir: Path | None, as_json: bool
) -> None:
    """Confirm GUARDIANSHIP_ID. Another guardian of the ward is one no more; the ward's application goes on."""
    _decide(guardianship_id, words_file, operator, holds=True, data_dir=data_dir, as_json=as_json)


@guardians.command(epilog=epilog("eztong guardians refuse gdn_01... --operator zhao --words-file reason.txt"))
@click.argument("guardianship_id")
@_words_option
@by_operator()
@data_dir_option
@json_option
def refuse(
    *, guardianship_id: str, words_file: TextIO | None, operator: Named, data_dir: Path | None, as_json: bool
) -> None:
    """Refuse GUARDIANSHIP_ID. Of a child for whom nobody else acts nothing is kept; the guardian reads the reason."""
    _decide(guardianship_id, words_file, operator, holds=False, data_dir=data_dir, as_json=as_json)


def _decide(
    guardianship_id: str,
    words_file: TextIO | None,
    operator: Named,
    *,
    holds: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        command = DecideRelation(guardianship_id=guardianship_id, holds=holds, words=read_words(words_file))
        decided = built.services.perform(by, decide_relation, command)
    if as_json:
        print_json({"guardianship_id": guardianship_id, "state": decided.state.value, "operator": by.name})
    else:
        say(f"{guardianship_id}: {decided.state.value}; both are told by message.")


def _row(one: Guardianship, *, stored: Repositories, keys: Keys, now: datetime) -> dict[str, Any]:
    ward = stored.holders.get(one.ward_id)
    guardian = None if one.guardian_id is None else stored.holders.get(one.guardian_id)
    names = [
        "" if holder is None or holder.is_erased else mask_name(open_identity(holder, keys=keys).name)
        for holder in (ward, guardian)
    ]
    return {
        "guardianship_id": one.guardianship_id,
        "declared_at": None if one.declared_at is None else render_time(one.declared_at),
        "ward": names[0],
        "guardian": names[1],
        "relation": None if one.relation is None else one.relation.value,
        "is_conflict": stored.guardianships.active_of(one.ward_id) is not None,
        "is_left_lately": was_left_to_another(one, stored=stored, now=now),
    }
