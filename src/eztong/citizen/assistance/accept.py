"""Help somebody: type the six digits of their invitation (preamble; clause 2.11)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.citizen.limits import HELPER_TRIES, count
from eztong.citizen.visit import Visit
from eztong.domain.access.unlock import is_unlocked
from eztong.domain.assistance.assistance import Assistance, HelperInvitationWrong
from eztong.domain.errors import EztongError, InputInvalid, NotPermitted, StateConflict, TooMany
from eztong.domain.guardianship.guardianship import InvitationDigitsInvalid
from eztong.pages.error_pages import sentence_of
from eztong.usecases.assistance.accept_invitation import AcceptInvitation, accept_invitation
from eztong.usecases.refusal import Refused, accepted

_ON_THE_PAGE: Final = (InputInvalid, NotPermitted, StateConflict, TooMany)


def show(visit: Visit) -> Response:
    """Show the form, and what a helper does and does not.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    return _page(visit)


def accept(visit: Visit) -> Response:
    """Type the digits; the next page says that the other side confirms.

    Raises:
        Locked: unlock first; the form is shown again after it.
    """
    try:
        count(HELPER_TRIES, visit)
        command = AcceptInvitation(
            session_hash=visit.session_hash,
            digits=visit.form.get("digits", ""),
            understood=visit.form.get("understood") == "yes",
        )
        answer: Assistance | Refused = visit.act(accept_invitation, command)
        found = accepted(answer)
    except _ON_THE_PAGE as error:
        return _page(visit, error)
    return visit.redirect(f"/me/family/helping/{found.assistance_id}")


def _page(visit: Visit, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        session = visit.bound(stored).session
    sentence = "" if error is None else sentence_of(error, visit)
    is_at_digits = isinstance(error, (InvitationDigitsInvalid, HelperInvitationWrong))
    return visit.form_page(
        "assistance/accept.html",
        because=error,
        tab="me",
        unlocked=is_unlocked(session.unlocked_until, now=visit.now),
        digits_error=sentence if is_at_digits else "",
        problem="" if is_at_digits else sentence,
    )
