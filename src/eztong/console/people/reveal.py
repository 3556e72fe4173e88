"""Being shown somebody's data in full: what every page does that has the form of it (clause 2.9)."""

from __future__ import annotations

from typing import Any, Protocol

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import AgeBand
from eztong.domain.operators.incomplete import ChoiceMissing
from eztong.domain.operators.permission import Permission
from eztong.usecases.own_data.reveal_for_staff import RevealForStaff, RevealPurpose, propose_reveal, reveal_for_staff
from eztong.usecases.own_data.reveal_identity import OwnIdentity
from eztong.usecases.registration.birthdays import band_of


class PageOfPerson(Protocol):
    """Draws the page again: with what a form was refused for, or with the data in full."""

    def __call__(self, visit: Visit, *, error: EztongError | None = None, shown: OwnIdentity | None = None) -> Response:
        """Return the page."""
        ...


def reveal_on(page: PageOfPerson, visit: Visit, holder_id: HolderId) -> Response:
    """Show the data in full, once, for a purpose that goes on record.

    Raises:
        NotFound: no such account or application, or it was erased.
    """
    try:
        command = RevealForStaff(holder_id=holder_id, purpose=_purpose(visit))
        shown = visit.audited(
            lambda: visit.services.perform(visit.acting, reveal_for_staff, command), subject=holder_id
        )
    except NotFound:
        raise
    except EztongError as error:
        return page(visit, error=error)
    return page(visit, shown=shown)


def propose_on(page: PageOfPerson, visit: Visit, holder_id: HolderId) -> Response:
    """Propose to be shown a minor's data in full, and lead to what another operator decides.

    Raises:
        NotFound: no such account or application, or it was erased.
    """
    reason = visit.form.get("reason", "")
    try:
        purpose = _purpose(visit)
        proposal = visit.audited(
            lambda: visit.services.perform(visit.acting, propose_reveal, holder_id, purpose=purpose, reason=reason),
            subject=holder_id,
        )
    except NotFound:
        raise
    except EztongError as error:
        return page(visit, error=error)
    return visit.redirect_done(f"/console/proposals/{proposal.proposal_id}")


def reveal_form(visit: Visit, holder: Holder, *, is_shown: bool) -> dict[str, Any]:
    """Return what the template of the form shows."""
    return {
        "is_revealed": is_shown,
        "may_reveal": not is_shown and visit.may(Permission.ACCOUNTS_REVEAL),
        "is_minor": band_of(holder, keys=visit.services.keys, now=visit.now) is not AgeBand.ADULT,
        "reason": visit.form.get("reason", ""),
        "purposes": list(RevealPurpose),
    }


def _purpose(visit: Visit) -> RevealPurpose:
    said = visit.form.get("purpose", "")
    if said not in {one.value for one in RevealPurpose}:
        raise ChoiceMissing
    return RevealPurpose(said)
