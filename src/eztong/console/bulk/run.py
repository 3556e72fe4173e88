"""What operators do to several rows of a queue at once: a page that foretells each row, the act, and what came of it.

Each row is an act of its own, with its own entries in the audit; one that is refused stops no other. What belongs to
one press has one correlation id in the audit, and the page of results is read from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, InputInvalid
from eztong.domain.operators.audit import AuditFilter, AuditStep
from eztong.domain.operators.bulk import MOST_ALONE, BulkAct, check_rows, check_typed_count
from eztong.domain.operators.incomplete import ChoiceMissing
from eztong.pages.error_pages import sentence_of

PICK: Final = "pick_"
_ENTRIES: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An act and its words, as they were chosen for all rows, and when those were seen from which they were chosen."""

    act: BulkAct
    words: str
    seen_at: datetime | None
    fields: tuple[tuple[str, str], ...]
    """What the form carries on, so that the act is the one that was looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """What would become of a row: why it is refused, or None if it is done."""

    row: str
    refused: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkQueue:
    """A queue whose rows are worked off together: where it is, what is chosen, tried and done."""

    home: str
    name: str
    choose: Callable[[Visit], Chosen]
    tries: Callable[[Visit, Chosen, str], EztongError | None]
    does: Callable[[Visit, Chosen, str], object]
    shown: Callable[[str], str] = str


def picked(visit: Visit) -> list[str]:
    """Return the rows that were ticked, in the order of the page."""
    return [name.removeprefix(PICK) for name, value in visit.form.items() if name.startswith(PICK) and value == "yes"]


def bulk_fields(visit: Visit, acts: Sequence[BulkAct]) -> dict[str, Any]:
    """Return what the page of a queue shows for it, with what was ticked and typed where something was wrong."""
    return {
        "bulk_acts": list(acts),
        "bulk_act": visit.form.get("act", ""),
        "bulk_words": visit.form.get("words", ""),
        "picked": set(picked(visit)),
        "pick": PICK,
        "most_alone": MOST_ALONE,
    }


def chosen_act(visit: Visit, acts: Sequence[BulkAct]) -> BulkAct:
    """Return which act was chosen.

    Raises:
        ChoiceMissing: none of them.
    """
    typed = visit.form.get("act", "")
    if typed not in set(acts):
        raise ChoiceMissing
    return BulkAct(typed)


def look(queue: BulkQueue, visit: Visit) -> Response:
    """Foretell what would become of each row that was ticked. Nothing is done.

    Raises:
        ChoiceMissing, RowsMissing, RowsTooMany, WordsMissing, WordsTooLong: the form lacks something.
    """
    rows, chosen = picked(visit), queue.choose(visit)
    check_rows(rows)
    return _foretold(queue, visit, chosen, rows)


def apply(queue: BulkQueue, visit: Visit) -> Response:
    """Do it to each row that was looked at, once their number was typed.

    Raises:
        ChoiceMissing, RowsMissing, RowsTooMany, WordsMissing, WordsTooLong: the form lacks something.
    """
    rows, chosen = picked(visit), queue.choose(visit)
    check_rows(rows)
    try:
        check_typed_count(visit.form.get("typed", ""), rows)
    except InputInvalid as error:
        return _foretold(queue, visit, chosen, rows, error=error)
    for row in rows:
        _do(queue, visit, chosen, row)
    return visit.redirect_done(f"{queue.home}/bulk/{visit.acting.correlation}")


def show(queue: BulkQueue, visit: Visit) -> Response:
    """Show what came of each row of one press of one's own, as the audit has it."""
    correlation = str(visit.request.path_params["correlation"])
    asked = AuditFilter(operator=visit.acting.name, correlation=correlation)
    with visit.services.store.read() as stored:
        entries = stored.audit.older(asked, limit=_ENTRIES).those
    ended = {one.subject: one for one in reversed(entries) if one.subject and one.step is not AuditStep.INTENDED}
    rows = [(row, queue.shown(row), one.step, _sentence(visit, one.error)) for row, one in ended.items()]
    return visit.form_page(
        "bulk/run_result.html",
        queue=queue,
        rows=rows,
        done=sum(step is AuditStep.DONE for _row, _shown, step, _words in rows),
    )


def _do(queue: BulkQueue, visit: Visit, chosen: Chosen, row: str) -> None:
    try:
        visit.audited(partial(queue.does, visit, chosen, row), subject=row)
    except EztongError:
        # It stands in the audit, and so on the page of results; the next row is another act.
        return


def _foretold(
    queue: BulkQueue, visit: Visit, chosen: Chosen, rows: Sequence[str], *, error: EztongError | None = None
) -> Response:
    found = [(row, queue.tries(visit, chosen, row)) for row in rows]
    told = [Foretold(row=row, refused=None if why is None else sentence_of(why, visit)) for row, why in found]
    return visit.form_page(
        "bulk/run_look.html",
        because=error,
        queue=queue,
        chosen=chosen,
        seen=visit.form.get("seen", ""),
        rows=told,
        going=[one.row for one in told if one.refused is None],
        pick=PICK,
    )


def _sentence(visit: Visit, code: str) -> str:
    keys = (f"console.error.{code}", f"error.{code}")
    key = next((key for key in keys if code and visit.words.has(key)), None)
    contact = visit.services.deployment.operator_contact
    return code if key is None else visit.words.text(key, contact=contact, wait="", until="")
