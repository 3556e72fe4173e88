"""One visit of one browser: what every page of every door starts from.

The rules of this room:

* Handlers are plain functions that run on a worker thread: ``handler(visit) -> Response``.
* A GET changes nothing that matters; whatever changes something is a form that carries the browser's CSRF token.
* No personal data in addresses; whatever a person reads comes from the catalogues.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Concatenate, Final, Generic, ParamSpec, TypeVar
from urllib.parse import urlencode

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from eztong.domain.addresses.network import plain_address
from eztong.domain.errors import EztongError
from eztong.http.cookies import ELDER_COOKIE, LANGUAGE_COOKIE, Cookies, new_token
from eztong.http.correlation import request_id
from eztong.http.csrf import CSRF_FIELD, SignedOut, check_csrf, csrf_token
from eztong.http.problems import status_and_headers
from eztong.i18n.choice import choose_language
from eztong.i18n.moments import clock_words, date_words
from eztong.i18n.translator import Translator
from eztong.pages.assets import Assets
from eztong.pages.brand import brand_look
from eztong.pages.environment import make_environment
from eztong.pages.incident_words import incident_words
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services

P = ParamSpec("P")
T = TypeVar("T")
V = TypeVar("V", bound="Visit")
_CHOICES: Final = frozenset({"lang", "elder"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorPlan:
    """What differs from door to door.

    ``by`` is who acts here; ``cookie`` names the session cookie; ``home`` is where «back to the start» leads,
    ``sign_in`` where a browser without a session is sent. ``ways_on`` maps an error's code to the page that mends it
    and the key of the link's words. ``advice`` is the key of what to do here while something is out of order.
    """

    by: Acting
    templates: Path
    cookie: str
    home: str
    sign_in: str
    ways_on: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    advice: str = "incident.advice"
    uploads: Collection[str] = ()
    """Paths whose forms may bring one file."""
    long_forms: Mapping[str, int] = field(default_factory=dict)
    """Paths whose forms have more fields than others, and how many."""
    own_errors: str = ""
    """What the keys of the door's own sentences for errors begin with, where those for citizens do not fit."""
    error_template: str = ""
    """The door's own page of an error, where it keeps the door's navigation."""


