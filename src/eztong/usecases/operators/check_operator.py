"""Who acts as operator in this act: proven before it, and read again inside."""

from __future__ import annotations

from collections.abc import Sequence

from eztong.domain.events import Actor
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.audit import AuditDoor, AuditStep
from eztong.domain.operators.operator import Operator, OperatorNeeded, OperatorRefused
from eztong.domain.operators.permission import GRAVE, Permission, check_may
from eztong.domain.operators.session import ProofNeeded
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.operators.note_audit import Audited, note_audit


def check_operator(act: Act, permission: Permission, subject: str = "") -> Operator:
    """Return the operator who acts, who may do this, and put into the audit that it is done.

    The entry is committed with what is done, or not at all: nobody does anything as operator without one.

    Args:
        act: What is being done, and by whom.
        permission: What that is.
        subject: The id of what it is done to, as far as it is known already.

    Raises:
        OperatorNeeded: nobody in particular acts.
        OperatorRefused: there is no such operator any more who may act.
        RoleMissing: none of the roles.
        ProofNeeded: it is grave, and the browser's session was not proven lately.
    """
    operator = who_may(act, permission)
    if permission in GRAVE:
        check_proven(act)
    note_audit(act, Audited(step=AuditStep.DONE, what=permission.value, roles=operator.roles, subject=subject))
    return operator


def check_proven(act: Act) -> None:
    """Refuse what a session alone may not do: its operator proves a second factor first.

    A command is given with the operator's secret each time, and has no session.

    Raises:
        ProofNeeded: the act comes from the console, from a session that was not proven within the last minutes.
    """
    if act.by.door is not AuditDoor.CONSOLE:
        return
    session = act.uow.operator_sessions.get(act.by.session)
    if session is None or session.operator != act.by.name or not session.is_proven(now=act.now):
        raise ProofNeeded


def who_may(act: Act, permission: Permission) -> Operator:
    """Return the operator who acts, who may do this: for a look beforehand, of which the act itself makes the entry.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: as :func:`check_operator` says.
    """
    if act.by.actor is not Actor.OPERATOR or not act.by.name:
        raise OperatorNeeded
    operator = act.uow.operators.get(act.by.name)
    if operator is None or not operator.is_active:
        raise OperatorRefused
    check_may(operator, permission)
    return operator


def check_about_another(operator: Operator, holder: Holder | HolderId | None, *, stored: Repositories) -> None:
    """Refuse an act of an operator about themselves: about an account or application with a number of their own.

    So is one about somebody whose guardian they are, were, or claim or claimed to be: whoever decides about the ward,
    or about a rival, decides about that as well, also who left a moment before.

    Args:
        operator: Who acts.
        holder: The account or application, or its id; None is nobody's, or a stranger's: ADR 0073 says what is done
            about whom nobody can name.
        stored: Where an account is looked up by its id.

    Raises:
        AboutOneself: it is.
    """
    found = _known(holder, stored=stored)
    if found is None:
        return
    operator.check_not_about(found.number_index)
    for index in numbers_of_guardians(found, stored=stored):
        operator.check_not_about(index)


def numbers_of_guardians(ward: Holder, *, stored: Repositories) -> Sequence[bytes]:
    """Return the keyed indexes of the numbers of whoever is, was, or asked to be the ward's guardian.

    It may have been on another application of the same person.
    """
    return stored.guardianships.numbers_around(ward.holder_id, ward.number_index)


def is_about_a_stranger(holder: Holder | HolderId | None, *, stored: Repositories) -> bool:
    """Say whether nobody can tell whom an act is about, so that it may be the operator: what binds takes two then."""
    found = _known(holder, stored=stored)
    return found is None or found.number_index is None


def _known(holder: Holder | HolderId | None, *, stored: Repositories) -> Holder | None:
    return stored.holders.get(holder) if isinstance(holder, str) else holder
