"""``eztong holders``: what the operator's staff do for holders who call, and nothing that holders do themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

from eztong.cli.console import json_option, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.options import data_dir_option, number_option, read_number, say_what_to_type, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.feedback.ticket import parse_number
from eztong.domain.holder import FreezeReason
from eztong.domain.restrictions.mark import Ceiling, Restriction
from eztong.usecases.contact.appeal_number import AppealNumber, appeal_number
from eztong.usecases.contact.stop_appeal import StopPhoneChange, stop_phone_change
from eztong.usecases.freezing.freeze_for_holder import FreezeForHolder, FrozenForHolder, freeze_for_holder
from eztong.usecases.restrictions.change_marks import MarkChange
from eztong.usecases.restrictions.restrict_for_staff import (
    LiftRestrictions,
    RestrictHolder,
    StaffReason,
    lift_restrictions,
    restrict_holder,
)

_REASON = click.option(
    "--reason",
    type=click.Choice([reason.value for reason in StaffReason]),
    required=True,
    help="Why; it stands in the account's history.",
)


@click.group(epilog=epilog("eztong holders freeze --reason phone_lost --operator li.na"))
def holders() -> None:
    """Act for holders who call the hotline, and limit accounts."""


@holders.command(
    epilog=epilog(
        "eztong holders freeze --reason phone_lost --operator li.na",
        "eztong holders freeze --reason account_stolen --operator li.na --number-file number.txt --json",
    )
)
@click.option(
    "--reason",
    type=click.Choice([reason.value for reason in FreezeReason]),
    required=True,
    help="Why the holder wants it.",
)
@number_option
@by_operator()
@data_dir_option
@json_option
def freeze(*, reason: str, operator: Named, number_file: TextIO | None, data_dir: Path | None, as_json: bool) -> None:
    """Freeze the account of a holder who called: at once, on every door, also while the service runs.

    Make sure who calls before. The citizen number is never an option, so that no shell history keeps it. The holder is
    told by message, and can recover the account as after a freeze of the own; a child's is lifted by its guardian.
    Nobody takes the own call, nor one about an own ward.
    """
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        command = FreezeForHolder(number=read_number(number_file), reason=FreezeReason(reason))
        frozen = freeze_for_holder(command, by=by, services=built.services)
    if as_json:
        print_json(
            {
                "holder_id": frozen.holder.holder_id,
                "state": frozen.holder.state.value,
                "was_frozen": frozen.was_frozen,
                "written_down": frozen.is_written_down,
                "recovery_stopped": frozen.recovery_stopped,
                "phone_lost": frozen.phone_lost,
                "sessions_ended": frozen.sessions_ended,
                "codes_ended": frozen.codes_ended,
                "operator": by.name,
            }
        )
    else:
        say(words_of(frozen, reason))


@holders.command(
    epilog=epilog(
        "eztong holders restrict --reason misuse --ceiling none --operator li.na",
        "eztong holders restrict --reason data_doubt --operator li.na --number-file number.txt --json",
    )
)
@_REASON
@click.option(
    "--ceiling",
    type=click.Choice([ceiling.value for ceiling in Ceiling]),
    default=Ceiling.LOW.value,
    show_default=True,
    help="The most demanding scenes that still pass; none: nothing does.",
)
@number_option
@by_operator()
@data_dir_option
@json_option
def restrict(
    *, reason: str, ceiling: str, operator: Named, number_file: TextIO | None, data_dir: Path | None, as_json: bool
) -> None:
    """Limit what a holder's account can be used for: at once, on every door, also while the service runs.

    The holder is told by message and reads why under Me > Identity check. A mark for data_doubt also ends by itself
    when the authority confirms the person. Whoever leaves under a mark for misuse or legal_order comes before an
    operator when they apply again.
    """
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        command = RestrictHolder(number=read_number(number_file), reason=StaffReason(reason), ceiling=Ceiling(ceiling))
        change = restrict_holder(command, by=by, services=built.services)
    _tell_marks(change, operator=by.name, as_json=as_json)


@holders.command(
    epilog=epilog(
        "eztong holders lift --reason misuse --operator li.na",
        "eztong holders lift --reason data_doubt --operator li.na --number-file number.txt --json",
    )
)
@_REASON
@number_option
@by_operator()
@data_dir_option
@json_option
def lift(*, reason: str, operator: Named, number_file: TextIO | None, data_dir: Path | None, as_json: bool) -> None:
    """Lift what limits a holder's account for a reason that staff may give; other marks stay.

    What an expired document limits is lifted by a check alone, and a pause by its holder alone.
    """
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        command = LiftRestrictions(number=read_number(number_file), reason=StaffReason(reason))
        change = lift_restrictions(command, by=by, services=built.services)
    _tell_marks(change, operator=by.name, as_json=as_json)


@holders.command(
    name="change-phone",
    epilog=epilog("eztong holders change-phone --ticket 4821093755 --operator li.na --person-file person.txt"),
)
@click.option("--ticket", required=True, help="Number of the open ticket of the kind number_appeal.")
@click.option(
    "--person-file",
    type=click.File("r", encoding="utf-8"),
    required=True,
    help="File with three lines: name, citizen number, new phone; - reads standard input.",
)
@by_operator()
@click.option("--second", help="Another operator who made sure as well; needed where there is no number of before.")
@click.option(
    "--second-secret-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File with the other operator's secret; without it, it is asked for.",
)
@data_dir_option
@json_option
def change_phone(
    *,
    ticket: str,
    operator: Named,
    second: str | None,
    second_secret_file: Path | None,
    person_file: TextIO,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Let the phone of a holder change who has lost number, SIM card and device (号码申诉).

    Make sure before: the person shows the identity document to a member of staff, face to face or by video, and the
    carrier's record of the new number names the same person. The authority is asked again. The change waits
    EZTONG_NUMBER_APPEAL_DAYS; the number of before and every device are told and can stop it. Then the holder recovers
    the account with the new number. An account without a number of before (a guardian kept it) takes two operators.
    """
    if second is None and second_secret_file is not None:
        raise click.UsageError("Give --second with --second-secret-file.")
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        other = "" if second is None else Named(second, second_secret_file).proven(built, own_setting=False).name
        say_what_to_type(person_file, "Write three lines: name, citizen number, new phone.")
        name, number, phone = (person_file.readline().strip() for _ in range(3))
        command = AppealNumber(ticket_number=parse_number(ticket), name=name, number=number, phone=phone, second=other)
        change = appeal_number(command, by=by, services=built.services)
    until = render_time(change.until) if change.until is not None else ""
    if as_json:
        print_json({"holder_id": change.holder_id, "takes_effect_at": until, "operator": by.name})
    else:
        say(
            f"The phone of {change.holder_id} changes at {until}. Both numbers are told, and the old one can stop it; "
            "where there is none, eztong holders keep-phone does."
        )


