"""Sets of agreements: what is in force, published or drafted; and by which versions accounts act (clause 5.6)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.agreement_sets.agreement_set import AgreementSet
from eztong.domain.agreements import AgreementKind, AgreementState
from eztong.domain.operators.permission import Permission
from eztong.usecases.agreement_sets.count_acceptances import AcceptedAs, count_acceptances

HOME: Final = "/console/agreements"
ORDER: Final = (
    AgreementState.DRAFT,
    AgreementState.SCHEDULED,
    AgreementState.IN_FORCE,
    AgreementState.SUPERSEDED,
)


def show(visit: Visit) -> Response:
    """List every set, what waits first."""
    with visit.services.store.read() as stored:
        found = list(stored.agreement_sets.list())
    groups: list[tuple[AgreementState, list[AgreementSet]]] = [
        (state, [one for one in found if one.state is state]) for state in ORDER
    ]
    busy = any(one.state is AgreementState.SCHEDULED for one in found)
    return visit.page(
        "agreement_sets/sets.html",
        groups=[(state, sets) for state, sets in groups if sets],
        may_draft=visit.may(Permission.AGREEMENTS_DRAFT) and not busy,
        is_busy=busy,
        in_language=visit.words.language,
    )


def show_accepted(visit: Visit) -> Response:
    """Count by which versions accounts act, now."""
    with visit.services.store.read() as stored:
        found = count_acceptances(stored=stored)
    return visit.page(
        "agreement_sets/sets_accepted.html",
        found=found,
        kinds=list(AgreementKind),
        at=visit.now,
        earlier={kind: found.count(kind, AcceptedAs.CARRIES) for kind in AgreementKind},
        asked={
            kind: found.count(kind, AcceptedAs.AGAIN, AcceptedAs.WITHDRAWN, AcceptedAs.NEVER) for kind in AgreementKind
        },
    )
