"""My helper: invite one, confirm who typed the digits, and end it (preamble; clause 2.11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.domain.access.unlock import is_unlocked
from eztong.domain.assistance.assistance import PERIODS, Assistance, AssistanceState, parse_days
from eztong.domain.errors import EztongError, InputInvalid, NotPermitted, StateConflict, TooMany
from eztong.domain.holder import Holder
from eztong.i18n.moments import moment_words
from eztong.pages.error_pages import sentence_of
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.assistance.confirm_helper import ConfirmHelper, confirm_helper
from eztong.usecases.assistance.end_assistance import EndAssistance, end_assistance
from eztong.usecases.assistance.invite_helper import InviteHelper, invite_helper, open_digits
from eztong.usecases.assistance.parties import masked_name, may_help

HERE: Final = "/me/family/helper"
OFFERED_DAYS: Final = 30
_ON_THE_PAGE: Final = (InputInvalid, NotPermitted, StateConflict, TooMany)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperRow:
    """An assistance as the elder reads it. ``digits`` stand as long as nobody typed them, ``name`` is masked."""

    assistance_id: str
    state: str
    name: str
    digits: str
    until: str
    days: int
    with_uses: bool


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


def rows_of_elder(visit: Visit, elder: Holder, *, stored: Repositories) -> Sequence[HelperRow]:
    """Return what is not over of an elder, newest first."""
    found = stored.assistances.of_elder(elder.holder_id)
    return [_row(one, elder, visit, stored=stored) for one in found if not one.is_over(now=visit.now)]


def _row(one: Assistance, elder: Holder, visit: Visit, *, stored: Repositories) -> HelperRow:
    keys = visit.services.keys
    return HelperRow(
        assistance_id=one.assistance_id,
        state=one.state.value,
        name=masked_name(one.helper_id, stored=stored, keys=keys),
        digits=open_digits(one, elder, keys=keys) if one.state is AssistanceState.INVITED else "",
        until=moment_words(one.due_at, now=visit.now, words=visit.words),
        days=one.days,
        with_uses=one.with_uses,
    )


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
