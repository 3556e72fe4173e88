"""``eztong agreements``: draft the next set of agreements and rules, have it published, and look at every one (5.6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final

import click

from eztong.cli.agreements.clauses import marks, restore, sever
from eztong.cli.console import apply_option, json_option, print_found, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.operators.proposals import described
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.agreement_sets.agreement_set import DEFAULT_GRACE_DAYS, AgreementSet, Member, set_hash
from eztong.domain.agreement_sets.offered_text import LANGUAGES, Offered, TextsInvalid
from eztong.domain.agreements import ChangeClass, DocumentKind, RuleKind, document_kind
from eztong.domain.canonical_json import render_time
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.incidents.incident import parse_bilingual
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreement_sets.call_off_set import CallOffSet, propose_calling_off
from eztong.usecases.agreement_sets.compare_set import set_before
from eztong.usecases.agreement_sets.count_acceptances import count_acceptances, count_accounts
from eztong.usecases.agreement_sets.draft_set import DraftSet, draft_set, find_set
from eztong.usecases.agreement_sets.publish_set import ProposeSet, hashes_of, propose_set
from eztong.wiring.agreement_values import PRINTED, printed_values, values_to_print
from eztong.wiring.agreements.texts import SINGLE, packaged_texts, texts_of_folder
from eztong.wiring.settings import Settings

_EVERY: Final = "all"
_DRAFT_EXAMPLE: Final = (
    "eztong agreements draft --from 2026-12-20 --class all=C --operator li.na \\\n"
    '    --changes-zh "更新了联系方式。" --changes-en "The contact is a new one."'
)
_CALL_OFF: Final = "eztong agreements call-off 2 --reason 'a court decided' --operator li.na"


@click.group(
    epilog=epilog(
        _DRAFT_EXAMPLE,
        "eztong agreements diff 2",
        "eztong agreements propose 2 --reason 'new contact' --operator li.na",
        "eztong proposals approve prp_01... --reason 'read and compared' --operator wang",
    )
)
def agreements() -> None:
    """Publish agreements and rules, and mark clauses that do not apply. Both take two operators.

    A set is drafted and compared, proposed by one operator and approved by another (`eztong proposals`). From then on
    everybody can read it under /documents and holders are told; it comes into force at its day by itself.
    """


for _command in (sever, restore, marks):
    agreements.add_command(_command)


def _pairs(values: Sequence[str], option: str) -> Iterator[tuple[str, str]]:
    for value in values:
        name, mark, said = value.partition("=")
        if not mark or not said:
            raise click.BadParameter(f"write NAME=VALUE, not {value}", param_hint=option)
        yield name, said


def _classes(values: Sequence[str]) -> dict[DocumentKind, ChangeClass]:
    found: dict[DocumentKind, ChangeClass] = {}
    try:
        for name, said in sorted(_pairs(values, "--class"), key=lambda pair: pair[0] != _EVERY):
            found |= dict.fromkeys(SINGLE if name == _EVERY else (document_kind(name),), ChangeClass(said))
    except ValueError as error:
        raise click.BadParameter("write DOCUMENT=A, =B or =C, such as service=B", param_hint="--class") from error
    return found


def _printed(values: Sequence[str]) -> dict[str, str]:
    found = dict(_pairs(values, "--print"))
    if unknown := found.keys() - set(PRINTED):
        raise click.BadParameter(f"{min(unknown)} stands in no text; {', '.join(PRINTED)} do", param_hint="--print")
    return found


@agreements.command(epilog=epilog(_DRAFT_EXAMPLE, "eztong agreements draft --texts ./texts --operator li.na ..."))
@click.option(
    "--texts",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with your own texts, service.zh-CN.md and so on; without it those of this version of eztong.",
)
@click.option(
    "--from",
    "starts",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day on which it comes into force, in Shanghai; without it: once it is approved.",
)
@click.option(
    "--class",
    "classes",
    multiple=True,
    metavar="DOCUMENT=A|B|C",
    help="What a change asks of holders; `all=C` says it of every document that nothing else is said of.",
)
@click.option(
    "--grace-days",
    type=int,
    default=DEFAULT_GRACE_DAYS,
    show_default=True,
    help="Grace of changes of class B, in days.",
)
@click.option(
    "--print",
    "printed",
    multiple=True,
    metavar="NAME=VALUE",
    help=f"A setting that stands in the texts and is to change: {', '.join(PRINTED)}. Change the setting itself, too, "
    "once the set is in force.",
)
@click.option("--end-notice", "ended", multiple=True, metavar="NUMBER", help="A notice that no longer belongs to it.")
@click.option("--changes-zh", required=True, help="What is new, in plain Chinese; holders are sent it.")
@click.option("--changes-en", required=True, help="The same in English.")
@by_operator()
@data_dir_option
@json_option
def draft(*, operator: Named, data_dir: Path | None, as_json: bool, **more: Any) -> None:  # noqa: ANN401 - what a draft takes
    """Draft the next set, in place of a draft that nobody has proposed.

    Texts that read as those in force stay as they are. A changed one gets the version that its file names, or the next
    number, and says what it asks of holders: A, a new consent; B, acceptance within the grace; C, to take note. A and B
    need seven days between the approval and the day on which they come into force.
    """
    settings, instead = settings_in(data_dir), _printed(more["printed"])
    starts: datetime | None = more["starts"]
    command = DraftSet(
        offered=_offered(settings, instead, more["texts"]),
        changes=parse_bilingual(more["changes_zh"], more["changes_en"]),
        classes=_classes(more["classes"]),
        ended_notices=frozenset(more["ended"]),
        starts=None if starts is None else datetime.combine(starts.date(), time(), SHANGHAI),
        grace_days=more["grace_days"],
        printed=printed_values(settings, instead),
    )
    made = perform_as(operator, data_dir, draft_set, command)
    if as_json:
        print_json(_described(made))
        return
    for member in made.changed:
        click.echo(f"{member.kind.value} {member.version} {member.change_class}")
    say(f"Set {made.number} is drafted. Compare it: eztong agreements diff {made.number}")


def _offered(settings: Settings, instead: dict[str, str], folder: Path | None) -> list[Offered]:
    values = values_to_print(settings) | instead
    offered = packaged_texts(values) if folder is None else texts_of_folder(folder, values)
    missing = set(SINGLE) - {one.kind for one in offered}
    if instead and missing:
        names = ", ".join(sorted(kind.value for kind in missing))
        raise TextsInvalid(f"With --print every text is made anew; the folder has none of: {names}.")
    return offered


@agreements.command(epilog=epilog("eztong agreements propose 2 --reason 'new contact' --operator li.na"))
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why; it goes on record. No personal data.")
@by_operator()
@data_dir_option
@json_option
def propose(*, number: int, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Propose that the draft NUMBER be published; another operator approves it with eztong proposals approve."""
    proposal = perform_as(operator, data_dir, propose_set, ProposeSet(number=number, reason=reason))
    if as_json:
        print_json(described(proposal, now=proposal.at))
        return
    click.echo(proposal.proposal_id)
    say("It waits for another operator, for seven days.")


