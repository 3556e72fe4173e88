"""Write where a guardianship stands into the history of both accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.guardianship.guardianship import Guardianship, GuardianshipState
from eztong.ports.act import Act
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.note_event import note_event

_EVENTS: Final[Mapping[GuardianshipState, EventKind]] = {
    GuardianshipState.DECLARED: EventKind.GUARDIAN_DECLARED,
    GuardianshipState.ACTIVE: EventKind.GUARDIAN_CONFIRMED,
    GuardianshipState.REFUSED: EventKind.GUARDIAN_REFUSED,
    GuardianshipState.ENDED: EventKind.GUARDIANSHIP_ENDED,
}
_ATTESTED: Final[Mapping[GuardianshipState, ActKind]] = {
    GuardianshipState.DECLARED: ActKind.GUARDIAN_DECLARED,
    GuardianshipState.ACTIVE: ActKind.GUARDIAN_CONFIRMED,
    GuardianshipState.REFUSED: ActKind.GUARDIAN_REFUSED,
    GuardianshipState.ENDED: ActKind.GUARDIANSHIP_ENDED,
}


def note_both(act: Act, of: Guardianship, *, reason: str | None = None) -> None:
    """Write where it stands now into the history of both accounts, and attest it for each.

    Neither account stands in what is the other's: the guardianship does, which leads to both.
    """
    named = f"guardianship={of.guardianship_id}"
    by = "" if of.decided_by is None or of.state is GuardianshipState.ENDED else f" decided_by={of.decided_by.value}"
    why = "" if of.ended_by is None else f" why={of.ended_by.value}"
    facts = {"state": of.state.value}
    facts |= {name: value.value for name, value in (("relation", of.relation), ("why", of.ended_by)) if value}
    for holder_id, role in ((of.ward_id, "ward"), (of.guardian_id, "guardian")):
        if holder_id is None:
            continue
        note_event(act, holder_id, _EVENTS[of.state], detail=f"{named} role={role}{by}{why}")
        done = WhatWasDone(
            kind=_ATTESTED[of.state],
            subject=of.guardianship_id,
            facts=facts | {"role": role},
            holder_id=holder_id,
            reason=reason,
        )
        attest_act(act, done)
