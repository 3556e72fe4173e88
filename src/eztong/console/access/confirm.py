"""Before a grave act the console asks once more who is there: by a code, a backup code or a passkey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from eztong.console.visit import CONFIRM, Visit
from eztong.domain.operators.permission import Permission
from eztong.pages.confirm import Confirming
from eztong.usecases.operators.prove_again import prove_by_code


def _ask(visit: Visit, shown: Mapping[str, Any]) -> Response:
    with visit.services.store.read() as stored:
        has_passkeys = bool(stored.operator_passkeys.of_operator(visit.on_duty.operator.name))
    return visit.form_page(
        "access/confirm.html",
        what=None if visit.permission is Permission.CONSOLE else visit.permission,
        has_passkeys=has_passkeys,
        site=visit.services.console_passkeys.site,
        **shown,
    )


def _prove(visit: Visit, typed: str) -> None:
    prove_by_code(typed, visit.network, by=visit.acting, services=visit.services)


CONFIRMING: Final = Confirming(CONFIRM, _ask, _prove)
