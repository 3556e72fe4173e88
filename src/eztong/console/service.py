"""How the service stands: what the checks find, what waits in queues, how many people, and the inventory of keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from starlette.responses import Response

from eztong.console.finding_words import finding_words
from eztong.console.visit import Visit
from eztong.domain.holder import WITH_ACCOUNT
from eztong.domain.keys.inventory import algorithm_of
from eztong.domain.keys.rotation import KeyState
from eztong.domain.operators.posture import DUTIES, FACES_STORED, CheckFinding, Severity, reached

Examine = Callable[[], Sequence[CheckFinding]]
"""Runs the checks of ``eztong doctor`` now."""

_WORST_FIRST: Final = (Severity.ERROR, Severity.WARNING, Severity.OK)


def page_with(examine: Examine) -> Callable[[Visit], Response]:
    """Return the page over these checks."""

    def show(visit: Visit) -> Response:
        found = sorted(examine(), key=lambda one: (_WORST_FIRST.index(one.severity), one.check))
        with visit.services.store.read() as stored:
            depths, counts = stored.jobs.depths(), stored.holders.counts()
        people = sum(counts.get(state.value, 0) for state in WITH_ACCOUNT)
        keys = [key for key in visit.services.keys.describe() if key.state is not KeyState.RETIRED]
        return visit.form_page(
            "service.html",
            findings=found,
            said=partial(finding_words, words=visit.words, contact=visit.services.deployment.operator_contact),
            worst=found[0].severity if found else Severity.OK,
            queues=[(kind, depth) for kind, depth in depths.items() if depth],
            people=people,
            faces=FACES_STORED,
            duties=DUTIES,
            reached=reached(people),
            keys=keys,
            algorithm_of=lambda purpose: algorithm_of(purpose).name,
        )

    return show
