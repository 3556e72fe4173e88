"""``eztong deceased``: have the authority asked about a holder, and do for relatives what two operators decided."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

import click

from eztong.cli.console import json_option, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import data_dir_option, number_option, read_number, say_what_to_type, settings_in
from eztong.cli.service import opened
from eztong.domain.death.after_death import RelativesAsk, wish_of
from eztong.domain.feedback.ticket import parse_number
from eztong.usecases.death.answer_relatives import (
    ProposeForRelatives,
    check_for_relatives,
    copy_for_relatives,
    correct_for_relatives,
    names_for_relatives,
    propose_for_relatives,
)

_name_option = click.option(
    "--name-file",
    type=click.File("r", encoding="utf-8"),
    help="File with the right name, for --do correct; - reads input.",
)


@click.group(
    epilog=epilog(
        "eztong deceased check 4821093755 --operator li.na",
        "eztong deceased propose 4821093755 --do copy --reason 'register extract seen' --operator li.na",
        "eztong deceased copy prp_01... --output copy.json --operator li.na",
    )
)
def deceased() -> None:
    """Answer relatives of holders who died: a copy, a correction or an erasure, each decided by two operators.

    The account stops when the authority says so, and by nobody else's word. Relatives write under Feedback; check
    who they are by the ways you have, and take no papers through the service.
    """


@deceased.command(epilog=epilog("eztong deceased check 4821093755 --operator li.na --number-file number.txt"))
@click.argument("ticket")
@number_option
@by_operator()
@data_dir_option
@json_option
def check(*, ticket: str, operator: Named, number_file: TextIO | None, data_dir: Path | None, as_json: bool) -> None:
    """Have the authority asked about the holder whom the open TICKET is about.

    If it says deceased the account stops, if it matches it goes on. This is also the way back of somebody who lives and
    was reported dead, who writes a ticket as well. It shows nothing of the account but that, five times a day at most.
    """
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        holder = check_for_relatives(parse_number(ticket), read_number(number_file), by=by, services=built.services)
    # Of somebody who lives no more is said than that.
    wish = wish_of(holder).value if holder.is_deceased else None
    if as_json:
        print_json({"holder_id": holder.holder_id, "deceased": holder.is_deceased, "arranged": wish})
        return
    stands = f"is stopped as a deceased holder's; arranged: {wish}" if holder.is_deceased else "goes on"
    say(f"{holder.holder_id} {stands}.")


@deceased.command(
    epilog=epilog("eztong deceased propose 4821093755 --do erase --reason 'heirs named' --operator li.na")
)
@click.argument("ticket")
@click.option(
    "--do", "asked", required=True, type=click.Choice([one.value for one in RelativesAsk]), help="What they ask."
)
@click.option("--reason", required=True, help="Why, and how you made sure; it goes on record. No personal data.")
@_name_option
@number_option
@by_operator()
@data_dir_option
@json_option
def propose(
    *,
    ticket: str,
    asked: str,
    reason: str,
    name_file: TextIO | None,
    operator: Named,
    number_file: TextIO | None,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Propose what the relatives who wrote TICKET ask; another operator decides with `eztong proposals approve`.

    It is refused where the holder arranged before that everything is deleted. An approved erasure begins at once and is
    done after 72 hours; an approved copy or correction is made with the commands of that name, within seven days. A
    correction takes the right name in a file; who decides looks at it with `eztong deceased names`. Close TICKET last:
    a closed one carries nothing any more.
    """
    if (asked == RelativesAsk.CORRECT) != (name_file is not None):
        raise click.UsageError("Give --name-file with --do correct, and with nothing else.")
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        command = ProposeForRelatives(
            ticket_number=parse_number(ticket),
            number=read_number(number_file),
            asked=RelativesAsk(asked),
            reason=reason,
            name="" if name_file is None else _read_name(name_file),
        )
        proposal = propose_for_relatives(command, by=by, services=built.services)
    if as_json:
        print_json({"proposal": proposal.proposal_id, "kind": proposal.kind.value, "about": proposal.about})
    else:
        say(f"{proposal.proposal_id} waits for another operator.")


@deceased.command(epilog=epilog("eztong deceased copy prp_01... --output copy.json --operator li.na"))
@click.argument("proposal_id")
@click.option(
    "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write; it must be new."
)
@by_operator()
@data_dir_option
def copy(*, proposal_id: str, output: Path, operator: Named, data_dir: Path | None) -> None:
    """Write the copy of all data that PROPOSAL_ID was approved for. Hand it over yourself; delete the file then."""
    if output.exists():
        raise click.UsageError(f"{output} is there already; a copy never replaces a file.")
    with opened(settings_in(data_dir)) as built:
        found = copy_for_relatives(proposal_id, by=operator.proven(built), services=built.services)
    with output.open("x", encoding="utf-8") as file:
        output.chmod(0o600)
        json.dump(found, file, ensure_ascii=False, indent=2)
    say(f"The copy is in {output}, for its owner only. That it was made is on record.")


@deceased.command(epilog=epilog("eztong deceased names prp_01... --operator wang.wei"))
@click.argument("proposal_id")
@by_operator()
@data_dir_option
@json_option
def names(*, proposal_id: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Show the name as it is and as PROPOSAL_ID would have it, to decide about it. That you looked is on record."""
    found = perform_as(operator, data_dir, names_for_relatives, proposal_id)
    if as_json:
        print_json({"now": found.old, "proposed": found.new})
        return
    click.echo(f"now       {found.old}\nproposed  {found.new}")


@deceased.command(epilog=epilog("eztong deceased correct prp_01... --operator li.na"))
@click.argument("proposal_id")
@by_operator()
@data_dir_option
def correct(*, proposal_id: str, operator: Named, data_dir: Path | None) -> None:
    """Let the name of PROPOSAL_ID stand with the account, once it is approved, and in every copy of its data.

    The name that the authority matched stays beside it, since the authority may take its word back.
    """
    holder = perform_as(operator, data_dir, correct_for_relatives, proposal_id)
    say(f"The corrected name stands with {holder.holder_id}.")


def _read_name(name_file: TextIO) -> str:
    say_what_to_type(name_file, "Write the right name, on one line.")
    return name_file.readline().strip()
