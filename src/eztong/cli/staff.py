"""``eztong partners staff``: who may sign in at a partner's desks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from eztong.cli.console import json_option, print_found, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.desks.staff import Staff, check_password
from eztong.domain.identifiers import PartnerId
from eztong.ports.act import Acting
from eztong.ports.secret_hasher import SALT_BYTES
from eztong.ports.services import Services
from eztong.usecases.desks.factor_rules import demand_in_sector, want_factor
from eztong.usecases.desks.manage_staff import create_staff, disable_staff, reset_password
from eztong.usecases.draw_password import make_password
from eztong.usecases.partners.find_partner import find_partner

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of making one."
)

_off_option = click.option("--off", is_flag=True, help="Require it no more.")


@click.group(epilog=epilog("eztong partners staff create hotel night-shift", "eztong partners staff list hotel"))
def staff() -> None:
    """Make, list, disable and reset the staff accounts of a partner's desks; require an authenticator app."""


@staff.command(
    epilog=epilog(
        "eztong partners staff create hotel night-shift --label 夜班",
        "eztong partners staff create hotel night-shift --password-stdin < password.txt",
    )
)
@click.argument("partner")
@click.argument("login")
@click.option("--label", default="", help="Which counter or shift this is; no person's name.")
@password_option
@by_operator(required=False)
@data_dir_option
@json_option
def create(
    *,
    partner: str,
    login: str,
    label: str,
    password_stdin: bool,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Make the account LOGIN for desks of PARTNER and print its password, which is shown this once."""
    with _hashed_password(data_dir, operator, from_stdin=password_stdin) as (services, by, shown, hashed):
        account = services.perform(by, create_staff, PartnerId(partner), login=login, label=label, password_hash=hashed)
    _print(account, shown, as_json=as_json)


@staff.command("list", epilog=epilog("eztong partners staff list hotel", "eztong partners staff list hotel --json"))
@click.argument("partner")
@data_dir_option
@json_option
def list_(partner: str, data_dir: Path | None, as_json: bool) -> None:
    """List the staff accounts of PARTNER."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        find_partner(PartnerId(partner), stored=stored)
        found = [_described(account) for account in stored.staff.list(PartnerId(partner))]
    columns = {"name": "login", "label": "label", "state": "state", "app": "app", "made": "created_at"}
    print_found(found, columns | {"account": "staff_id"}, as_json=as_json)


@staff.command(epilog=epilog("eztong partners staff disable hotel night-shift"))
@click.argument("partner")
@click.argument("login")
@by_operator(required=False)
@data_dir_option
def disable(*, partner: str, login: str, operator: Named, data_dir: Path | None) -> None:
    """Disable the account LOGIN of PARTNER: whoever is signed in with it is signed out at once."""
    perform_as(operator, data_dir, disable_staff, PartnerId(partner), login=login)
    say(f"{login} is disabled.")


@staff.command(
    epilog=epilog(
        "eztong partners staff reset hotel night-shift",
        "eztong partners staff reset hotel night-shift --app-too --operator li.na",
    )
)
@click.argument("partner")
@click.argument("login")
@password_option
@click.option("--app-too", is_flag=True, help="Take its authenticator app away as well: for a lost or changed phone.")
@by_operator(required=False)
@data_dir_option
@json_option
def reset(
    *,
    partner: str,
    login: str,
    password_stdin: bool,
    app_too: bool,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Give LOGIN of PARTNER a new password and print it this once; it also enables the account again."""
    with _hashed_password(data_dir, operator, from_stdin=password_stdin) as (services, by, shown, hashed):
        account = services.perform(
            by, reset_password, PartnerId(partner), login=login, password_hash=hashed, factor_too=app_too
        )
    _print(account, shown, as_json=as_json)


@staff.command(
    "require-app",
    epilog=epilog("eztong partners staff require-app hotel", "eztong partners staff require-app hotel --off"),
)
@click.argument("partner")
@_off_option
@by_operator(required=False)
@data_dir_option
def require_app(*, partner: str, off: bool, operator: Named, data_dir: Path | None) -> None:
    """Require an authenticator app of all staff of PARTNER's desks.

    Nobody is signed out: whoever has no app sets one up at the next sign-in. Whoever has one needs it in any case.
    """
    perform_as(operator, data_dir, want_factor, PartnerId(partner), is_wanted=not off)
    say(f"Staff of {partner} {'may have' if off else 'need'} an authenticator app.")


@staff.command(
    "require-app-in",
    epilog=epilog(
        "eztong partners staff require-app-in sector-hotel --operator li.na",
        "eztong partners staff require-app-in sector-hotel --off --operator li.na",
    ),
)
@click.argument("sector")
@_off_option
@by_operator(required=False)
@data_dir_option
def require_app_in(*, sector: str, off: bool, operator: Named, data_dir: Path | None) -> None:
    """Require an authenticator app of the staff of every partner of SECTOR, whatever each partner chose.

    `eztong partners show` names the sector of a partner, and whether its staff need an app.
    """
    perform_as(operator, data_dir, demand_in_sector, sector, is_demanded=not off)
    say(f"In {sector} {'each partner chooses' if off else 'staff of desks need an authenticator app'}.")


@contextmanager
def _hashed_password(
    data_dir: Path | None, operator: Named, *, from_stdin: bool
) -> Iterator[tuple[Services, Acting, str | None, str]]:
    """Open the service; give it, who acts, the password to be shown (None: it was given), and what is stored of it."""
    with opened(settings_in(data_dir)) as built:
        services = built.services
        by = operator.proven(built)
        given = check_password(_read_password()) if from_stdin else None
        password = given or make_password(entropy=services.entropy)
        hashed = services.staff_hasher.make_hash(password, salt=services.entropy.token(SALT_BYTES))
        yield services, by, None if given else password, hashed


def _read_password() -> str:
    if sys.stdin.isatty():
        asked: str = click.prompt("Password", hide_input=True, err=True)
        return asked
    return sys.stdin.readline().rstrip("\r\n")


def _print(account: Staff, password: str | None, *, as_json: bool) -> None:
    if as_json:
        print_json(_described(account) | ({} if password is None else {"password": password}))
        return
    if password is not None:
        click.echo(password)
        say(f"This is the password of {account.login}. It is shown only now.")
    else:
        say(f"{account.login} has the password that was given.")


def _described(account: Staff) -> dict[str, Any]:
    return {
        "login": account.login,
        "label": account.label,
        "state": account.state.value,
        "app": account.is_set_up,
        "created_at": render_time(account.created_at),
        "staff_id": account.staff_id,
    }
