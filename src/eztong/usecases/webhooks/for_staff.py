"""What staff do with partners' webhooks: as their partner does, by whoever keeps partners, and in the audit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act
from eztong.usecases.operators.check_keeper import check_keeper

P = ParamSpec("P")
T = TypeVar("T")


def keep_webhook(
    act: Act, subject: str, use_case: Callable[Concatenate[Act, P], T], /, *args: P.args, **more: P.kwargs
) -> T:
    """Do with a webhook what its partner may do; ``subject`` is the endpoint, or the partner that gets one.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        Exception: what the use case raises.
    """
    check_keeper(act, Permission.WEBHOOKS_MANAGE, subject)
    return use_case(act, *args, **more)
