"""``eztong partners apply``, ``applications``, ``review``, ``approve`` and others: what organisations ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click

from eztong.cli.console import json_option, print_found, print_json, render_value, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.partners.life_cycle import reason_option
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.partners.application import ApplicantStep, HandedIn, PartnerApplication, ReviewItem, WantedScene
from eztong.domain.partners.application_document import parse_application
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.partners.apply_as_partner import (
    apply_as_partner,
    find_partner_application,
    open_partner_contact,
    sector_id_of,
    supplement_application,
    withdraw_partner_application,
)
from eztong.usecases.partners.review_partner import ReviewPartner, approve_partner, ask_partner, refuse_partner

F = TypeVar("F", bound=Callable[..., Any])
_MOST = 500
_ITEMS = click.Choice([item.value for item in ReviewItem])


def _items(flag: str, help_: str) -> Callable[[F], F]:
    return click.option(flag, "items", multiple=True, type=_ITEMS, help=f"{help_} Repeatable.")


@click.command("apply", epilog=epilog("eztong partners apply bank.json --operator li.na"))
@click.argument("file", type=click.File("rb"))
@by_operator(required=False)
@data_dir_option
@json_option
def apply_(*, file: BinaryIO, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Hand in FILE, an organisation's application as JSON; docs/partners.md has one to begin from.

    It takes a new partner id, or asks for more for a partner that is there. It waits for a review.
    """
    application = perform_as(operator, data_dir, apply_as_partner, _read(file))
    _say(application, f"It waits for a review: eztong partners review {application.application_id}", as_json=as_json)


