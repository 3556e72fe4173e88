"""``eztong deceased``: have the authority asked about a holder, and do for relatives what two operators decided."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

import click

from eztong.cli.console import json_option, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import data_dir_option, number_option, read_number, settings_in
from eztong.cli.service import opened
from eztong.domain.death.after_death import RelativesAsk
from eztong.domain.feedback.ticket import parse_number
from eztong.usecases.death.answer_relatives import (
    ProposeForRelatives,
    check_for_relatives,
    copy_for_relatives,
    correct_for_relatives,
    propose_for_relatives,
)
from eztong.usecases.death.keep_after_death import wish_of


@click.group(
    epilog=epilog(
        "eztong deceased check --operator li.na",
        "eztong deceased propose 4821093755 --do copy --reason 'register extract seen' --operator li.na",
        "eztong deceased copy prp_01... --output copy.json --operator li.na",
    )
)
def deceased() -> None:
    """Answer relatives of holders who died: a copy, a correction or an erasure, each decided by two operators.

    The account stops when the authority says so, and by nobody else's word. Relatives write under Feedback; check
    who they are by the ways you have, and take no papers through the service.
    """


@deceased.command(epilog=epilog("eztong deceased check --operator li.na --number-file number.txt"))
@number_option
@by_operator()
@data_dir_option
@json_option
def check(*, operator: Named, number_file: TextIO | None, data_dir: Path | None, as_json: bool) -> None:
    """Have the authority asked about the holder now: if it says deceased the account stops, if it matches it goes on.

    This is also the way back of somebody who lives and was reported dead. It shows nothing of the account but that.
    """
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        holder, finding = check_for_relatives(read_number(number_file), by=by, services=built.services)
    # Of somebody who lives no more is said than that.
    wish = wish_of(holder).value if holder.is_deceased else None
    if as_json:
        told = {"holder_id": holder.holder_id, "deceased": holder.is_deceased}
        print_json({**told, "result": finding.result.value, "rule": finding.rule, "arranged": wish})
        return
    stands = f"is stopped as a deceased holder's; arranged: {wish}" if holder.is_deceased else "goes on"
    say(f"{holder.holder_id} {stands} ({finding.rule}).")


@deceased.command(
    epilog=epilog("eztong deceased propose 4821093755 --do erase --reason 'heirs named' --operator li.na")
)
@click.argument("ticket")
@click.option(
    "--do", "asked", required=True, type=click.Choice([one.value for one in RelativesAsk]), help="What they ask."
)
@click.option("--reason", required=True, help="Why, and how you made sure; it goes on record. No personal data.")
@number_option
@by_operator()
@data_dir_option
@json_option
def propose(
    *,
    ticket: str,
    asked: str,
    reason: str,
    operator: Named,
    number_file: TextIO | None,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Propose what the relatives who wrote TICKET ask; another operator decides with `eztong proposals approve`.

    It is refused where the holder arranged before that everything is deleted. An approved erasure begins at once and is
    done after 72 hours; an approved copy or correction is made with the commands of that name, within seven days.
    """
    with opened(settings_in(data_dir)) as built:
        command = ProposeForRelatives(
            ticket_number=parse_number(ticket),
            number=read_number(number_file),
            asked=RelativesAsk(asked),
            reason=reason,
        )
        proposal = propose_for_relatives(command, by=operator.proven(built), services=built.services)
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


@deceased.command(epilog=epilog("eztong deceased correct prp_01... --name-file name.txt --operator li.na"))
@click.argument("proposal_id")
@click.option(
    "--name-file",
    type=click.File("r", encoding="utf-8"),
    required=True,
    help="File with the right name; - reads input.",
)
@by_operator()
@data_dir_option
def correct(*, proposal_id: str, name_file: TextIO, operator: Named, data_dir: Path | None) -> None:
    """Replace the name of the account that PROPOSAL_ID was approved for. The authority is not asked about the dead."""
    holder = perform_as(operator, data_dir, correct_for_relatives, proposal_id, name_file.readline().strip())
    say(f"The name of {holder.holder_id} is corrected.")
