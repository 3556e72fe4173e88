"""Before a grave act a page asks once more who is there; what was filled in waits in that page meanwhile."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from starlette.responses import Response

from eztong.domain.errors import EztongError, TooMany
from eztong.domain.operators.session import OneTimeCodeWrong, ProofNeeded
from eztong.http.csrf import CSRF_FIELD
from eztong.pages.set_up_offers import LONGEST_CODE
from eztong.pages.staff_visit import ConfirmFirst, StaffVisit

V = TypeVar("V", bound=StaffVisit)
CODE: Final = "confirm_code"
LOOK: Final = "look"
KEPT: Final = "_kept"
"""What the name of a file adds where its bytes, in base64, stand in a form."""

_FORBIDDEN: Final = 403


@dataclass(frozen=True, slots=True)
class Confirming(Generic[V]):
    """The page of a door that asks who is there.

    ``address`` is its own, ``ask`` renders it, ``prove`` takes the code that was typed.
    """

    address: str
    ask: Callable[[V, Mapping[str, Any]], Response]
    prove: Callable[[V, str], None]

    def show(self, visit: V) -> Response:
        """Ask who is there, for what comes next."""
        return self._page(visit, {"next": visit.way_back})

    def by_code(self, visit: V) -> Response:
        """Take a code, and lead to what comes next."""
        try:
            self._take(visit)
        except (OneTimeCodeWrong, TooMany) as error:
            return self._page(visit, {"next": visit.way_back}, error=error)
        return visit.redirect(visit.way_back)

    def confirmed(self, visit: V, handler: Callable[[V], Response]) -> Response:
        """Do what the form asks, once whoever sent it has proven who is there; until then ask for that.

        The form's own fields stand in the page that asks: nothing is kept here, and nothing is done by a session alone.
        """
        if visit.request.method != "POST" or visit.request.url.path == self.address:
            return handler(visit)
        kept = {name: value for name, value in visit.form.items() if name not in {CSRF_FIELD, CODE}} | _files(visit)
        try:
            if visit.is_proven:
                # Also of a second press: the code of the first one is used, and what it did is shown.
                return handler(visit)
            if CODE in visit.form:
                self._take(visit)
            elif visit.is_grave and not _only_looks(visit):
                return self._page(visit, kept)
            return handler(visit)
        except ConfirmFirst:
            return self._page(visit, kept)
        except (OneTimeCodeWrong, TooMany) as error:
            if CODE not in visit.form:
                raise
            return self._page(visit, kept, error=error)

    def _take(self, visit: V) -> None:
        self.prove(visit, "".join(visit.form.get(CODE, "").split())[:LONGEST_CODE])

    def _page(self, visit: V, kept: dict[str, str], *, error: EztongError | None = None) -> Response:
        shown = {
            "status": _FORBIDDEN if visit.request.method == "POST" else 200,
            "because": error,
            "kept": kept,
            "action": visit.request.url.path,
            "is_form": visit.request.url.path != self.address,
            "needed": ProofNeeded.code,
        }
        return self.ask(visit, shown)


def _only_looks(visit: StaffVisit) -> bool:
    """Say whether the form asks for a preview. Where that is untrue, the act itself asks for the proof."""
    return visit.form.get("do") == LOOK


def _files(visit: StaffVisit) -> dict[str, str]:
    """Return what a form brought as files, as its page keeps them: a field of text."""
    return {f"{name}{KEPT}": base64.b64encode(content).decode() for name, content in visit.files.items() if content}
