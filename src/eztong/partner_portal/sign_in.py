"""People of a partner sign in with name, secret and one-time code, and sign out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.domain.errors import EztongError, InputInvalid, NotPermitted, SessionMissing, TooMany
from eztong.domain.portal.person import LONGEST_LOGIN
from eztong.http.cookies import new_token
from eztong.http.limits import hit_network
from eztong.pages.set_up_offers import LONGEST_SECRET, typed_code
from eztong.partner_portal.visit import Visit
from eztong.ports.limiter import Limit
from eztong.usecases.portal.sign_in_person import SignInPerson, sign_in_person, sign_out_person
from eztong.usecases.sandbox.demo_people import PERSON_APP_SETTING, PERSON_SECRET_SETTING, demo_people

TRIES_BY_ADDRESS: Final = Limit("portal_sign_ins", 60, 900)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of the sandbox, to be tried out, with a code that works now; empty if none does for a moment."""

    login: str
    role: str
    secret: str
    code: str


def ask(visit: Visit) -> Response:
    """Ask for name, secret and code; whoever is signed in goes on to the portal."""
    try:
        visit.read_session()
    except SessionMissing:
        return _form(visit, login=visit.form.get("name", "")[:LONGEST_LOGIN])
    return visit.redirect(visit.way_back)


def sign_in(visit: Visit) -> Response:
    """Begin a session under a fresh token."""
    services = visit.services
    login, token = visit.form.get("name", "").strip()[: LONGEST_LOGIN + 1], new_token(entropy=services.entropy)
    command = SignInPerson(
        login=login,
        secret=visit.form.get("secret", "")[: LONGEST_SECRET + 1],
        code=typed_code(visit.form),
        token=token,
        network=visit.network,
    )
    try:
        hit_network(services.limiter, TRIES_BY_ADDRESS, visit.address)
        sign_in_person(command, by=visit.at, services=services)
    except (NotPermitted, TooMany, InputInvalid) as error:
        return _form(visit, error=error, login=login)
    response = visit.redirect(visit.way_back)
    visit.door.cookies.keep_session(response, token)
    return response


def sign_out(visit: Visit) -> Response:
    """End the session on the server and in the browser."""
    visit.services.perform(visit.acting, sign_out_person, visit.signed_in.session)
    response = visit.redirect(visit.door.plan.sign_in)
    visit.door.cookies.drop_session(response)
    return response


def _form(visit: Visit, *, error: EztongError | None = None, login: str = "") -> Response:
    return visit.form_page("sign_in.html", because=error, login=login, demos=demos(visit), way_back=visit.way_back)


def demos(visit: Visit) -> list[DemoPerson]:
    """Return the sandbox's own people with what signs them in, or proves them, now; live nobody."""
    if not visit.services.deployment.is_sandbox:
        return []
    with visit.services.store.read() as stored:
        secret, app = stored.settings.get(PERSON_SECRET_SETTING), stored.settings.get(PERSON_APP_SETTING)
        found = demo_people(stored=stored)
    if secret is None or app is None:
        return []
    codes = visit.services.one_time_codes
    now, key = codes.step(), bytes.fromhex(app)
    # A code is taken once; that of the next half minute is taken already, so there are two in quick succession.
    steps = [(one, max(now, (one.used_step or 0) + 1)) for one in found]
    return [
        DemoPerson(one.login, one.role.value, secret, codes.code_of(key, step) if step <= now + 1 else "")
        for one, step in steps
    ]
