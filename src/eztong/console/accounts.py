"""The hotline: freezing and limiting the account of a citizen number, for whoever calls (clauses 2.9, 2.10).

The number is typed into a form, stands in no address, and no look leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, InputInvalid, NotFound
from eztong.domain.holder import FreezeReason
from eztong.domain.operators.permission import Permission
from eztong.domain.restrictions.mark import Ceiling
from eztong.usecases.freezing.freeze_for_holder import FreezeForHolder, freeze_for_holder
from eztong.usecases.restrictions.restrict_for_staff import (
    LiftRestrictions,
    RestrictHolder,
    StaffReason,
    lift_restrictions,
    restrict_holder,
)

HOME: Final = "/console/accounts"
ENDS: Final = ("frozen", "frozen_before", "restricted", "lifted", "unchanged")
"""What can have come of a form; the page says it in words."""


def show(visit: Visit) -> Response:
    """Show the forms."""
    return _page(visit)


def freeze(visit: Visit) -> Response:
    """Freeze the account of whoever calls."""
    return _done(visit, _freeze)


def restrict(visit: Visit) -> Response:
    """Limit an account, or lift that again."""
    return _done(visit, _lift if visit.form.get("act") == "lift" else _restrict)


def _freeze(visit: Visit) -> str:
    reason = _chosen(FreezeReason, visit.form.get("reason", ""))
    command = FreezeForHolder(number=visit.form.get("number", ""), reason=FreezeReason(reason))
    frozen = freeze_for_holder(command, by=visit.acting, services=visit.services)
    if frozen.changed_nothing:
        return "unchanged"
    return "frozen_before" if frozen.was_frozen else "frozen"


def _restrict(visit: Visit) -> str:
    command = RestrictHolder(
        number=visit.form.get("number", ""),
        reason=StaffReason(_chosen(StaffReason, visit.form.get("reason", ""))),
        ceiling=Ceiling(_chosen(Ceiling, visit.form.get("ceiling", ""))),
    )
    change = restrict_holder(command, by=visit.acting, services=visit.services)
    return "restricted" if change.added else "unchanged"


def _lift(visit: Visit) -> str:
    reason = StaffReason(_chosen(StaffReason, visit.form.get("reason", "")))
    command = LiftRestrictions(number=visit.form.get("number", ""), reason=reason)
    change = lift_restrictions(command, by=visit.acting, services=visit.services)
    return "lifted" if change.lifted else "unchanged"


def _chosen(kind: type[FreezeReason | StaffReason | Ceiling], value: str) -> str:
    if value not in {one.value for one in kind}:
        raise InputInvalid("Choose one of the reasons.")
    return value


def _done(visit: Visit, do: Callable[[Visit], str]) -> Response:
    try:
        end = visit.audited(lambda: do(visit))
    except NotFound as error:
        return _page(visit, error=error, problem=visit.words.text("console.number_of_nobody"))
    except EztongError as error:
        return _page(visit, error=error)
    return visit.redirect(f"{HOME}?done={end}")


def _page(visit: Visit, *, error: EztongError | None = None, **said: Any) -> Response:  # noqa: ANN401 - as a page takes it
    done = visit.request.query_params.get("done", "")
    return visit.form_page(
        "accounts.html",
        because=error,
        done=done if done in ENDS and error is None else "",
        freeze_reasons=list(FreezeReason),
        reasons=list(StaffReason),
        ceilings=list(Ceiling),
        may_freeze=visit.may(Permission.ACCOUNTS_FREEZE),
        may_restrict=visit.may(Permission.ACCOUNTS_RESTRICT),
        **said,
    )
