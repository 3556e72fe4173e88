"""Confirm a minor by the six digits that stand on the minor's page (preamble; PIPL art. 31)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.citizen.journey import FAMILY
from eztong.citizen.limits import GUARDIAN_TRIES, count
from eztong.citizen.visit import Visit
from eztong.citizen.words.documents_in_force import documents_in_force
from eztong.domain.access.unlock import is_unlocked
from eztong.domain.errors import (
    EztongError,
    InputInvalid,
    NotPermitted,
    StateConflict,
    TickMissing,
    TooMany,
    Unavailable,
)
from eztong.domain.guardianship.guardianship import InvitationDigitsInvalid, InvitationWrong
from eztong.domain.guardianship.relation import Relation
from eztong.domain.identity.citizen_number import NumberInvalid
from eztong.pages.error_pages import sentence_of
from eztong.usecases.guardianship.confirm_ward import ConfirmWard, confirm_ward

_ON_THE_PAGE: Final = (InputInvalid, NotPermitted, StateConflict, TickMissing, TooMany, Unavailable)


def show(visit: Visit) -> Response:
    """Show the form, and to whom it is open.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    return _page(visit)


def confirm(visit: Visit) -> Response:
    """Declare to be the guardian; the family page says what came of it.

    Raises:
        Locked: unlock first; the form is shown again after it.
    """
    form = visit.form
    try:
        count(GUARDIAN_TRIES, visit)
        command = ConfirmWard(
            session_hash=visit.session_hash,
            digits=form.get("digits", ""),
            number=form.get("number", ""),
            relation=relation_of(form.get("relation", "")),
            understood=form.get("understood") == "yes",
        )
        confirm_ward(command, services=visit.services)
    except _ON_THE_PAGE as error:
        return _page(visit, error)
    return visit.redirect(FAMILY)


def relation_of(typed: str) -> Relation:
    """Return the relation that was chosen.

    Raises:
        InputInvalid: none that is known.
    """
    try:
        return Relation(typed)
    except ValueError as error:
        raise InputInvalid from error


def _page(visit: Visit, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        session = visit.bound(stored).session
        documents = documents_in_force(visit.words.language, stored=stored)
    sentence = "" if error is None else sentence_of(error, visit)
    at_digits, at_number = (
        isinstance(error, (InvitationDigitsInvalid, InvitationWrong)),
        isinstance(error, NumberInvalid),
    )
    return visit.form_page(
        "guardianship/confirm.html",
        because=error,
        tab="me",
        unlocked=is_unlocked(session.unlocked_until, now=visit.now),
        documents=[(kind.value, one.title) for kind, one in documents.items()],
        relations=[one.value for one in Relation],
        relation=visit.form.get("relation", "") if error else "",
        digits=visit.form.get("digits", "") if error and not at_digits else "",
        number=visit.form.get("number", "") if error else "",
        digits_error=sentence if at_digits else "",
        number_error=sentence if at_number else "",
        problem="" if at_digits or at_number else sentence,
    )
