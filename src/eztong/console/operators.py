"""Operators: who acts for the service, with which roles; inviting, changing and disabling them."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.console.visit import SET_UP, Visit
from eztong.domain.errors import EztongError, InputInvalid, StateConflict
from eztong.domain.operators.incomplete import NameNotTyped
from eztong.domain.operators.operator import LONGEST_NAME, Operator, OperatorRole, RolesInvalid
from eztong.ports.act import Act
from eztong.ports.secret_hasher import SALT_BYTES
from eztong.usecases.operators import manage_operators, sign_in_operator
from eztong.usecases.operators.manage_operators import AddOperator, find_operator, make_operator_secret
from eztong.usecases.operators.set_up_operator import invite_operator

HOME: Final = "/console/operators"


def show(visit: Visit) -> Response:
    """List the operators, with the form for a new one."""
    return _list(visit)


def add(visit: Visit) -> Response:
    """Add an operator and show the word that invites them, once."""
    services = visit.services
    name = visit.form.get("name", "").strip().lower()[: LONGEST_NAME + 1]
    word = make_operator_secret(entropy=services.entropy)
    # Nobody ever learns this secret: the invitation is the only way in until its operator has set one up.
    unknown = make_operator_secret(entropy=services.entropy)
    hashed = services.staff_hasher.make_hash(unknown, salt=services.entropy.token(SALT_BYTES))
    command = AddOperator(name=name, roles=_roles(visit), secret_hash=hashed)
    try:
        visit.audited(lambda: services.perform(visit.acting, _add, command, word=word), subject=name)
    except (InputInvalid, StateConflict) as error:
        return _list(visit, error=error, name=name)
    return _one(visit, name, word=word)


def show_one(visit: Visit) -> Response:
    """Show one operator."""
    return _one(visit, _name(visit))


def invite(visit: Visit) -> Response:
    """Invite an operator to set themselves up anew, and show the word once."""
    word = make_operator_secret(entropy=visit.services.entropy)
    visit.perform(invite_operator, _name(visit), word=word)
    return _one(visit, _name(visit), word=word)


def change_roles(visit: Visit) -> Response:
    """Give an operator other roles."""
    try:
        visit.perform(manage_operators.change_roles, _name(visit), _roles(visit))
    except RolesInvalid as error:
        return _one(visit, _name(visit), error=error)
    return visit.redirect_done(f"{HOME}/{_name(visit)}")


def disable(visit: Visit) -> Response:
    """Disable an operator, once their name was typed.

    Raises:
        NameNotTyped: another name was typed.
    """
    if visit.form.get("typed", "").strip().lower() != _name(visit):
        raise NameNotTyped
    visit.perform(manage_operators.disable_operator, _name(visit))
    return visit.redirect_done(f"{HOME}/{_name(visit)}")


def end_sessions(visit: Visit) -> Response:
    """Sign an operator out everywhere."""
    visit.perform(sign_in_operator.end_sessions, _name(visit))
    return visit.redirect_done(f"{HOME}/{_name(visit)}")


def _add(act: Act, command: AddOperator, *, word: str) -> Operator:
    added = manage_operators.add_operator(act, command)
    return invite_operator(act, added.name, word=word)


def _name(visit: Visit) -> str:
    return str(visit.request.path_params["name"])


def _roles(visit: Visit) -> frozenset[OperatorRole]:
    return frozenset(role for role in OperatorRole if visit.form.get(f"role_{role.value}") == "yes")


def _list(visit: Visit, *, error: EztongError | None = None, name: str = "") -> Response:
    with visit.services.store.read() as stored:
        found = stored.operators.list()
    return visit.form_page(
        "operators.html",
        because=error,
        operators=found.those,
        unreadable=found.unreadable,
        roles=list(OperatorRole),
        chosen=_roles(visit),
        name=name,
    )


def _one(visit: Visit, name: str, *, word: str = "", error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        shown = find_operator(name, stored=stored)
        passkeys = stored.operator_passkeys.of_operator(name)
        sessions = [one for one in stored.operator_sessions.of_operator(name) if one.is_live(now=visit.now)]
    return visit.form_page(
        "operators_one.html",
        because=error,
        shown=shown,
        word=word,
        link=f"{visit.services.deployment.public_url}{SET_UP}",
        sessions=sessions,
        passkeys=passkeys,
        roles=list(OperatorRole),
        is_locked=shown.locked_until is not None and visit.now < shown.locked_until,
        hands=sorted(shown.hands(now=visit.now) - {shown.name}),
    )
