"""Keep with a line of the desk's record which steps of its checklist staff have ticked off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from eztong.domain.desks.desk_preset import preset_of
from eztong.domain.errors import DeskUnknown, NotFound
from eztong.ports.act import Act
from eztong.usecases.desks.sign_in_staff import find_duty

LAST: Final = 20
"""How many of a desk's newest lines staff have in hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TickOff:
    """These steps are done; whatever is none of the scene's is left out."""

    staff_session: bytes
    entry_id: str
    ticked: frozenset[str]


def tick_off_steps(act: Act, command: TickOff) -> None:
    """Keep the steps with one of the desk's newest lines.

    Raises:
        SessionMissing, DeskUnknown: the session was ended, or has no desk yet.
        NotFound: not one of this desk's newest lines.
    """
    session = find_duty(command.staff_session, stored=act.uow, now=act.now).session
    if session.desk is None:
        raise DeskUnknown
    newest = act.uow.staff.entries(session.partner_id, session.desk, limit=LAST)
    entry = next((one for one in newest if one.entry_id == command.entry_id), None)
    scene = None if entry is None else act.uow.partners.scene(entry.partner_id, entry.scene)
    if entry is None or scene is None:
        raise NotFound
    act.uow.staff.set_checklist(entry, " ".join(step for step in preset_of(scene).steps if step in command.ticked))
