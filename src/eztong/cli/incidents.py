"""``eztong incidents``: tell everybody what is out of order, and announce work ahead (clauses 2.12, 4.1, 4.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from typing_extensions import override

from eztong.cli.console import json_option, print_found, print_json, print_rows, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.incidents.incident import (
    PLANNED,
    REFUSABLE,
    Affected,
    Bilingual,
    Incident,
    IncidentKind,
    IncidentUnknown,
    IncidentUpdate,
    IncidentWordsInvalid,
    parse_bilingual,
)
from eztong.domain.incidents.reporting import IncidentReport
from eztong.usecases.incidents.open_incident import OpenIncident, open_incident
from eztong.usecases.incidents.update_incident import EndIncident, UpdateIncident, end_incident, update_incident

F = TypeVar("F", bound=Callable[..., Any])
_PAST = 50
_OPEN_EXAMPLE = (
    "eztong incidents open --kind network --affects codes --operator li.na \\\n"
    '    --effect-zh "部分用户打不开亮码页面" --effect-en "Some people cannot open the code page"'
)
_ANNOUNCE_EXAMPLE = (
    "eztong incidents announce --kind upgrade --from 2026-12-05T01:00 --until 2026-12-05T02:00 \\\n"
    '    --operator li.na --effect-zh "系统升级，服务暂停" --effect-en "The service is upgraded and pauses"'
)


class _Moment(click.ParamType[datetime]):
    """A day and time; without an offset it is Shanghai's."""

    name = "time"

    @override
    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is no time; write 2026-12-05T01:00 (Shanghai) or with an offset.", param, ctx)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=SHANGHAI)


_affects_option = click.option(
    "--affects",
    type=click.Choice([one.value for one in Affected]),
    multiple=True,
    default=[Affected.ALL.value],
    show_default=True,
    help="What does not work as usual; may be given several times.",
)
_until_option = click.option("--until", type=_Moment(), help="When it is expected to end.")


def _texts(name: str, help_text: str, *, required: bool = False) -> Callable[[F], F]:
    """Return the two options of a text, Chinese and English."""

    def both(command: F) -> F:
        for language, words in (("en", "English"), ("zh", "Chinese")):
            command = click.option(f"--{name}-{language}", required=required, help=f"{help_text}, in {words}.")(command)
        return command

    return both


@click.group(epilog=epilog(_OPEN_EXAMPLE, _ANNOUNCE_EXAMPLE, "eztong incidents list"))
def incidents() -> None:
    """Tell everybody what is out of order, and announce maintenance and upgrades.

    What is open or near stands on every page, on /status and on /v1/status. Write no names and no personal data.
    """


@incidents.command("open", epilog=epilog(_OPEN_EXAMPLE))
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in IncidentKind if kind not in PLANNED]),
    default=IncidentKind.OTHER.value,
    show_default=True,
    help="Why.",
)
@_affects_option
@click.option("--since", type=_Moment(), help="When it began; without it: now.")
@_until_option
@_texts("effect", "What people notice", required=True)
@_texts("workaround", "What they can do meanwhile")
@by_operator()
@data_dir_option
@json_option
def open_(*, kind: str, affects: Sequence[str], since: datetime | None, **more: Any) -> None:  # noqa: ANN401 - what every opening takes
    """Open an incident: it is shown within a second, and stays until somebody ends it."""
    _open(kind, affects, since, **more)


@incidents.command(epilog=epilog(_ANNOUNCE_EXAMPLE))
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in IncidentKind if kind in PLANNED]),
    default=IncidentKind.MAINTENANCE.value,
    show_default=True,
    help="Which work.",
)
@_affects_option
@click.option("--from", "starts", type=_Moment(), required=True, help="When it begins.")
@click.option("--until", type=_Moment(), required=True, help="When it ends, by itself.")
@click.option(
    "--refuse",
    type=click.Choice([one.value for one in REFUSABLE]),
    multiple=True,
    help="What nobody may begin meanwhile; may be given several times.",
)
@_texts("effect", "What people notice", required=True)
@_texts("workaround", "What they can do meanwhile")
@by_operator()
@data_dir_option
@json_option
def announce(*, kind: str, affects: Sequence[str], starts: datetime, **more: Any) -> None:  # noqa: ANN401 - the same
    """Announce work: on /status at once, on every page three days before, and it ends by itself."""
    _open(kind, affects, starts, **more)


