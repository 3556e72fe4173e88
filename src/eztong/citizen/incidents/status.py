"""The status page: what is open, announced and over, in words; anybody may read it (clauses 2.12, 4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from eztong.citizen.journey import own_tab
from eztong.citizen.visit import Visit
from eztong.domain.incidents.incident import Affected, Incident, Phase, Step
from eztong.i18n.moments import moment_words
from eztong.pages.incident_words import IncidentWords, incident_words
from eztong.ports.incident_board import Board


@dataclass(frozen=True, slots=True)
class UpdateWords:
    """One step of an incident in words."""

    at: str
    step: Step
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """All that the page tells of an incident."""

    words: IncidentWords
    kind: str
    is_called_off: bool
    affects: Sequence[Affected]
    updates: Sequence[UpdateWords]


def show(visit: Visit) -> Response:
    """Show the page, from what was read last: it costs the store nothing."""
    board = visit.services.incidents.look()
    every = [*board.running, *board.past]
    return visit.page(
        "incidents/status.html",
        current=_told(visit, every, board, Phase.OPEN),
        announced=_told(visit, every, board, Phase.ANNOUNCED),
        past=_told(visit, every, board, Phase.ENDED, Phase.CALLED_OFF),
        checked_at=moment_words(visit.now, now=visit.now, words=visit.words),
        tab=own_tab(visit),
    )


def _told(visit: Visit, every: Iterable[Incident], board: Board, *phases: Phase) -> list[Told]:
    return [_one(visit, one, board) for one in every if one.phase(visit.now) in phases]


def _one(visit: Visit, incident: Incident, board: Board) -> Told:
    return Told(
        words=incident_words(incident, now=visit.now, words=visit.words),
        kind=incident.kind.value,
        is_called_off=incident.phase(visit.now) is Phase.CALLED_OFF,
        affects=incident.affects,
        updates=[
            UpdateWords(
                moment_words(one.at, now=visit.now, words=visit.words),
                one.step,
                "" if one.words is None else one.words.in_language(visit.words.language),
            )
            for one in reversed(board.updates.get(incident.incident_id, ()))
        ],
    )