@agreements.command("call-off", epilog=epilog(_CALL_OFF, f"{_CALL_OFF} --apply"))
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why; it goes on record. No personal data.")
@by_operator()
@data_dir_option
@apply_option
@json_option
def call_off(*, number: int, reason: str, operator: Named, data_dir: Path | None, apply: bool, as_json: bool) -> None:
    """Propose that the published set NUMBER does not come into force; another operator approves it.

    Without --apply it says when the set was to come and how many are told, and nothing is proposed.
    """
    if not apply:
        with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
            shown = _described(find_set(number, stored=stored)) | {"accounts": count_accounts(stored=stored)}
        if as_json:
            print_json(shown)
            return
        say(f"Set {number} is {shown['state']}, from {shown['in_force_from']}; {shown['accounts']} holders are told.")
        say("Nothing was proposed; add --apply to do it.")
        return
    proposal = perform_as(operator, data_dir, propose_calling_off, CallOffSet(number=number, reason=reason))
    if as_json:
        print_json(described(proposal, now=proposal.at))
        return
    click.echo(proposal.proposal_id)
    say("It waits for another operator, for seven days: eztong proposals approve.")


@agreements.command("list", epilog=epilog("eztong agreements list", "eztong agreements list --json"))
@data_dir_option
@json_option
def list_(*, data_dir: Path | None, as_json: bool) -> None:
    """List every set, the newest first."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        found = [_described(one) for one in stored.agreement_sets.list()]
    columns = {"set": "number", "state": "state", "from": "in_force_from", "drafted by": "made_by"}
    print_found(found, columns | {"published": "published_at"}, as_json=as_json)


@agreements.command(epilog=epilog("eztong agreements show 1", "eztong agreements show 1 --json"))
@click.argument("number", type=int)
@data_dir_option
@json_option
def show(*, number: int, data_dir: Path | None, as_json: bool) -> None:
    """Show the set NUMBER with its documents and the hashes of their texts."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        found = find_set(number, stored=stored)
        hashes = hashes_of(found, stored=stored)
        shown = _described(found) | {"hash": set_hash(found, hashes)}
        shown["members"] = [_member(one) | {"hashes": dict(hashes[one.kind, one.version])} for one in found.members]
    if as_json:
        print_json(shown)
        return
    for name in ("number", "state", "in_force_from", "made_by", "published_at", "hash"):
        click.echo(f"{name:14} {'' if shown[name] is None else shown[name]}")
    columns = {"document": "document", "version": "version", "asks": "change_class", "grace until": "grace_until"}
    print_found(shown["members"], columns, as_json=False, told="")


