"""One's own page: roles, secret and second factor, and the browsers that are signed in."""

from __future__ import annotations

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.operators.permission import MAY
from eztong.ports.secret_hasher import SALT_BYTES
from eztong.usecases.operators.manage_operators import make_operator_secret, renew_secret
from eztong.usecases.operators.sign_in_operator import end_own_session
from eztong.usecases.sandbox.demo_operators import keep_demo_access


def show(visit: Visit) -> Response:
    """Show who one is here."""
    return _page(visit)


def renew(visit: Visit) -> Response:
    """Give oneself a new secret, which this page shows once."""
    services = visit.services
    secret = make_operator_secret(entropy=services.entropy)
    hashed = services.staff_hasher.make_hash(secret, salt=services.entropy.token(SALT_BYTES))
    duty = visit.on_duty
    visit.perform(renew_secret, duty.operator.name, secret_hash=hashed, staying=duty.session.session_hash)
    keep_demo_access(duty.operator.name, secret=secret, services=services)
    return _page(visit, secret=secret)


def end_session(visit: Visit) -> Response:
    """End another browser's session."""
    visit.perform(end_own_session, visit.request.path_params["session_id"])
    return visit.redirect_done("/console/me")


def _page(visit: Visit, *, secret: str = "") -> Response:
    operator = visit.on_duty.operator
    with visit.services.store.read() as stored:
        sessions = [one for one in stored.operator_sessions.of_operator(operator.name) if one.is_live(now=visit.now)]
        passkeys = stored.operator_passkeys.of_operator(operator.name)
        codes = stored.operator_passkeys.codes(operator.name)
    return visit.form_page(
        "me.html",
        passkeys=passkeys,
        left=sum(one.used_at is None for one in codes),
        has_codes=bool(codes),
        is_proven=visit.on_duty.session.is_proven(now=visit.now),
        site=visit.services.console_passkeys.site,
        secret=secret,
        sessions=sessions,
        own_id=visit.on_duty.session.session_id,
        permissions=[permission.value for permission, roles in MAY.items() if operator.roles & roles],
    )
