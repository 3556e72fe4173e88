"""``eztong partners webhooks``: where partners' servers hear of events, and what became of each delivery."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import click

from eztong.cli.console import apply_option, json_option, print_found, print_json, render_value, say, say_unreadable
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import WholeNumber, data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.identifiers import PartnerId
from eztong.domain.webhooks.endpoint import DisabledBecause, EndpointId
from eztong.domain.webhooks.event import CHOOSABLE, MessageId, choose_types
from eztong.ports.act import Act
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.webhooks.described import describe_delivery, describe_endpoint, describe_with_log
from eztong.usecases.webhooks.find_endpoint import find_endpoint
from eztong.usecases.webhooks.for_staff import keep_webhook
from eztong.usecases.webhooks.manage_endpoints import (
    AddEndpoint,
    WithSecret,
    add_endpoint,
    disable_endpoint,
    enable_endpoint,
    remove_endpoint,
    rotate_secret,
)
from eztong.usecases.webhooks.read_deliveries import read_deliveries, read_delivery
from eztong.usecases.webhooks.send_again import resend_delivery, send_test

P = ParamSpec("P")
T = TypeVar("T")
_MOST = 200


@click.group(
    epilog=epilog(
        "eztong partners webhooks add hotel --url https://hotel.example/hooks --operator li.na",
        "eztong partners webhooks list hotel",
    )
)
def webhooks() -> None:
    """Add, list and switch endpoints of partners' servers, try them, and send again what did not arrive."""


@webhooks.command(
    epilog=epilog(
        "eztong partners webhooks add hotel --url https://hotel.example/hooks --operator li.na",
        "eztong partners webhooks add hotel --url https://hotel.example/hooks --event request.finished",
    )
)
@click.argument("partner")
@click.option("--url", required=True, help="Address that is called; https, in a sandbox also http.")
@click.option(
    "--event",
    "events",
    multiple=True,
    metavar="EVENT",
    type=click.Choice([one.value for one in CHOOSABLE]),
    help=f"An event that it is told of; repeatable: {', '.join(CHOOSABLE)}. [default: all]",
)
@by_operator(required=False)
@data_dir_option
@json_option
def add(
    *, partner: str, url: str, events: Sequence[str], operator: Named, data_dir: Path | None, as_json: bool
) -> None:
    """Add an endpoint for PARTNER and print its secret, by which its server checks what it is sent."""
    with opened(settings_in(data_dir)) as built:
        services = built.services
        command = AddEndpoint(
            partner_id=PartnerId(partner),
            url=url,
            event_types=choose_types(events or CHOOSABLE),
            allow_http=services.deployment.is_sandbox,
        )
        added = services.perform(operator.proven(built), keep_webhook, partner, add_endpoint, command)
    _print_secret(added, as_json=as_json)


@webhooks.command("list", epilog=epilog("eztong partners webhooks list hotel --json"))
@click.argument("partner")
@data_dir_option
@json_option
def list_(partner: str, data_dir: Path | None, as_json: bool) -> None:
    """List the endpoints of PARTNER, without their secrets."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        find_partner(PartnerId(partner), stored=stored)
        now = built.services.clock.now()
        listed = stored.webhook_endpoints.list(PartnerId(partner))
    found = [describe_endpoint(one, now=now) for one in listed.those]
    columns = {"endpoint": "id", "address": "url", "state": "state", "arrived last": "delivered_at"}
    print_found(found, columns | {"failures since": "failures", "notice": "notice"}, as_json=as_json)
    say_unreadable(listed.unreadable)


@webhooks.command(epilog=epilog("eztong partners webhooks show hotel wep_01KF..."))
@click.argument("partner")
@click.argument("endpoint")
@data_dir_option
@json_option
def show(partner: str, endpoint: str, data_dir: Path | None, as_json: bool) -> None:
    """Show the endpoint ENDPOINT of PARTNER with its public key, without its secret."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        found = find_endpoint(PartnerId(partner), EndpointId(endpoint), stored=stored)
        shown = describe_endpoint(found, now=built.services.clock.now())
    if as_json:
        print_json(shown)
        return
    for name, value in shown.items():
        click.echo(f"{name:22} {render_value(value)}")


@webhooks.command(
    "rotate-secret",
    epilog=epilog(
        "eztong partners webhooks rotate-secret hotel wep_01KF... --operator li.na",
        "eztong partners webhooks rotate-secret hotel wep_01KF... --at-once",
    ),
)
@click.argument("partner")
@click.argument("endpoint")
@click.option("--at-once", is_flag=True, help="End the old secret now: somebody else knows it.")
@by_operator(required=False)
@data_dir_option
@json_option
def rotate(
    *, partner: str, endpoint: str, at_once: bool, operator: Named, data_dir: Path | None, as_json: bool
) -> None:
    """Give ENDPOINT of PARTNER a new secret and print it. The old one signs beside it for 24 hours."""
    rotated = perform_as(
        operator,
        data_dir,
        keep_webhook,
        endpoint,
        rotate_secret,
        PartnerId(partner),
        EndpointId(endpoint),
        at_once=at_once,
    )
    _print_secret(rotated, as_json=as_json)


@webhooks.command(epilog=epilog("eztong partners webhooks disable hotel wep_01KF... --operator li.na"))
@click.argument("partner")
@click.argument("endpoint")
@by_operator(required=False)
@data_dir_option
def disable(*, partner: str, endpoint: str, operator: Named, data_dir: Path | None) -> None:
    """Switch ENDPOINT of PARTNER off. What waits for it is given up, and can be sent again."""
    because = DisabledBecause.OPERATOR
    perform_as(
        operator, data_dir, keep_webhook, endpoint, disable_endpoint, PartnerId(partner), EndpointId(endpoint), because
    )
    say(f"{endpoint} is disabled.")


