"""Name and number: the only two things that the authority is asked with (clauses 2.5, 3.2)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.journey import IDENTITY, RESULT, next_path
from eztong.citizen.limits import IDENTITY_TRIES, count
from eztong.citizen.visit import Visit
from eztong.domain.errors import InputInvalid, StateConflict, TooMany
from eztong.domain.identity.age import service_date
from eztong.domain.identity.citizen_number import NumberInvalid
from eztong.domain.identity.real_name import NameInvalid
from eztong.pages.error_pages import sentence_of
from eztong.usecases.registration.register_identity import RegisterIdentity, register_identity


def ask(visit: Visit) -> Response:
    """Ask for name and number, unless another step is due."""
    way_on = _way_on(visit)
    return _identity_page(visit) if way_on == IDENTITY else visit.redirect(way_on)


def apply(visit: Visit) -> Response:
    """Apply; the result page tells what became of it."""
    way_on = _way_on(visit)
    if way_on != IDENTITY:
        return visit.redirect(RESULT)
    command = RegisterIdentity(
        session_hash=visit.session_hash, name=visit.form.get("name", ""), number=visit.form.get("number", "")
    )
    try:
        count(IDENTITY_TRIES, visit)
        register_identity(command, services=visit.services)
    except (NameInvalid, NumberInvalid, TooMany) as error:
        return _identity_page(visit, error)
    except StateConflict:
        # The same form came twice, and its first copy has just been decided.
        if _way_on(visit) == IDENTITY:
            raise
    return visit.redirect(RESULT)


def _identity_page(visit: Visit, error: InputInvalid | TooMany | None = None) -> Response:
    sentence = "" if error is None else sentence_of(error, visit)
    return visit.form_page(
        "registration/identity.html",
        because=error,
        name=visit.form.get("name", ""),
        number=visit.form.get("number", ""),
        today=service_date(visit.now).isoformat(),
        name_error=sentence if isinstance(error, NameInvalid) else "",
        number_error=sentence if isinstance(error, NumberInvalid) else "",
        problem=sentence if isinstance(error, TooMany) else "",
    )


def _way_on(visit: Visit) -> str:
    with visit.services.store.read() as stored:
        return next_path(visit.signed_in(stored), stored=stored)
