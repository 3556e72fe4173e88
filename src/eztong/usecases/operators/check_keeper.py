"""Who may keep the register of partners: an operator of role partners or system, by name."""

from __future__ import annotations

from eztong.domain.events import Actor
from eztong.domain.operators.operator import Operator
from eztong.domain.operators.permission import Permission
from eztong.ports.act import OPERATOR, Act
from eztong.usecases.operators.check_operator import check_operator


def check_keeper(act: Act, permission: Permission = Permission.PARTNERS_KEEP, subject: str = "") -> Operator | None:
    """Refuse whoever may not keep partners; return the operator who acts.

    None: the service itself sets up its own demo partners, or nobody is an operator yet, so that a fresh installation
    is prepared by whoever has its command line. Going live and closing take two operators in any case.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: nobody of these roles acts.
    """
    if act.by.actor is Actor.SYSTEM:
        return None
    if act.by == OPERATOR and act.uow.operators.list().is_empty:
        return None
    return check_operator(act, permission, subject)