@holders.command(
    name="keep-phone",
    epilog=epilog(
        "eztong holders keep-phone --operator li.na",
        "eztong holders keep-phone --operator li.na --number-file number.txt --json",
    ),
)
@number_option
@by_operator()
@data_dir_option
@json_option
def keep_phone(*, operator: Named, number_file: TextIO | None, data_dir: Path | None, as_json: bool) -> None:
    """Stop a change of the phone that waits, such as one after a number appeal: its holder objected.

    Make sure who objects before. Nothing else changes, and both numbers are told; another appeal may be made.
    """
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        command = StopPhoneChange(number=read_number(number_file))
        stopped = stop_phone_change(command, by=by, services=built.services)
    if as_json:
        print_json({"holder_id": stopped.holder_id, "operator": by.name})
    else:
        say(f"The phone of {stopped.holder_id} stays what it is. Both numbers are told.")


def words_of(frozen: FrozenForHolder, reason: str) -> str:
    """Say what was done, and no more than that."""
    holder_id = frozen.holder.holder_id
    if frozen.changed_nothing:
        return f"{holder_id} was frozen already. Nothing was changed."
    done = [
        "A recovery that waited is stopped." if frozen.recovery_stopped else "",
        "Its phone counts as lost." if frozen.phone_lost else "",
    ]
    if not frozen.was_frozen:
        done.insert(0, f"{holder_id} is frozen: codes and sessions have ended, and its holder is told by message.")
    else:
        done.insert(0, f"{holder_id} was frozen already.")
        if frozen.is_written_down:
            done.append(f"The reason {reason} is written down, and its holder is told by message.")
            done.append(f"Sessions that ended: {frozen.sessions_ended}.")
    return " ".join(sentence for sentence in done if sentence)


def _tell_marks(change: MarkChange, *, operator: str, as_json: bool) -> None:
    holder = change.holder
    if as_json:
        print_json(
            {
                "holder_id": holder.holder_id,
                "state": holder.standing,
                "ceiling": None if holder.ceiling is None else holder.ceiling.value,
                "set": [_mark(mark) for mark in change.added],
                "lifted": [_mark(mark) for mark in change.lifted],
                "operator": operator,
            }
        )
        return
    if not (change.added or change.lifted):
        say(f"{holder.holder_id}: it stood so already. Nothing was changed.")
        return
    limit = "no mark limits it now" if holder.ceiling is None else f"the lowest ceiling is {holder.ceiling.value} now"
    done = f"{len(change.added)} set, {len(change.lifted)} lifted"
    say(f"{holder.holder_id}: {done}; {limit}. Its holder is told by message, unless the account has ended.")


def _mark(mark: Restriction) -> dict[str, str]:
    return {"id": mark.restriction_id, "cause": mark.cause.value, "ceiling": mark.ceiling.value, "rule": mark.rule}
