"""``eztong cases``: misuse of an account is looked into, answered by a measure, and objections are decided (2.10)."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TextIO

import click

from eztong.cli.cases.shown import file_of, row_of, say_case
from eztong.cli.console import json_option, print_found, print_json, render_value, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.options import data_dir_option, read_number, read_words, settings_in, words_option
from eztong.cli.service import opened
from eztong.domain.cases.case import Case, CaseReason, Measure
from eztong.domain.identifiers import HolderId
from eztong.domain.own_data.sighting import StaffReads
from eztong.domain.restrictions.mark import Ceiling
from eztong.usecases.cases.appeal_case import DecideAppeal, decide_appeal
from eztong.usecases.cases.hold_evidence import AddEvidence, add_evidence
from eztong.usecases.cases.open_case import (
    CaseNote,
    OpenCase,
    claim_damages,
    dismiss_case,
    find_case,
    open_case,
    open_case_by_number,
)
from eztong.usecases.cases.read_case import read_case
from eztong.usecases.cases.take_measure import TakeMeasure, propose_measure, warn_account
from eztong.usecases.own_data.note_reading import note_reading

_MOST: Final = 500
_words_option = words_option("the words; without it, they are read from standard input")
_evidence_option = click.option(
    "--evidence",
    multiple=True,
    help="A record (ver_..., att_...) of the account, or the number of a ticket; repeat it.",
)


@click.group(
    epilog=epilog(
        "eztong cases list",
        "eztong cases open hld_01... --reason fraud --evidence att_01... --operator li --words-file w.txt",
        "eztong cases propose cas_01... --do terminate --operator zhao --words-file to-holder.txt",
    )
)
def cases() -> None:
    """Look into misuse of an account: warn, restrict or terminate, and decide what its holder says against it.

    One operator warns. To restrict or to terminate takes two: it is proposed here and approved with `eztong proposals
    approve`. An objection is decided by a third one, who did neither.
    """


@cases.command(name="list", epilog=epilog("eztong cases list", "eztong cases list --json"))
@data_dir_option
@json_option
def list_(*, data_dir: Path | None, as_json: bool) -> None:
    """List cases that wait for staff, what is due first at the top: no names, no words of anybody."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        waiting = stored.cases.waiting(limit=_MOST).each(row_of)
    columns = {"case": "case_id", "reason": "reason", "state": "state", "measure": "measure", "due": "due_at"}
    print_found(waiting.those, columns, as_json=as_json, told="wait")
    say_unreadable(waiting.unreadable)