@agreements.command(epilog=epilog("eztong agreements diff 2", "eztong agreements diff 2 --language en"))
@click.argument("number", type=int)
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@data_dir_option
@json_option
def diff(*, number: int, language: str, data_dir: Path | None, as_json: bool) -> None:
    """Compare the set NUMBER with the one in force, or one that is or was in force with the one before it."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        found = find_set(number, stored=stored)
        earlier = set_before(found, stored=stored)
        changed = {
            f"{one.kind.value} {one.version}": _diff(one, earlier, language, stored=stored) for one in found.changed
        }
    if as_json:
        print_json({"number": number, "language": language, "documents": changed})
        return
    for name, lines in changed.items():
        click.echo(f"=== {name}")
        for line in lines:
            click.echo(line)


@agreements.command(epilog=epilog("eztong agreements accepted", "eztong agreements accepted --json"))
@data_dir_option
@json_option
def accepted(*, data_dir: Path | None, as_json: bool) -> None:
    """Count by which versions accounts act, and how many have to accept before they go on. Nobody is named."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        found = count_acceptances(stored=stored)
    rows = [
        {
            "document": one.kind.value,
            "version": one.version or None,
            "standing": one.standing.value,
            "accounts": one.accounts,
        }
        for one in found.versions
    ]
    if as_json:
        print_json({"accounts": found.accounts, "versions": rows})
        return
    shown = [row | {"accounts": str(row["accounts"])} for row in rows]
    columns = {"document": "document", "version": "version", "standing": "standing", "accounts": "accounts"}
    print_found(shown, columns, as_json=False)


def _diff(member: Member, earlier: AgreementSet | None, language: str, *, stored: Repositories) -> list[str]:
    before = None if earlier is None or member.kind is RuleKind.NOTICE else earlier.member(member.kind)
    old, new = _lines(before, language, stored=stored), _lines(member, language, stored=stored)
    return list(unified_diff(old, new, "before", "after", lineterm="", n=1))


def _lines(member: Member | None, language: str, *, stored: Repositories) -> list[str]:
    text = None if member is None else stored.agreements.version(member.kind, member.version, language)
    return [] if text is None else [text.title, *text.text.splitlines()]


def _described(one: AgreementSet) -> dict[str, Any]:
    return {
        "number": one.number,
        "id": one.set_id,
        "state": one.state.value,
        "in_force_from": render_time(one.in_force_from),
        "made_by": one.made_by,
        "made_at": render_time(one.made_at),
        "published_at": None if one.published_at is None else render_time(one.published_at),
        "changes": None if one.changes is None else {"zh-CN": one.changes.zh, "en": one.changes.en},
        "members": [_member(member) for member in one.members],
    }


def _member(member: Member) -> dict[str, Any]:
    return {
        "document": member.kind.value,
        "version": member.version,
        "change_class": None if member.change_class is None else member.change_class.value,
        "grace_until": None if member.grace_until is None else render_time(member.grace_until),
    }
