"""What console and partner portal share: people whose every act stands in the audit, fresh proofs, ways back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Concatenate, Final, ParamSpec, TypeVar
from urllib.parse import urlencode

from starlette.responses import Response
from typing_extensions import override

from eztong.domain.addresses.network import network_of
from eztong.domain.errors import EztongError
from eztong.domain.operators.audit import AuditStep
from eztong.domain.operators.session import ProofNeeded
from eztong.i18n.moments import clock_words, date_words, moment_words
from eztong.pages.visit import Visit
from eztong.ports.act import Act, Acting
from eztong.usecases.operators.note_audit import note_intent, note_not_done

P = ParamSpec("P")
T = TypeVar("T")
_DONE: Final = "done=yes"


class ConfirmFirst(Exception):
    """The act waits for a proof of whoever acts. As no :class:`EztongError` it is taken for a refusal by no page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffVisit(Visit):
    """A request of a browser in which somebody acts by name."""

    @property
    def acting(self) -> Acting:
        """Who acts.

        Raises:
            SessionMissing: nobody.
        """
        raise NotImplementedError

    @property
    def doing(self) -> str:
        """What the audit calls what this address is for."""
        raise NotImplementedError

    @property
    def is_grave(self) -> bool:
        """Say whether what this address is for asks for a fresh proof."""
        raise NotImplementedError

    @property
    def is_proven(self) -> bool:
        """Say whether whoever is signed in proved a second factor within the last minutes.

        Raises:
            SessionMissing: nobody is signed in.
        """
        raise NotImplementedError

    @property
    def forms(self) -> re.Pattern[str]:
        """What the address of a form adds to that of the page it stands on."""
        raise NotImplementedError

    @property
    @override
    def page_of_form(self) -> str:
        path = self.request.url.path
        return path if self.has_page else self.forms.sub("", path)

    @property
    @override
    def sign_in_page(self) -> str:
        """The sign-in page, which then leads back to this one."""
        url, plan = self.request.url, self.door.plan
        back = f"{url.path}?{url.query}" if self.request.method == "GET" and url.query else self.page_of_form
        return plan.sign_in if back == plan.home else f"{plan.sign_in}?{urlencode({'next': back})}"

    @property
    def way_back(self) -> str:
        """Where whoever signs in goes on: the page of this door that led here, or its first one."""
        back = self.form.get("next", "") or self.request.query_params.get("next", "")
        return back if _own_page(self.door.plan.home).fullmatch(back) else self.door.plan.home

    @property
    def network(self) -> str:
        """The network that the browser comes from, as limits name it."""
        return network_of(self.address).narrow

    @property
    def is_done(self) -> bool:
        """Say whether this page was led to by what was done."""
        return self.request.url.query == _DONE

    def perform(
        self,
        use_case: Callable[Concatenate[Act, P], T],
        /,
        *args: P.args,
        **more: P.kwargs,
    ) -> T:
        """Run a use case as whoever is signed in, between an intent and an outcome in the audit.

        The first argument names what it is done to.

        Raises:
            Exception: whatever the use case raised, after nothing of it but the refusal was kept.
        """
        subject = args[0] if args and isinstance(args[0], str) else ""
        return self.audited(lambda: self.services.perform(self.acting, use_case, *args, **more), subject=subject)

    def audited(self, do: Callable[[], T], *, subject: str = "") -> T:
        """Do something as whoever is signed in: what is meant stands in the audit before, and a refusal after.

        Raises:
            ConfirmFirst: it is grave, and whoever acts has to prove first who is there.
            Exception: what ``do`` raised.
        """
        self.services.perform(self.acting, note_intent, self.doing, subject)
        try:
            return do()
        except EztongError as error:
            self.note_not_done(AuditStep.REFUSED, subject, error.code)
            if isinstance(error, ProofNeeded):
                raise ConfirmFirst from error
            raise
        except Exception as error:
            self.note_not_done(AuditStep.FAILED, subject, type(error).__name__)
            raise

    def note_not_done(self, step: AuditStep, subject: str, error: str) -> None:
        """Put on record that what this address is for was refused, or failed."""
        self.services.perform(self.acting, note_not_done, step, self.doing, subject=subject, error=error)

    def redirect_done(self, path: str) -> Response:
        """Lead to a page that says that what was asked was done."""
        return self.redirect(f"{path}?{_DONE}")

    def when(self, moment: Any) -> str:  # noqa: ANN401 - a moment, or None where there is none
        """Return a moment in words, or a dash."""
        return "—" if moment is None else moment_words(moment, now=self.now, words=self.words)

    def stamp(self, moment: datetime) -> str:
        """Return a moment to the second, as a log has it."""
        return f"{date_words(moment, words=self.words)} {clock_words(moment)}"


@lru_cache
def _own_page(home: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(home)}(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*(?:\?[A-Za-z0-9._~=&%+:-]*)?")
