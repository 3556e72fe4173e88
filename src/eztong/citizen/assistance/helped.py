"""Somebody whom the holder helps: until when, with what, and the button that ends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from eztong.citizen.guardianship.ward import FAMILY
from eztong.citizen.visit import Visit
from eztong.domain.assistance.assistance import Assistance, AssistanceMissing, AssistanceState
from eztong.domain.holder import Holder
from eztong.domain.standing import is_usable
from eztong.i18n.moments import moment_words
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.assistance.end_assistance import EndAssistance, end_assistance
from eztong.usecases.assistance.parties import assistance_of, helped_name


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpedRow:
    """An assistance as the helper reads it: no name before the elder confirmed."""

    assistance_id: str
    name: str
    until: str
    is_confirmed: bool
    with_uses: bool


def show(visit: Visit) -> Response:
    """Show one that is not over.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, AssistanceMissing: this browser may not see it.
    """
    with visit.services.store.read() as stored:
        helper = visit.bound(stored).holder
        found = assistance_of(visit.request.path_params["assistance_id"], helper.holder_id, stored=stored)
        if found.helper_id != helper.holder_id or found.is_over(now=visit.now):
            raise AssistanceMissing
        row = _row(found, helper, visit, stored=stored)
    return visit.form_page("assistance/helped.html", tab="me", row=row, is_paused=not is_usable(helper))


def act(visit: Visit) -> Response:
    """End it.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, AssistanceMissing: this browser may not.
    """
    assistance_id = visit.request.path_params["assistance_id"]
    visit.act(end_assistance, EndAssistance(session_hash=visit.session_hash, assistance_id=assistance_id))
    return visit.redirect(FAMILY)


def rows_of_helper(visit: Visit, helper: Holder, *, stored: Repositories) -> Sequence[HelpedRow]:
    """Return what is not over of a helper, newest first."""
    found = stored.assistances.of_helper(helper.holder_id)
    return [_row(one, helper, visit, stored=stored) for one in found if not one.is_over(now=visit.now)]


def _row(one: Assistance, helper: Holder, visit: Visit, *, stored: Repositories) -> HelpedRow:
    keys = visit.services.keys
    return HelpedRow(
        assistance_id=one.assistance_id,
        name=helped_name(one.assistance_id, helper.holder_id, stored=stored, keys=keys, now=visit.now),
        until=moment_words(one.due_at, now=visit.now, words=visit.words),
        is_confirmed=one.state is AssistanceState.ACTIVE,
        with_uses=one.with_uses,
    )
