"""Operators sign in with name, secret and one-time code, and sign out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.console.visit import SET_UP, Visit
from eztong.domain.errors import EztongError, InputInvalid, NotPermitted, SessionMissing, TooMany
from eztong.domain.operators.operator import LONGEST_NAME, Operator
from eztong.domain.operators.session import SecondFactorMissing
from eztong.http.cookies import new_token
from eztong.http.limits import hit_network
from eztong.pages.set_up_offers import LONGEST_SECRET, typed_code
from eztong.ports.limiter import Limit
from eztong.usecases.operators.set_up_operator import may_have_first
from eztong.usecases.operators.sign_in_operator import SignInOperator, sign_in_operator, sign_out_operator
from eztong.usecases.sandbox.demo_operators import DEMO_OPERATORS, demo_app, demo_secret

TRIES_BY_ADDRESS: Final = Limit("console_sign_ins", 60, 900)


@dataclass(frozen=True, slots=True)
class DemoOperator:
    """An operator of the sandbox, to be tried out, with a code that works now; empty if none does for a moment."""

    name: str
    secret: str
    code: str


def ask(visit: Visit) -> Response:
    """Ask for name, secret and code; whoever is signed in goes on to the console."""
    try:
        visit.read_duty()
    except SessionMissing:
        return _form(visit, name=visit.form.get("name", "")[:LONGEST_NAME])
    return visit.redirect(visit.way_back)


def sign_in(visit: Visit) -> Response:
    """Begin a session under a fresh token."""
    services = visit.services
    name = visit.form.get("name", "").strip().lower()[: LONGEST_NAME + 1]
    token = new_token(entropy=services.entropy)
    command = SignInOperator(
        name=name,
        secret=visit.form.get("secret", "")[: LONGEST_SECRET + 1],
        code=typed_code(visit.form),
        token=token,
        network=visit.network,
    )
    try:
        hit_network(services.limiter, TRIES_BY_ADDRESS, visit.address)
        sign_in_operator(command, by=visit.at, services=services)
    except SecondFactorMissing:
        return visit.redirect(SET_UP)
    except (NotPermitted, TooMany, InputInvalid) as error:
        return _form(visit, error=error, name=name)
    response = visit.redirect(visit.way_back)
    visit.door.cookies.keep_session(response, token)
    return response


def sign_out(visit: Visit) -> Response:
    """End the session on the server and in the browser."""
    visit.services.perform(visit.acting, sign_out_operator, visit.on_duty.session.session_hash)
    response = visit.redirect(visit.door.plan.sign_in)
    visit.door.cookies.drop_session(response)
    return response


def _form(visit: Visit, *, error: EztongError | None = None, name: str = "") -> Response:
    with visit.services.store.read() as stored:
        is_new = may_have_first(stored)
    return visit.form_page(
        "sign_in.html",
        because=error,
        name=name,
        demos=_demos(visit),
        way_back=visit.way_back,
        site=visit.services.console_passkeys.site,
        is_new=is_new,
    )


def _demos(visit: Visit) -> list[DemoOperator]:
    if not visit.services.deployment.is_sandbox:
        return []
    with visit.services.store.read() as stored:
        found = [
            (one, demo_secret(name, stored=stored), demo_app(name, stored=stored))
            for name in DEMO_OPERATORS
            if (one := stored.operators.get(name)) is not None
        ]
    return [
        DemoOperator(one.name, secret, _code(visit, one, app))
        for one, secret, app in found
        if secret and app is not None
    ]


def _code(visit: Visit, operator: Operator, app: bytes) -> str:
    codes = visit.services.one_time_codes
    now = codes.step()
    # A code is taken once; that of the next half minute is taken already, so there are two in quick succession.
    step = max(now, (operator.used_step or 0) + 1)
    return codes.code_of(app, step) if step <= now + 1 else ""
