"""Before a grave act the console asks once more who is there; what was filled in waits in the page meanwhile."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final

from starlette.responses import Response

from eztong.console.visit import CONFIRM, ConfirmFirst, Visit
from eztong.domain.errors import EztongError, TooMany
from eztong.domain.operators.permission import GRAVE, Permission
from eztong.domain.operators.session import OneTimeCodeWrong, ProofNeeded
from eztong.http.csrf import CSRF_FIELD
from eztong.pages.set_up_offers import LONGEST_CODE
from eztong.usecases.operators.prove_again import prove_by_code

CODE: Final = "confirm_code"
LOOK: Final = "look"
KEPT: Final = "_kept"
"""What the name of a file adds where its bytes, in base64, stand in a form."""

_FORBIDDEN: Final = 403


def show(visit: Visit) -> Response:
    """Ask who is there, for what comes next."""
    return _page(visit, {"next": visit.way_back})


def by_code(visit: Visit) -> Response:
    """Take a code, and lead to what comes next."""
    try:
        _take(visit)
    except (OneTimeCodeWrong, TooMany) as error:
        return _page(visit, {"next": visit.way_back}, error=error)
    return visit.redirect(visit.way_back)


def confirmed(visit: Visit, handler: Callable[[Visit], Response]) -> Response:
    """Do what the form asks, once its operator has proven who is there; until then ask for that.

    The form's own fields stand in the page that asks: nothing is kept here, and nothing is done by a session alone.
    """
    if visit.request.method != "POST" or visit.request.url.path == CONFIRM:
        return handler(visit)
    kept = {name: value for name, value in visit.form.items() if name not in {CSRF_FIELD, CODE}} | _kept_files(visit)
    try:
        if visit.on_duty.session.is_proven(now=visit.now):
            # Also of a second press: the code of the first one is used, and what it did is shown.
            return handler(visit)
        if CODE in visit.form:
            _take(visit)
        elif visit.permission in GRAVE and not _only_looks(visit):
            return _page(visit, kept)
        return handler(visit)
    except ConfirmFirst:
        return _page(visit, kept)
    except (OneTimeCodeWrong, TooMany) as error:
        if CODE not in visit.form:
            raise
        return _page(visit, kept, error=error)


def _only_looks(visit: Visit) -> bool:
    """Say whether the form asks for a preview. Where that is untrue, the act itself asks for the proof."""
    return visit.form.get("do") == LOOK


def _kept_files(visit: Visit) -> dict[str, str]:
    """Return what a form brought as files, as its page keeps them: a field of text."""
    return {f"{name}{KEPT}": base64.b64encode(content).decode() for name, content in visit.files.items() if content}


def _take(visit: Visit) -> None:
    typed = "".join(visit.form.get(CODE, "").split())[:LONGEST_CODE]
    prove_by_code(typed, visit.network, by=visit.acting, services=visit.services)


def _page(visit: Visit, kept: dict[str, str], *, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        has_passkeys = bool(stored.operator_passkeys.of_operator(visit.on_duty.operator.name))
    return visit.form_page(
        "access/confirm.html",
        status=_FORBIDDEN if visit.request.method == "POST" else 200,
        because=error,
        what=None if visit.permission is Permission.CONSOLE else visit.permission,
        kept=kept,
        action=visit.request.url.path,
        is_form=visit.request.url.path != CONFIRM,
        has_passkeys=has_passkeys,
        site=visit.services.console_passkeys.site,
        needed=ProofNeeded.code,
    )