@cases.command(epilog=epilog("eztong cases show cas_01... --operator zhao"))
@click.argument("case_id")
@by_operator()
@data_dir_option
@json_option
def show(*, case_id: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Show one case: what was done and written in it, what it holds, and signals of the last 90 days.

    That you were shown it stands in the history of the account, which its holder reads.
    """
    with opened(settings_in(data_dir)) as built:
        services, by = built.services, operator.proven(built)
        with services.store.read() as stored:
            about = find_case(case_id, stored=stored).holder_id
        services.perform(by, note_reading, StaffReads.CASE, [about])
        with services.store.read() as stored:
            shown = file_of(
                read_case(case_id, stored=stored, keys=services.keys, now=services.clock.now()), keys=services.keys
            )
    if as_json:
        print_json(shown)
        return
    for name, value in shown.items():
        values = value if isinstance(value, list) else [value]
        lines = ["" if item is None else render_value(item) for item in values]
        click.echo(f"{name:16} " + (f"\n{'':16} ".join(lines) or "none"))


@cases.command(
    name="open",
    epilog=epilog(
        "eztong cases open hld_01... --reason fraud --operator zhao --words-file why.txt",
        "eztong cases open --number-file number.txt --reason unlawful --operator li --words-file why.txt",
    ),
)
@click.argument("account", required=False)
@click.option(
    "--number-file", type=click.File("r", encoding="utf-8"), help="File with the citizen number, in place of ACCOUNT."
)
@click.option("--reason", required=True, type=click.Choice([one.value for one in CaseReason]), help="What for.")
@_evidence_option
@_words_option
@by_operator()
@data_dir_option
@json_option
def open_(
    *,
    account: str | None,
    number_file: TextIO | None,
    reason: str,
    evidence: tuple[str, ...],
    words_file: TextIO | None,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Open a case about ACCOUNT (hld_..., as tickets name it), or about the account of a citizen number.

    The words say why; staff alone read them. The holder is told once something is decided.
    """
    if (account is None) == (number_file is None):
        raise click.UsageError("Name the account, or give --number-file.")
    with opened(settings_in(data_dir)) as built:
        by, services = operator.proven(built), built.services
        number = None if number_file is None else read_number(number_file)
        command = OpenCase(reason=CaseReason(reason), words=read_words(words_file), evidence=evidence)
        if number is not None:
            case = open_case_by_number(number, command, by=by, services=services)
        else:
            calendar = services.deployment.calendar
            case = services.perform(by, open_case, HolderId(account or ""), command, calendar=calendar)
    say_case(case, f"{case.case_id} (number {case.number}) is open.", as_json=as_json)


@cases.command(name="add-evidence", epilog=epilog("eztong cases add-evidence cas_01... 4821093755 --operator zhao"))
@click.argument("case_id")
@click.argument("evidence", nargs=-1, required=True)
@by_operator()
@data_dir_option
@json_option
def add_evidence_(
    *, case_id: str, evidence: tuple[str, ...], operator: Named, data_dir: Path | None, as_json: bool
) -> None:
    """Hold EVIDENCE in the case: records (ver_..., att_...) of its account, or numbers of tickets.

    What a case holds is kept as long as the case, whatever retention says.
    """
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        new = built.services.perform(by, add_evidence, AddEvidence(case_id=case_id, evidence=evidence))
    if as_json:
        print_json({"case_id": case_id, "added": [one.evidence_id for one in new]})
    else:
        say(f"{len(new)} added.")


@cases.command(epilog=epilog("eztong cases warn cas_01... --operator zhao --words-file to-holder.txt"))
@click.argument("case_id")
@_words_option
@by_operator()
@data_dir_option
@json_option
def warn(*, case_id: str, words_file: TextIO | None, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Warn the holder, in words that they read. One operator is enough; the holder can object all the same."""
    with opened(settings_in(data_dir)) as built:
        by, services = operator.proven(built), built.services
        command = TakeMeasure(case_id=case_id, measure=Measure.WARN, words=read_words(words_file))
        case = services.perform(by, warn_account, command, calendar=services.deployment.calendar)
    say_case(case, f"The holder is warned, and told. {_until(case)}", as_json=as_json)


@cases.command(
    epilog=epilog(
        "eztong cases propose cas_01... --do terminate --operator zhao --words-file to-holder.txt",
        "eztong cases propose cas_01... --do restrict --ceiling low --operator li --words-file w.txt",
    )
)
@click.argument("case_id")
@click.option(
    "--do",
    "measure",
    required=True,
    type=click.Choice([Measure.RESTRICT.value, Measure.TERMINATE.value]),
    help="Limit the account, or end it.",
)
@click.option(
    "--ceiling", type=click.Choice([one.value for one in Ceiling]), help="What still passes, with --do restrict."
)
@_words_option
@by_operator()
@data_dir_option
@json_option
def propose(
    *,
    case_id: str,
    measure: str,
    ceiling: str | None,
    words_file: TextIO | None,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Propose to restrict or terminate the account, in words that its holder will read; another operator decides.

    The case must hold evidence. A termination ends codes, sign-ins and grants at once when it is approved.
    """
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        how_far = None if ceiling is None else Ceiling(ceiling)
        command = TakeMeasure(case_id=case_id, measure=Measure(measure), ceiling=how_far, words=read_words(words_file))
        case, waits = built.services.perform(by, propose_measure, command)
    told = f"It waits for another operator: eztong proposals approve {waits.proposal_id}"
    say_case(case, told, as_json=as_json)


@cases.command(epilog=epilog("eztong cases dismiss cas_01... --operator zhao --words-file why.txt"))
@click.argument("case_id")
@_words_option
@by_operator()
@data_dir_option
@json_option
def dismiss(*, case_id: str, words_file: TextIO | None, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Close a case of which nothing came. The reason stays with it, for staff."""
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        case = built.services.perform(by, dismiss_case, CaseNote(case_id=case_id, words=read_words(words_file)))
    say_case(case, f"{case.case_id} is closed; nothing came of it.", as_json=as_json)


@cases.command(epilog=epilog("eztong cases claim cas_01... 1280.50 --operator zhao --words-file what-for.txt"))
@click.argument("case_id")
@click.argument("yuan")
@_words_option
@by_operator()
@data_dir_option
@json_option
def claim(
    *, case_id: str, yuan: str, words_file: TextIO | None, operator: Named, data_dir: Path | None, as_json: bool
) -> None:
    """Write down what the service claims as damages, in YUAN, and for what. For the record: nothing is collected."""
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        note = CaseNote(case_id=case_id, claim=yuan, words=read_words(words_file))
        case = built.services.perform(by, claim_damages, note)
    say_case(case, f"The claim stands in {case.case_id}.", as_json=as_json)


@cases.command(epilog=epilog("eztong cases uphold cas_01... --operator sun --words-file to-holder.txt"))
@click.argument("case_id")
@_words_option
@by_operator()
@data_dir_option
@json_option
def uphold(*, case_id: str, words_file: TextIO | None, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Let a decision stand that its holder objected to, with the reason; you neither proposed nor approved it."""
    case = _decide(case_id, words_file, operator, data_dir, uphold=True)
    say_case(case, "The decision stands; the holder is told.", as_json=as_json)


@cases.command(epilog=epilog("eztong cases lift cas_01... --operator sun --words-file to-holder.txt"))
@click.argument("case_id")
@_words_option
@by_operator()
@data_dir_option
@json_option
def lift(*, case_id: str, words_file: TextIO | None, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Take a decision back, after an objection or without one; you neither proposed nor approved it.

    The limit ends, or the account goes on as it stood before it was terminated. Grants do not come back.
    """
    case = _decide(case_id, words_file, operator, data_dir, uphold=False)
    say_case(case, "The decision is taken back; the holder is told.", as_json=as_json)


def _decide(case_id: str, words_file: TextIO | None, operator: Named, data_dir: Path | None, *, uphold: bool) -> Case:
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        command = DecideAppeal(case_id=case_id, uphold=uphold, words=read_words(words_file))
        return built.services.perform(by, decide_appeal, command)


def _until(case: Case) -> str:
    until = row_of(case)["appeal_until"]
    return f"They can object until {until}."
