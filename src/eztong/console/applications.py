"""Applications that wait for a person: the queue, one of them with masked data, and the decision (clause 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.responses import Response

from eztong.console.bulk.queues import APPLICATION_ACTS
from eztong.console.bulk.run import bulk_fields
from eztong.console.people.account import age_of
from eztong.console.people.reveal import propose_on, reveal_form, reveal_on
from eztong.console.visit import Visit, cursor
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.bulk import RefusalGround
from eztong.domain.operators.incomplete import ChoiceMissing
from eztong.domain.operators.permission import Permission
from eztong.domain.own_data.sighting import StaffReads
from eztong.domain.registration import StepKind
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.own_data.note_reading import note_reading
from eztong.usecases.own_data.reveal_identity import OwnIdentity, mask_identity, open_identity
from eztong.usecases.registration.application_words import read_steps
from eztong.usecases.registration.review_application import ReviewApplication, find_application, review_application

HOME: Final = "/console/applications"
SHOWN: Final = 50
MOST_SHOWN_OF_A_NUMBER: Final = 20
DECISIONS: Final = {
    "approve": StepKind.APPROVE,
    "refuse": StepKind.REFUSE,
    "supplement": StepKind.SUPPLEMENT,
}


@dataclass(frozen=True, slots=True)
class QueuedApplication:
    """An application as the queue shows it: nothing of the person."""

    holder: Holder
    due: datetime | None
    is_overdue: bool
    same_number: int
    """How many others wait with the same number."""


def show(visit: Visit) -> Response:
    """Show the queue: what is due first at the top, then by age."""
    with visit.services.store.read() as stored:
        waiting = stored.applications.queue(after=visit.after(), limit=SHOWN + 1)
        rows = [_row(visit, one.holder, one.due, stored) for one in waiting.those[:SHOWN]]
    last = waiting.those[SHOWN - 1] if len(waiting.those) > SHOWN else None
    return visit.form_page(
        "applications.html",
        rows=rows,
        next_page=cursor(last.place, last.holder.holder_id) if last is not None else "",
        unreadable=waiting.unreadable,
        is_decided=visit.request.query_params.get("done") == "decided",
        may_decide=visit.may(Permission.APPLICATIONS_DECIDE),
        grounds=list(RefusalGround),
        ground=visit.form.get("ground", ""),
        **bulk_fields(visit, APPLICATION_ACTS),
    )


def show_one(visit: Visit) -> Response:
    """Show one application; that it was shown stands in its history before."""
    return _page(visit)


def decide(visit: Visit) -> Response:
    """Approve, refuse, or ask for more, in words that its applicant reads.

    Raises:
        ChoiceMissing: none of the three.
        NotFound: no such application waits.
    """
    kind = DECISIONS.get(visit.form.get("decision", ""))
    if kind is None:
        raise ChoiceMissing
    words = visit.form.get("words", "")
    command = ReviewApplication(holder_id=_id(visit), kind=kind, words=words, seen_at=visit.seen_at())
    try:
        visit.audited(
            lambda: review_application(command, by=visit.acting, services=visit.services), subject=command.holder_id
        )
    except NotFound:
        raise
    except EztongError as error:
        return _page(visit, error=error)
    return visit.redirect(f"{HOME}?done=decided")


def reveal(visit: Visit) -> Response:
    """Show the applicant's data in full, once, for a purpose that goes on record."""
    _find(visit)
    return reveal_on(_page, visit, _id(visit))


def propose_shown(visit: Visit) -> Response:
    """Propose to be shown a minor's data in full: another operator decides."""
    _find(visit)
    return propose_on(_page, visit, _id(visit))


def _page(visit: Visit, *, error: EztongError | None = None, shown: OwnIdentity | None = None) -> Response:
    services = visit.services
    holder = _find(visit)
    services.perform(visit.acting, note_reading, StaffReads.APPLICATION, [_id(visit)])
    with services.store.read() as stored:
        own = mask_identity(open_identity(holder, keys=services.keys)) if shown is None else shown
        steps = read_steps(holder, stored=stored, keys=services.keys)
        others = _same_number(holder, stored)
        dues = [step.due.at for step in steps if step.due is not None]
        row = _row(visit, holder, dues[-1] if dues else None, stored)
    return visit.form_page(
        "applications_one.html",
        because=error,
        holder=holder,
        own_data=own,
        age=age_of(visit, holder),
        **reveal_form(visit, holder, is_shown=shown is not None),
        steps=steps,
        others=others,
        row=row,
        may_decide=holder.state is HolderState.UNDER_REVIEW and visit.may(Permission.APPLICATIONS_DECIDE),
        words=visit.form.get("words", ""),
        decision=visit.form.get("decision", ""),
    )


def _find(visit: Visit) -> Holder:
    """Return what is an application still: this page is no way to accounts.

    Raises:
        NotFound: there is none, it led to an account, or it was erased.
    """
    with visit.services.store.read() as stored:
        holder = find_application(_id(visit), stored=stored)
    if holder.has_account or holder.is_erased:
        raise NotFound("There is no such application.")
    return holder


def _id(visit: Visit) -> HolderId:
    return HolderId(str(visit.request.path_params["application_id"]))


def _row(visit: Visit, holder: Holder, due: datetime | None, stored: Repositories) -> QueuedApplication:
    return QueuedApplication(holder, due, due is not None and visit.now > due, len(_same_number(holder, stored)))


def _same_number(holder: Holder, stored: Repositories) -> list[HolderId]:
    if holder.number_index is None:
        return []
    found = stored.applications.waiting_with(holder.number_index, limit=MOST_SHOWN_OF_A_NUMBER)
    return [one for one in found.those if one != holder.holder_id]
