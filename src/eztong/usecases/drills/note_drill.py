"""A drill is asked for by whoever may; what came of it is kept, and the last one that found nothing wrong."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.drills.drill import DRILL_SETTING, WHOLE_SETTING, Drill, parse_drill, render_drill
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.operators.check_operator import check_operator


@dataclass(frozen=True, slots=True)
class Drills:
    """The last drill, and the last one that found nothing wrong; None where there was none."""

    last: Drill | None
    whole: Drill | None


def ask_for_drill(act: Act) -> None:
    """Put on record that an operator wants a drill.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
    """
    check_operator(act, Permission.SERVICE_DRILL)


def note_drill(act: Act, drill: Drill) -> None:
    """Keep what came of a drill."""
    act.uow.settings.set(DRILL_SETTING, render_drill(drill))
    if drill.is_whole:
        act.uow.settings.set(WHOLE_SETTING, render_drill(drill))


def read_drills(*, stored: Repositories) -> Drills:
    """Return what came of drills."""
    last, whole = (parse_drill(stored.settings.get(name)) for name in (DRILL_SETTING, WHOLE_SETTING))
    return Drills(last, whole)
