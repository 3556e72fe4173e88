"""Who acts as operator in this act: proven before it, and read again inside."""

from __future__ import annotations

from eztong.domain.events import Actor
from eztong.domain.holder import Holder
from eztong.domain.operators.operator import AboutOneself, Operator, OperatorNeeded, OperatorRefused, OperatorRole
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories


def check_operator(act: Act, *roles: OperatorRole) -> Operator:
    """Return the operator who acts, with at least one of ``roles``.

    Raises:
        OperatorNeeded: nobody in particular acts.
        OperatorRefused: there is no such operator any more who may act.
        RoleMissing: none of the roles.
    """
    if act.by.actor is not Actor.OPERATOR or not act.by.name:
        raise OperatorNeeded
    operator = act.uow.operators.get(act.by.name)
    if operator is None or not operator.is_active:
        raise OperatorRefused
    operator.check_role(roles)
    return operator


def check_about_another(operator: Operator, holder: Holder, *, stored: Repositories) -> None:
    """Refuse an act of an operator about the own account, or about an application with the own number.

    Raises:
        AboutOneself: it is.
    """
    operator.check_not_about(holder.holder_id)
    own = None if operator.holder_id is None else stored.holders.get(operator.holder_id)
    if own is not None and own.number_index is not None and own.number_index == holder.number_index:
        raise AboutOneself