@incidents.command(
    epilog=epilog(
        'eztong incidents update ID --operator li.na --words-zh "已找到原因" --words-en "The cause is found"',
    )
)
@click.argument("incident_id", metavar="ID")
@_until_option
@_texts("words", "What is new", required=True)
@_texts("workaround", "What people can do meanwhile, instead of what was said before")
@by_operator()
@data_dir_option
@json_option
def update(*, incident_id: str, until: datetime | None, operator: Named, as_json: bool, **more: Any) -> None:  # noqa: ANN401 - the texts
    """Tell what is new about an incident, and change when it is expected to end."""
    command = UpdateIncident(
        incident_id=incident_id,
        words=parse_bilingual(more["words_zh"], more["words_en"]),
        until=until,
        workaround=_optional(more["workaround_zh"], more["workaround_en"]),
    )
    _tell(perform_as(operator, more["data_dir"], update_incident, command), "is updated", as_json=as_json)


@incidents.command(
    epilog=epilog(
        "eztong incidents end ID --operator li.na",
        'eztong incidents end ID --operator li.na --words-zh "已恢复" --words-en "It works again"',
    )
)
@click.argument("incident_id", metavar="ID")
@_texts("words", "What to say about it")
@by_operator()
@data_dir_option
@json_option
def end(*, incident_id: str, operator: Named, as_json: bool, **more: Any) -> None:  # noqa: ANN401 - the texts
    """End an incident now, or call announced work off."""
    command = EndIncident(incident_id=incident_id, words=_optional(more["words_zh"], more["words_en"]))
    _tell(perform_as(operator, more["data_dir"], end_incident, command), "has ended", as_json=as_json)


@incidents.command("list", epilog=epilog("eztong incidents list", "eztong incidents list --all --json"))
@click.option("--all", "with_past", is_flag=True, help=f"Also the last {_PAST} that are over.")
@data_dir_option
@json_option
def list_(*, with_past: bool, data_dir: Path | None, as_json: bool) -> None:
    """List what is open and announced, newest first."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        now = built.services.clock.now()
        found = [one for one in stored.incidents.running() if with_past or one.end(now) is None]
        found += stored.incidents.past(limit=_PAST) if with_past else []
        unreadable = stored.incidents.unreadable()
    if as_json:
        print_json({"incidents": [_described(one, now) for one in found], "unreadable": unreadable})
        return
    rows = [
        (
            one.incident_id,
            one.kind.value,
            one.phase(now).value,
            render_time(one.starts_at),
            _time(one.end(now) or one.until) or "",
        )
        for one in found
    ]
    print_rows(("incident", "kind", "state", "from", "until"), rows)
    say(f"{len(found)} incidents.")
    if unreadable:
        say(f"{unreadable} more cannot be read: run eztong db check --full.")


@incidents.command(epilog=epilog("eztong incidents show ID"))
@click.argument("incident_id", metavar="ID")
@data_dir_option
@json_option
def show(*, incident_id: str, data_dir: Path | None, as_json: bool) -> None:
    """Show an incident with everything that was done to it, and by whom."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        now = built.services.clock.now()
        found = stored.incidents.get(incident_id)
        if found is None:
            raise IncidentUnknown
        updates = stored.incidents.updates(first=incident_id, last=incident_id)
    if as_json:
        print_json(_described(found, now) | {"updates": [_step(one) for one in updates]})
        return
    say(f"{found.incident_id}: {found.kind.value}, {found.phase(now).value}. {found.effect.en} {found.effect.zh}")
    rows = [(render_time(one.at), one.step.value, one.operator or "the service", _words(one.words)) for one in updates]
    print_rows(("when", "what", "by", "words"), rows)


