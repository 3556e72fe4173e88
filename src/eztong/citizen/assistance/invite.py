"""My helper: invite one, confirm who typed the digits, and end it (preamble; clause 2.11)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.citizen.words.help_rows import rows_of_elder
from eztong.domain.access.unlock import is_unlocked
from eztong.domain.assistance.assistance import PERIODS, parse_days
from eztong.domain.errors import EztongError, InputInvalid, NotPermitted, StateConflict, TooMany
from eztong.pages.error_pages import sentence_of
from eztong.usecases.assistance.confirm_helper import ConfirmHelper, confirm_helper
from eztong.usecases.assistance.end_assistance import EndAssistance, end_assistance
from eztong.usecases.assistance.invite_helper import InviteHelper, invite_helper
from eztong.usecases.assistance.parties import may_help

HERE: Final = "/me/family/helper"
OFFERED_DAYS: Final = 30
_ON_THE_PAGE: Final = (InputInvalid, NotPermitted, StateConflict, TooMany)


def show(visit: Visit) -> Response:
    """Show who helps, who wants to, and the invitation that stands, or the form that makes one.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    return _page(visit)


def act(visit: Visit) -> Response:
    """Make an invitation, confirm who typed its digits, or end what there is.

    Raises:
        Locked: unlock first, but to end; the page is shown again after it.
        AssistanceMissing: it is not of this account, or over.
    """
    form, session_hash = visit.form, visit.session_hash
    known = form.get("assistance", "")
    try:
        match form.get("act", ""):
            case "invite":
                days, with_uses = parse_days(form.get("days", "")), form.get("with_uses") == "yes"
                visit.act(invite_helper, InviteHelper(session_hash=session_hash, days=days, with_uses=with_uses))
            case "confirm":
                visit.act(confirm_helper, ConfirmHelper(session_hash=session_hash, assistance_id=known))
            case "end":
                visit.act(end_assistance, EndAssistance(session_hash=session_hash, assistance_id=known))
            case _:
                raise InputInvalid
    except _ON_THE_PAGE as error:
        return _page(visit, error)
    return visit.redirect(HERE)


def _page(visit: Visit, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        signed_in = visit.bound(stored)
        elder = signed_in.holder
        rows = rows_of_elder(visit, elder, stored=stored)
        may_invite = may_help(elder, keys=visit.services.keys, now=visit.now)
    return visit.form_page(
        "assistance/invite.html",
        because=error,
        tab="me",
        rows={row.state: row for row in rows},
        may_invite=may_invite,
        unlocked=is_unlocked(signed_in.session.unlocked_until, now=visit.now),
        periods=PERIODS,
        days=visit.form.get("days", "") if error else str(OFFERED_DAYS),
        problem="" if error is None else sentence_of(error, visit),
    )
