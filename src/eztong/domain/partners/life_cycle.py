"""Where a partner stands: ``applied -> approved (sandbox | live) <-> suspended -> closed``.

It is approved for the sandbox first: with real people it gets answers only once two operators let it go live. Whoever
is suspended keeps its stage. A closed one is never opened again: whoever comes back applies under another id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final

from eztong.domain.errors import StateConflict
from eztong.domain.partners.partner import Partner, PartnerStage, PartnerState


class PartnerMove(StrEnum):
    """What is done with a partner."""

    APPROVE = "approve"
    GO_LIVE = "go_live"
    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"


class PartnerStateConflict(StateConflict):
    """The partner stands elsewhere than where this leads from."""

    code = "partner_state_conflict"
    advice = "Look where the partner stands: eztong partners show PARTNER."


_FROM: Final[Mapping[PartnerMove, frozenset[PartnerState]]] = {
    PartnerMove.APPROVE: frozenset({PartnerState.APPLIED}),
    PartnerMove.GO_LIVE: frozenset({PartnerState.APPROVED}),
    PartnerMove.SUSPEND: frozenset({PartnerState.APPROVED}),
    PartnerMove.RESUME: frozenset({PartnerState.SUSPENDED}),
    PartnerMove.CLOSE: frozenset({PartnerState.APPLIED, PartnerState.APPROVED, PartnerState.SUSPENDED}),
}
_TO: Final[Mapping[PartnerMove, PartnerState]] = {
    PartnerMove.APPROVE: PartnerState.APPROVED,
    PartnerMove.GO_LIVE: PartnerState.APPROVED,
    PartnerMove.SUSPEND: PartnerState.SUSPENDED,
    PartnerMove.RESUME: PartnerState.APPROVED,
    PartnerMove.CLOSE: PartnerState.CLOSED,
}


def moved(partner: Partner, move: PartnerMove) -> Partner:
    """Return the partner after ``move``.

    Raises:
        PartnerStateConflict: it does not lead from where the partner stands.
    """
    if partner.state not in _FROM[move]:
        raise PartnerStateConflict(f"The partner is {partner.state.value}.")
    if move is PartnerMove.GO_LIVE and partner.stage is PartnerStage.LIVE:
        raise PartnerStateConflict("The partner is live already.")
    stage = PartnerStage.LIVE if move is PartnerMove.GO_LIVE else partner.stage
    return replace(partner, state=_TO[move], stage=stage)


def check_not_closed(partner: Partner) -> None:
    """Refuse to give anything to a closed partner.

    Raises:
        PartnerStateConflict: it is closed.
    """
    if partner.state is PartnerState.CLOSED:
        raise PartnerStateConflict("The partner is closed.")
