"""The hotline: freezing and limiting the account of a citizen number, for whoever calls (clauses 2.9, 2.10).

The number is typed into a form, stands in no address, and no look leaves no trace. What was done is shown on the
account's page, which says whose it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starlette.responses import Response

from eztong.console.people.account import PEOPLE
from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.holder import FreezeReason, Holder
from eztong.domain.operators.incomplete import ChoiceMissing
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


def show(visit: Visit) -> Response:
    """Show the forms."""
    return _page(visit)


def freeze(visit: Visit) -> Response:
    """Freeze the account of whoever calls."""
    return _done(visit, _freeze)


def restrict(visit: Visit) -> Response:
    """Limit an account, or lift that again."""
    return _done(visit, _lift if visit.form.get("act") == "lift" else _restrict)


def _freeze(visit: Visit) -> tuple[str, Holder]:
    reason = _chosen(FreezeReason, visit.form.get("reason", ""))
    command = FreezeForHolder(number=visit.form.get("number", ""), reason=FreezeReason(reason))
    frozen = freeze_for_holder(command, by=visit.acting, services=visit.services)
    if frozen.changed_nothing:
        return "unchanged", frozen.holder
    return "frozen_before" if frozen.was_frozen else "frozen", frozen.holder


def _restrict(visit: Visit) -> tuple[str, Holder]:
    command = RestrictHolder(
        number=visit.form.get("number", ""),
        reason=StaffReason(_chosen(StaffReason, visit.form.get("reason", ""))),
        ceiling=Ceiling(_chosen(Ceiling, visit.form.get("ceiling", ""))),
    )
    change = restrict_holder(command, by=visit.acting, services=visit.services)
    return "restricted" if change.added else "unchanged", change.holder


def _lift(visit: Visit) -> tuple[str, Holder]:
    reason = StaffReason(_chosen(StaffReason, visit.form.get("reason", "")))
    command = LiftRestrictions(number=visit.form.get("number", ""), reason=reason)
    change = lift_restrictions(command, by=visit.acting, services=visit.services)
    return "lifted" if change.lifted else "unchanged", change.holder


def _chosen(kind: type[FreezeReason | StaffReason | Ceiling], value: str) -> str:
    if value not in {one.value for one in kind}:
        raise ChoiceMissing
    return value


def _done(visit: Visit, do: Callable[[Visit], tuple[str, Holder]]) -> Response:
    try:
        end, holder = visit.audited(lambda: do(visit))
    except NotFound as error:
        return _page(visit, error=error, problem=visit.words.text("console.number_of_nobody"))
    except EztongError as error:
        return _page(visit, error=error)
    return visit.redirect(f"{PEOPLE}/{holder.holder_id}?done={end}")


def _page(visit: Visit, *, error: EztongError | None = None, **said: Any) -> Response:  # noqa: ANN401 - as a page takes it
    return visit.form_page(
        "accounts.html",
        because=error,
        typed=visit.form,
        on_freeze=visit.request.url.path.endswith("/freeze"),
        freeze_reasons=list(FreezeReason),
        reasons=list(StaffReason),
        ceilings=list(Ceiling),
        may_freeze=visit.may(Permission.ACCOUNTS_FREEZE),
        may_restrict=visit.may(Permission.ACCOUNTS_RESTRICT),
        **said,
    )