@click.command(epilog=epilog("eztong partners supplement pap_01... bank.json --operator li.na"))
@click.argument("application_id")
@click.argument("file", type=click.File("rb"))
@by_operator(required=False)
@data_dir_option
@json_option
def supplement(*, application_id: str, file: BinaryIO, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Answer what was asked about APPLICATION_ID: FILE is the whole application as it is now."""
    application = perform_as(operator, data_dir, supplement_application, application_id, _read(file))
    _say(application, "It waits for a review again.", as_json=as_json)


@click.command(epilog=epilog("eztong partners withdraw pap_01... --reason 'by letter' --operator li.na"))
@click.argument("application_id")
@reason_option
@by_operator(required=False)
@data_dir_option
@json_option
def withdraw(*, application_id: str, reason: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Withdraw APPLICATION_ID, since the organisation no longer wants it."""
    application = perform_as(operator, data_dir, withdraw_partner_application, application_id, reason=reason)
    _say(application, "It is withdrawn; the organisation may apply again.", as_json=as_json)


@click.command(epilog=epilog("eztong partners applications", "eztong partners applications --all --json"))
@click.option("--all", "everything", is_flag=True, help="Also those that were decided or withdrawn, newest first.")
@data_dir_option
@json_option
def applications(*, everything: bool, data_dir: Path | None, as_json: bool) -> None:
    """List the applications of organisations that wait, the oldest first."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        waiting = stored.partner_applications
        found = waiting.list(limit=_MOST) if everything else waiting.waiting(limit=_MOST)
    columns = {"application": "application_id", "partner": "partner", "name": "name", "state": "state"}
    rest = {"scenes": "scenes", "handed in": "applied_at"}
    print_found([_brief(one) for one in found.those], columns | rest, as_json=as_json, told="wait for a review")
    say_unreadable(found.unreadable)


@click.command(epilog=epilog("eztong partners review pap_01... --operator li.na --json"))
@click.argument("application_id")
@by_operator(required=False)
@data_dir_option
@json_option
def review(*, application_id: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Show APPLICATION_ID whole: what it asks for, its assessments, its contact, what was done with it.

    The contact is a person: it is shown to an operator by name, of role partners or system.
    """
    with opened(settings_in(data_dir)) as built:
        contact = built.services.perform(operator.proven(built), open_partner_contact, application_id)
        with built.services.store.read() as stored:
            application = find_partner_application(application_id, stored=stored)
            shown = _whole(application, stored=stored)
        shown["contact"] = None if contact is None else {"person": contact.person, "email": contact.email.value}
    if as_json:
        print_json(shown)
        return
    for name, value in shown.items():
        values = value if isinstance(value, list) else [value]
        click.echo(f"{name:16} " + (f"\n{'':16} ".join(render_value(item) for item in values) or "none"))


@click.command(
    epilog=epilog(
        "eztong partners approve pap_01... --checked organisation --checked contact --checked sector \\",
        "    --checked purposes --checked claims --checked assessments --checked addresses \\",
        "    --checked contract \\",
        "    --reason 'looked up and called' --operator li.na",
    )
)
@click.argument("application_id")
@_items("--checked", "An item of the checklist that you looked at and found right; all are needed.")
@reason_option
@by_operator(required=False)
@data_dir_option
@json_option
def approve(
    *,
    application_id: str,
    items: Sequence[str],
    reason: str,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Approve APPLICATION_ID for the sandbox: its scenes are approved, and its networks and addresses hold."""
    command = _command(application_id, items, reason)
    months = settings_in(data_dir).recheck_months
    application = perform_as(operator, data_dir, approve_partner, command, recheck_months=months)
    _say(application, f"Approved. Next: eztong partners go-live {application.partner_id}", as_json=as_json)


@click.command(
    epilog=epilog("eztong partners refuse pap_01... --wrong purposes --reason 'no purpose' --operator li.na")
)
@click.argument("application_id")
@_items("--wrong", "An item of the checklist that is not right.")
@reason_option
@by_operator(required=False)
@data_dir_option
@json_option
def refuse(
    *,
    application_id: str,
    items: Sequence[str],
    reason: str,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Refuse APPLICATION_ID; the organisation may hand in another one."""
    application = _decided(refuse_partner, application_id, items, reason, operator=operator, data_dir=data_dir)
    _say(application, "Refused; the organisation may apply again.", as_json=as_json)


@click.command(epilog=epilog("eztong partners ask pap_01... --about claims --reason 'why an age?' --operator li.na"))
@click.argument("application_id")
@_items("--about", "An item of the checklist that more is needed for.")
@reason_option
@by_operator(required=False)
@data_dir_option
@json_option
def ask(
    *,
    application_id: str,
    items: Sequence[str],
    reason: str,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Ask the organisation of APPLICATION_ID for more; --reason says what."""
    application = _decided(ask_partner, application_id, items, reason, operator=operator, data_dir=data_dir)
    _say(application, f"It waits for: eztong partners supplement {application.application_id} FILE", as_json=as_json)


def _decided(
    use_case: Callable[[Act, ReviewPartner], PartnerApplication],
    application_id: str,
    items: Sequence[str],
    reason: str,
    *,
    operator: Named,
    data_dir: Path | None,
) -> PartnerApplication:
    return perform_as(operator, data_dir, use_case, _command(application_id, items, reason))


def _command(application_id: str, items: Sequence[str], reason: str) -> ReviewPartner:
    return ReviewPartner(
        application_id=application_id, items=frozenset(ReviewItem(item) for item in items), reason=reason
    )


def _read(file: BinaryIO) -> HandedIn:
    return parse_application(file.read())


def _say(application: PartnerApplication, message: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_brief(application))
        return
    click.echo(application.application_id)
    say(message)


def _brief(application: PartnerApplication) -> dict[str, Any]:
    wanted = application.wanted
    return {
        "application_id": application.application_id,
        "partner": application.partner_id,
        "name": wanted.name,
        "name_en": wanted.name_en,
        "credit_code": application.credit_code,
        "state": application.state.value,
        "scenes": [scene.scene for scene in wanted.scenes],
        "applied_at": render_time(application.applied_at),
        "ended_at": None if application.ended_at is None else render_time(application.ended_at),
    }


def _whole(application: PartnerApplication, *, stored: Repositories) -> dict[str, Any]:
    wanted = application.wanted
    sector = sector_id_of(wanted.sector)
    others = [
        one.partner_id
        for one in stored.partners.list().those
        if one.sector_id == sector and one.partner_id != application.partner_id
    ]
    return _brief(application) | {
        "sector": wanted.sector,
        "shares_codes_with": others,
        "networks": list(wanted.networks),
        "redirects": list(wanted.redirects),
        "scenes": [_scene(scene) for scene in wanted.scenes],
        "steps": [_step(step) for step in stored.partner_applications.steps(application.application_id)],
    }


def _scene(scene: WantedScene) -> dict[str, Any]:
    assessment = scene.assessment
    return {
        "id": scene.scene,
        "title": scene.title,
        "title_en": scene.title_en,
        "purpose": scene.purpose,
        "purpose_en": scene.purpose_en,
        "floor": scene.floor.value,
        "claims": sorted(claim.value for claim in scene.claims),
        "lawful_legitimate_necessary": assessment.lawful_legitimate_necessary,
        "impact_on_rights_and_risk": assessment.impact_on_rights_and_risk,
        "protective_measures": assessment.protective_measures,
    }


def _step(step: ApplicantStep) -> dict[str, Any]:
    return {
        "kind": step.kind.value,
        "at": render_time(step.at),
        "operator": step.operator,
        "items": sorted(item.value for item in step.items),
        "reason": step.reason,
    }
