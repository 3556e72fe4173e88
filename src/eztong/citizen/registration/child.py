"""Apply for a child under 14: the guardian reads, ticks, types and presses once (preamble; PIPL art. 31)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.citizen.journey import FAMILY
from eztong.citizen.limits import GUARDIAN_TRIES, count
from eztong.citizen.registration.shown_documents import pressed, shown_documents
from eztong.citizen.registration.shown_stamp import read_stamp
from eztong.citizen.visit import Visit
from eztong.domain.access.unlock import is_unlocked
from eztong.domain.errors import (
    AgreementChanged,
    EztongError,
    InputInvalid,
    NotPermitted,
    StateConflict,
    TickMissing,
    TooMany,
    Unavailable,
)
from eztong.domain.guardianship.guardianship import NotAChild
from eztong.domain.guardianship.relation import Relation
from eztong.domain.identity.citizen_number import NumberInvalid
from eztong.domain.identity.real_name import NameInvalid
from eztong.pages.error_pages import sentence_of
from eztong.usecases.guardianship.apply_for_child import ApplyForChild, apply_for_child

_ON_THE_PAGE: Final = (
    AgreementChanged,
    InputInvalid,
    NotPermitted,
    StateConflict,
    TickMissing,
    TooMany,
    Unavailable,
)


def show(visit: Visit) -> Response:
    """Show the documents with empty boxes, and the fields for the child.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    return _page(visit)


def apply(visit: Visit) -> Response:
    """Consent and apply; the family page says what came of it.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: unlock first; the form is shown again after it.
    """
    with visit.services.store.read() as stored:
        visit.bound(stored)
    keys = visit.services.keys
    stamp = read_stamp(visit.form.get("shown", ""), token=visit.token, keys=keys, now=visit.now)
    consent = pressed(visit, stamp, session_hash=visit.session_hash, acted_by="guardian")
    form = visit.form
    try:
        count(GUARDIAN_TRIES, visit)
        relation = _relation(form.get("relation", ""))
        command = ApplyForChild(
            name=form.get("name", ""), number=form.get("number", ""), relation=relation, consent=consent
        )
        apply_for_child(command, services=visit.services)
    except _ON_THE_PAGE as error:
        return _page(visit, error)
    return visit.redirect(FAMILY)


def _relation(typed: str) -> Relation:
    try:
        return Relation(typed)
    except ValueError as error:
        raise InputInvalid from error


def _page(visit: Visit, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        session = visit.bound(stored).session
        _, shown = shown_documents(visit, stored=stored)
    sentence = "" if error is None else sentence_of(error, visit)
    at_name, at_number = isinstance(error, NameInvalid), isinstance(error, (NumberInvalid, NotAChild))
    typed = visit.form if error is not None else {}
    return visit.form_page(
        "registration/child.html",
        because=error,
        tab="me",
        unlocked=is_unlocked(session.unlocked_until, now=visit.now),
        name=typed.get("name", ""),
        number=typed.get("number", ""),
        relation=typed.get("relation", ""),
        relations=[one.value for one in Relation],
        name_error=sentence if at_name else "",
        number_error=sentence if at_number else "",
        problem="" if at_name or at_number else sentence,
        **shown,
    )
