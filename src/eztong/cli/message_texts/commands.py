"""``eztong texts``: what messages say: shown, replaced, and published by a second operator."""

from __future__ import annotations

from pathlib import Path

import click

from eztong.cli.console import apply_option, json_option, print_found, print_json, print_rows, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.operators.proposals import described
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.message_texts.sms_length import sms_length
from eztong.domain.message_texts.version import TextUnknown, TextVersion
from eztong.domain.message_texts.wording import Wording, parse_wording
from eztong.i18n.message_samples import sample_text
from eztong.i18n.message_texts import OWN_TEXTS
from eztong.i18n.translator import LANGUAGES
from eztong.usecases.message_texts.publish_text import (
    ProposeText,
    open_proposal_of_text,
    propose_text,
    texts_in_force,
)
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal

_SHOWN = 50
_SET = "eztong texts set test --zh 测试 --en Test --reason shorter --operator li"
_BACK = "eztong texts set test --own --reason 'as it was' --operator li --apply"
_PUBLISH = "eztong texts publish txt_01... --reason 'as agreed' --operator wang"
_reason_option = click.option("--reason", required=True, help="Why; it goes on record. No personal data.")


@click.group(epilog=epilog("eztong texts list", _SET, f"{_SET} --apply", _PUBLISH))
def texts() -> None:
    """Say in words of yours what messages and notices tell holders. It takes two operators."""


@texts.command("list", epilog=epilog("eztong texts list", "eztong texts list --json"))
@data_dir_option
@json_option
def list_(*, data_dir: Path | None, as_json: bool) -> None:
    """List every text by its name, whether it was replaced, and how many SMS it takes in each language."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        in_force = texts_in_force(stored=stored)
    rows = [_listed(text_id, in_force.wording(text_id)) for text_id in OWN_TEXTS]
    print_found(rows, {"text": "text", "state": "state", "SMS zh": "sms_zh", "SMS en": "sms_en"}, as_json=as_json)


@texts.command(epilog=epilog("eztong texts show otp", "eztong texts show otp --json"))
@click.argument("text")
@data_dir_option
@json_option
def show(*, text: str, data_dir: Path | None, as_json: bool) -> None:
    """Show what TEXT says, the program's own beside what replaces it, and its newest versions."""
    own = _own(text)
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        in_force = texts_in_force(stored=stored).wording(text)
        versions = stored.text_versions.of_text(text, limit=_SHOWN)
    rows = [_version(one) for one in versions.those]
    if as_json:
        print_json(_listed(text, in_force) | {"own": _said(own), "replaced_by": _said(in_force), "versions": rows})
        return
    print_rows(("language", "program's own", "in its place"), [(a, b, in_force.text(a)) for a, b in own.said()])
    columns = {"version": "version", "state": "state", "published": "published_at", "proposed by": "made_by"}
    print_found(rows, columns | {"Chinese": "zh", "English": "en"}, as_json=False)
    say_unreadable(versions.unreadable)


@texts.command("set", epilog=epilog(_SET, f"{_SET} --apply", _BACK))
@click.argument("text")
@click.option("--zh", default="", help="What it says in Chinese, with the program's placeholders in braces.")
@click.option("--en", default="", help="The same in English.")
@click.option("--own", "is_own", is_flag=True, help="The program's own text again.")
@_reason_option
@by_operator()
@data_dir_option
@apply_option
@json_option
def set_(
    *, text: str, is_own: bool, operator: Named, data_dir: Path | None, apply: bool, as_json: bool, **said: str
) -> None:
    """Propose what TEXT says; another operator publishes it.

    Without --apply it is checked and shown with samples in its placeholders, and nothing is proposed.
    """
    if is_own == bool(said["zh"] or said["en"]):
        raise click.UsageError("Give --zh and --en, or --own.")
    wanted = Wording() if is_own else parse_wording(said["zh"], said["en"], own=_own(text))
    if not apply:
        _print_samples(text, wanted, as_json=as_json)
        return
    command = ProposeText(text_id=text, zh=wanted.zh, en=wanted.en, reason=said["reason"])
    with opened(settings_in(data_dir)) as built:
        made, proposal = built.services.perform(operator.proven(built), propose_text, command, own=OWN_TEXTS)
    if as_json:
        print_json(_version(made) | described(proposal, now=proposal.at))
        return
    click.echo(made.version_id)
    say("It waits for another operator, for seven days: eztong texts publish.")


@texts.command(epilog=epilog(_PUBLISH))
@click.argument("version")
@_reason_option
@by_operator()
@data_dir_option
@json_option
def publish(*, version: str, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Publish VERSION, which another operator proposed: messages say it within seconds."""
    with opened(settings_in(data_dir)) as built:
        by = operator.proven(built)
        with built.services.store.read() as stored:
            proposal = open_proposal_of_text(version, stored=stored)
        command = DecideProposal(proposal_id=proposal.proposal_id, approve=True, reason=reason)
        decided = built.services.perform(by, decide_proposal, command, calendar=built.services.deployment.calendar)
    if as_json:
        print_json(described(decided, now=decided.at))
        return
    say(f"{version} is published.")


def _own(text: str) -> Wording:
    if text not in OWN_TEXTS:
        raise TextUnknown
    return OWN_TEXTS[text]


def _listed(text_id: str, wording: Wording) -> dict[str, object]:
    own = OWN_TEXTS[text_id]
    state = "own" if wording.is_own else "replaced" if wording.fits(own) else "unfit"
    says = wording if state == "replaced" else own
    return {"text": text_id, "state": state} | {
        f"sms_{language[:2]}": sms_length(sample_text(text_id, says.text(language), language=language)).segments
        for language in LANGUAGES
    }


def _said(wording: Wording) -> dict[str, str]:
    return dict(wording.said())


def _print_samples(text_id: str, wanted: Wording, *, as_json: bool) -> None:
    shown = _own(text_id) if wanted.is_own else wanted
    rows = []
    for language in LANGUAGES:
        sample = sample_text(text_id, shown.text(language), language=language)
        rows.append({"language": language, "sample": sample, "sms": sms_length(sample).segments})
    print_found(rows, {"language": "language", "with samples": "sample", "SMS": "sms"}, as_json=as_json)
    if not as_json:
        say("Nothing was proposed; add --apply to do it.")


def _version(version: TextVersion) -> dict[str, str | None]:
    return {
        "version": version.version_id,
        "text": version.text_id,
        "state": version.state.value,
        "zh": version.wording.zh,
        "en": version.wording.en,
        "made_by": version.made_by,
        "made_at": render_time(version.made_at),
        "published_at": None if version.published_at is None else render_time(version.published_at),
    }
