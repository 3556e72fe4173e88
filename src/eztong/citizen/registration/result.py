"""The result of an application in words: approved, waiting, needing something, refused with reason and appeal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.citizen.browser.kept_way import kept_way
from eztong.citizen.journey import IDENTITY, PHONE, may_unlock, next_path, was_erased
from eztong.citizen.visit import Visit
from eztong.domain.holder import STOPS, FreezeCause, HolderState
from eztong.domain.registration import Reason

REFRESH_SECONDS: Final = 10
ERASED: Final = "erased"


@dataclass(frozen=True, slots=True)
class _Look:
    """How a state looks on the page."""

    tone: str
    icon: str


_LOOKS: Final = {
    HolderState.ACTIVE: _Look("success", "ok"),
    HolderState.RESTRICTED: _Look("warning", "warn"),
    HolderState.APPLIED: _Look("info", "wait"),
    HolderState.UNDER_REVIEW: _Look("info", "wait"),
    HolderState.SUPPLEMENT_NEEDED: _Look("warning", "info"),
    HolderState.REFUSED: _Look("danger", "stop"),
    HolderState.FROZEN: _Look("warning", "lock"),
    HolderState.TERMINATED: _Look("danger", "stop"),
    HolderState.DEREGISTERING: _Look("info", "wait"),
    HolderState.DEREGISTERED: _Look("info", "info"),
}

# These wait for a person: the applicant gets a number to ask by.
_WITH_A_CASE: Final = frozenset(
    {HolderState.APPLIED, HolderState.UNDER_REVIEW, HolderState.SUPPLEMENT_NEEDED, HolderState.REFUSED}
)


def show(visit: Visit) -> Response:
    """Show where the application stands; whoever has not applied yet is sent to the step that is due."""
    with visit.services.store.read() as stored:
        signed_in = visit.signed_in(stored)
        way_on = next_path(signed_in, stored=stored)
        holder = signed_in.holder
        has_lock = may_unlock(holder.holder_id, stored=stored)
    look = _LOOKS.get(holder.state)
    if look is None or way_on in {PHONE, IDENTITY}:
        return visit.redirect(way_on)
    return visit.page(
        "registration/result.html",
        state=holder.state.value,
        told=ERASED if was_erased(holder) else holder.state.value,
        look=look,
        has_lock=has_lock,
        recoverable=holder.reason == Reason.ALREADY_REGISTERED,
        reason=None if not holder.reason else visit.words.text(f"reason.{Reason(holder.reason)}"),
        case=holder.holder_id if holder.state in _WITH_A_CASE and not was_erased(holder) else None,
        recover=holder.reason == Reason.ALREADY_REGISTERED,
        way_back=kept_way(visit),
        may_recover=holder.state is HolderState.FROZEN and holder.freeze_cause is FreezeCause.SELF,
        steps=holder.state not in STOPS,
        refresh=REFRESH_SECONDS if holder.state is HolderState.APPLIED else None,
    )