@incidents.command(epilog=epilog("eztong incidents reports", "eztong incidents reports --all --json"))
@click.option("--all", "with_past", is_flag=True, help="Also the newest of those that are closed.")
@data_dir_option
@json_option
def reports(*, with_past: bool, data_dir: Path | None, as_json: bool) -> None:
    """List what is to be reported to the authorities, and by when. It is written and noted in the console.

    What a report says is not shown here: whoever reads it there is in the audit.
    """
    with opened(settings_in(data_dir)) as built:
        now = built.services.clock.now()
        with built.services.store.read() as stored:
            waiting = stored.incident_reports.open()
            closed = stored.incident_reports.closed(limit=_PAST if with_past else 0)
    found = [_report(one, now) for one in (*waiting.those, *closed.those)]
    columns = {"report": "id", "kind": "kind", "grade": "grade", "noticed": "noticed_at", "due": "next_due"}
    print_found(found, columns | {"overdue": "overdue"}, as_json=as_json)
    say_unreadable(waiting.unreadable + closed.unreadable)


def _report(report: IncidentReport, now: datetime) -> dict[str, Any]:
    return {
        "id": report.report_id,
        "kind": report.kind.value,
        "grade": report.grade.value,
        "operator_kind": report.operator_kind.value,
        "incident": report.incident_id,
        "noticed_at": render_time(report.noticed_at),
        "next_due": _time(report.next_due()),
        "overdue": "yes" if report.is_overdue(now) else "no",
        "first_at": _time(report.first_at),
        "handled_at": _time(report.handled_at),
        "final_at": _time(report.final_at),
        "closed_at": _time(report.closed_at),
    }


def _open(kind: str, affects: Sequence[str], starts: datetime | None, **more: Any) -> None:  # noqa: ANN401 - options
    command = OpenIncident(
        kind=IncidentKind(kind),
        affects=tuple(Affected(one) for one in affects),
        effect=parse_bilingual(more["effect_zh"], more["effect_en"]),
        workaround=_optional(more["workaround_zh"], more["workaround_en"]),
        starts_at=starts,
        until=more["until"],
        refuses=tuple(Affected(one) for one in more.get("refuse", ())),
    )
    _tell(
        perform_as(more["operator"], more["data_dir"], open_incident, command),
        "is written down",
        as_json=more["as_json"],
    )


def _optional(zh: str | None, en: str | None) -> Bilingual | None:
    """Return a text in both languages, or none where neither was given; one alone is no text."""
    if zh is None and en is None:
        return None
    if zh is None or en is None:
        raise IncidentWordsInvalid
    return parse_bilingual(zh, en)


def _tell(incident: Incident, what: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"id": incident.incident_id, "kind": incident.kind.value, "ended_at": _time(incident.ended_at)})
        return
    click.echo(incident.incident_id)
    say(f"The incident {what}; pages show it within a second, /status and /v1/status too.")


def _described(incident: Incident, now: datetime) -> dict[str, Any]:
    return {
        "id": incident.incident_id,
        "kind": incident.kind.value,
        "origin": incident.origin.value,
        "phase": incident.phase(now).value,
        "affects": [one.value for one in incident.affects],
        "effect": _texts_of(incident.effect),
        "workaround": _texts_of(incident.workaround),
        "starts_at": render_time(incident.starts_at),
        "until": _time(incident.until),
        "ended_at": _time(incident.end(now)),
    }


def _step(update: IncidentUpdate) -> dict[str, Any]:
    return {
        "at": render_time(update.at),
        "step": update.step.value,
        "operator": update.operator,
        "words": _texts_of(update.words),
    }


def _texts_of(words: Bilingual | None) -> dict[str, str] | None:
    return None if words is None else {"zh-CN": words.zh, "en": words.en}


def _words(words: Bilingual | None) -> str:
    return "" if words is None else f"{words.zh} / {words.en}"


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else render_time(moment)