class Door(Generic[V]):
    """What all visits to a door share: services, templates, cookies."""

    def __init__(self, services: Services, plan: DoorPlan, *, assets: Assets, visit_type: type[V]) -> None:
        self.services: Final = services
        self.plan: Final = plan
        self.cookies: Final = Cookies(services.deployment.is_secure, plan.cookie)
        self.assets: Final = assets
        self.templates: Final[Environment] = make_environment(plan.templates, assets=assets)
        self._visit_type = visit_type

    def visit(self, request: Request) -> V:
        """Begin a visit; the form is read later."""
        query, cookies = request.query_params, request.cookies
        language = choose_language(
            request.headers.get("accept-language"), cookies.get(LANGUAGE_COOKIE), query.get("lang")
        )
        cookie = self.cookies.read_session(request)
        return self._visit_type(
            door=self,
            request=request,
            words=Translator(language),
            elder=query.get("elder", cookies.get(ELDER_COOKIE)) == "1",
            cookie=cookie,
            token=cookie or new_token(entropy=self.services.entropy),
            now=self.services.clock.now(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request of a browser. ``token`` is its session token, fresh if ``cookie`` brought none.

    ``has_page`` says that its path can be read as well as posted to; ``is_again`` that a form is shown once more,
    because its token belonged to another page of this browser.
    """

    door: Door[Any] = field(repr=False)
    request: Request = field(repr=False)
    words: Translator = field(repr=False)
    elder: bool
    cookie: str | None = field(repr=False)
    token: str = field(repr=False)
    now: datetime
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    has_page: bool = True
    is_again: bool = False

    @property
    def services(self) -> Services:
        """The ports."""
        return self.door.services

    @property
    def address(self) -> str:
        """The client's network address, plainly spelt: for limits and for the sealed context of an acceptance only."""
        return plain_address(self.request.client.host if self.request.client else "")

    @property
    def sign_in_page(self) -> str:
        """Where a browser without a session is sent."""
        return self.door.plan.sign_in

    @property
    def unlock_page(self) -> str | None:
        """Where a locked session is sent; a door whose sessions lock says where."""
        return None

    @property
    def page_of_form(self) -> str:
        """The address of the page that a form of this request stands on."""
        return self.request.url.path if self.has_page else self.door.plan.home

    @property
    def is_open_to_all(self) -> bool:
        """Say whether the page asks for no session, such as the one to sign in."""
        return self.request.url.path == self.door.plan.sign_in

    def form_token(self) -> str:
        """Return what every form of a page that is shown now carries."""
        return csrf_token(self.token, keys=self.services.keys)

    def check_form(self) -> None:
        """Refuse a form that is not from one of this browser's pages.

        Raises:
            SignedOut: the page is for people who are signed in, and the browser brings no session.
            FormForged: the token is missing or wrong.
        """
        if self.cookie is None and not self.is_open_to_all:
            raise SignedOut
        check_csrf(self.form.get(CSRF_FIELD, ""), session_token=self.cookie, keys=self.services.keys)

    def act(self, use_case: Callable[Concatenate[Act, P], T], /, *args: P.args, **more: P.kwargs) -> T:
        """Run a use case as whoever comes through this door, and wait until it is durable."""
        return self.services.perform(self.door.plan.by, use_case, *args, **more)

    def page(
        self,
        template: str,
        *,
        status: int = 200,
        because: EztongError | None = None,
        **context: Any,  # noqa: ANN401 - whatever the template shows
    ) -> Response:
        """Render a page without a form; ``because`` of an error it has that one's status and headers."""
        status, headers = (status, {}) if because is None else status_and_headers(because)
        html = self.door.templates.get_template(template).render(
            self._shared() | {"is_error": status >= HTTPStatus.BAD_REQUEST} | context
        )
        return HTMLResponse(html, status, headers=headers | {"Content-Language": self.words.language})

    def fragment(self, template: str, **context: Any) -> str:  # noqa: ANN401 - whatever the template shows
        """Render a part of a page, for a script to put in."""
        return self.door.templates.get_template(template).render(self._shared() | context)

    def form_page(
        self,
        template: str,
        *,
        status: int = 200,
        because: EztongError | None = None,
        **context: Any,  # noqa: ANN401 - whatever the template shows
    ) -> Response:
        """Render a page with a form, and give the browser the session token that the form belongs to."""
        response = self.page(template, status=status, because=because, csrf=self.form_token(), **context)
        if self.cookie is None:
            self.door.cookies.keep_session(response, self.token)
        return response

    def redirect(self, path: str) -> Response:
        """Send the browser to another page, by GET."""
        return RedirectResponse(path, HTTPStatus.SEE_OTHER.value)

    def _read_again_at(self) -> str | None:
        # What answers a form is read again at the form's page: by Back, by a reload, by a choice of language.
        if self.request.method != "POST":
            return None
        way_back = self.form.get("next", "")
        return f"{self.page_of_form}?{urlencode({'next': way_back})}" if way_back else self.page_of_form

    def _kept_query(self) -> str:
        # A choice of language or type size keeps the rest of the address, such as the way back.
        rest = [item for item in self.request.query_params.multi_items() if item[0] not in _CHOICES]
        return f"&{urlencode(rest)}" if rest else ""

    def _shared(self) -> dict[str, Any]:
        deployment, brand = self.services.deployment, self.services.brand.look()
        look = brand_look(brand, words=self.words, assets=self.door.assets)
        operator = brand.operator(self.words.language, otherwise=deployment.operator_name)
        sandbox_date = f"{date_words(self.now, words=self.words)} {clock_words(self.now)[:5]}"
        return {
            "t": self.words.text,
            "joined": self.words.joined,
            "language": self.words.language,
            "elder": self.elder,
            "here": self.page_of_form,
            "read_again_at": self._read_again_at(),
            "is_again": self.is_again,
            "kept_query": self._kept_query(),
            "home": self.door.plan.home,
            "tab": None,
            "sandbox_date": sandbox_date if deployment.is_sandbox else None,
            "incidents": [
                incident_words(one, now=self.now, words=self.words)
                for one in self.services.incidents.look().shown(self.now)
            ],
            "incident_advice": self.door.plan.advice,
            "brand": look,
            "operator_name": operator,
            "operator_contact": deployment.operator_contact,
            "run_by": self.words.joined(
                self.words.text("app.operated_by", operator=operator),
                look.help_words,
                self.words.text("app.contact", contact=deployment.operator_contact),
            ),
            "request_id": request_id(self.request.scope),
        }