@webhooks.command(epilog=epilog("eztong partners webhooks enable hotel wep_01KF... --operator li.na"))
@click.argument("partner")
@click.argument("endpoint")
@by_operator(required=False)
@data_dir_option
def enable(*, partner: str, endpoint: str, operator: Named, data_dir: Path | None) -> None:
    """Switch ENDPOINT of PARTNER on: it hears of what happens from now on."""
    _keep(operator, data_dir, (partner, endpoint), enable_endpoint)
    say(f"{endpoint} is active. To try it: eztong partners webhooks test {partner} {endpoint}")


@webhooks.command(epilog=epilog("eztong partners webhooks remove hotel wep_01KF... --apply --operator li.na"))
@click.argument("partner")
@click.argument("endpoint")
@apply_option
@by_operator(required=False)
@data_dir_option
def remove(*, partner: str, endpoint: str, apply: bool, operator: Named, data_dir: Path | None) -> None:
    """Remove ENDPOINT of PARTNER with its secret, what waits for it, and its delivery log."""
    if not apply:
        say(f"{endpoint} would be removed with its secret and its delivery log. To do it, add --apply.")
        return
    _keep(operator, data_dir, (partner, endpoint), remove_endpoint)
    say(f"{endpoint} is removed.")


@webhooks.command(epilog=epilog("eztong partners webhooks test hotel wep_01KF... --operator li.na"))
@click.argument("partner")
@click.argument("endpoint")
@by_operator(required=False)
@data_dir_option
@json_option
def test(*, partner: str, endpoint: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Send a test event to ENDPOINT of PARTNER; the running service delivers it."""
    delivery = perform_as(
        operator, data_dir, keep_webhook, endpoint, send_test, PartnerId(partner), EndpointId(endpoint)
    )
    if as_json:
        print_json(describe_delivery(delivery))
        return
    say(f"{delivery.message_id} is queued. What became of it: eztong partners webhooks deliveries {partner} {endpoint}")


@webhooks.command(
    epilog=epilog(
        "eztong partners webhooks deliveries hotel wep_01KF...",
        "eztong partners webhooks deliveries hotel wep_... --message msg_... --json",
    )
)
@click.argument("partner")
@click.argument("endpoint")
@click.option("--message", help="Show this delivery alone, with what was sent and how each try went.")
@click.option("--limit", type=WholeNumber(1, _MOST), default=20, show_default=True, help="How many, newest first.")
@data_dir_option
@json_option
def deliveries(
    *, partner: str, endpoint: str, message: str | None, limit: int, data_dir: Path | None, as_json: bool
) -> None:
    """List what ENDPOINT of PARTNER was told within 30 days, and whether it arrived."""
    whose = (PartnerId(partner), EndpointId(endpoint))
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        now = built.services.clock.now()
        if message is not None:
            one = describe_with_log(*read_delivery(*whose, MessageId(message), stored=stored, now=now))
            _print_delivery(one, as_json=as_json)
            return
        page = read_deliveries(*whose, before=None, limit=limit, stored=stored, now=now)
    found = [describe_delivery(one) for one in page.listed.those]
    columns = {"message": "id", "event": "type", "state": "state", "due": "due_at", "tries": "attempts"}
    print_found(found, columns | {"failure": "failure", "tried next": "next_attempt_at"}, as_json=as_json)
    say_unreadable(page.listed.unreadable)


@webhooks.command(epilog=epilog("eztong partners webhooks resend hotel wep_01KF... msg_... --operator li.na"))
@click.argument("partner")
@click.argument("endpoint")
@click.argument("message")
@by_operator(required=False)
@data_dir_option
@json_option
def resend(*, partner: str, endpoint: str, message: str, operator: Named, data_dir: Path | None, as_json: bool) -> None:
    """Send MESSAGE to ENDPOINT of PARTNER again, under the same id, trying for three days more."""
    sent = perform_as(
        operator,
        data_dir,
        keep_webhook,
        endpoint,
        resend_delivery,
        PartnerId(partner),
        EndpointId(endpoint),
        MessageId(message),
    )
    if as_json:
        print_json(describe_delivery(sent))
        return
    say(f"{message} is queued again.")


def _keep(
    operator: Named,
    data_dir: Path | None,
    whose: tuple[str, str],
    use_case: Callable[Concatenate[Act, PartnerId, EndpointId, P], T],
    /,
    *args: P.args,
    **more: P.kwargs,
) -> T:
    """Do with the endpoint of a partner what that may do, as the operator who is named."""
    partner, endpoint = PartnerId(whose[0]), EndpointId(whose[1])
    return perform_as(operator, data_dir, keep_webhook, endpoint, use_case, partner, endpoint, *args, **more)


def _print_delivery(found: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        values = value if isinstance(value, list) else [value]
        click.echo(f"{name:16} " + (f"\n{'':16} ".join(render_value(item) for item in values) or "none"))


def _print_secret(found: WithSecret, *, as_json: bool) -> None:
    endpoint = found.endpoint
    if as_json:
        print_json(describe_endpoint(endpoint, now=endpoint.secret_made_at) | {"secret": found.secret})
        return
    click.echo(f"Endpoint    {endpoint.endpoint_id}\nSecret      {found.secret}\nPublic key  {endpoint.public_key}")
    say("The secret is shown only now. Its server checks with it, or with the public key, what it is sent.")
