"""What a form asks is done once: a second press is led to what the first one came to.

A form is known by the word that its page was shown with and by what was filled in: another form of the same page, and
the same form of a page that was opened anew, are other ones. What was refused can be sent again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from starlette.responses import RedirectResponse, Response

from eztong.console.visit import TWICE, Visit
from eztong.domain.errors import EztongError
from eztong.domain.operators.sent_form import SentForm
from eztong.pages.staff_visit import ConfirmFirst
from eztong.usecases.operators.send_once import begin_form, end_form, forget_form, hash_form

ONLY_LOOKS: Final = re.compile(
    r"/console/(?:(?:tickets|applications)/bulk|tickets|find|audit/(?:export|pack)|incidents/reports/[^/]+/export)"
)
"""Addresses whose form shows something and changes nothing: it may be sent as often as one likes."""


def once(handler: Callable[[Visit], Response]) -> Callable[[Visit], Response]:
    """Return the handler of a form, which does nothing for a second press."""

    def handle(visit: Visit) -> Response:
        path = visit.request.url.path
        if ONLY_LOOKS.fullmatch(path):
            return handler(visit)
        services = visit.services
        filled = json.dumps([path, sorted(visit.form.items())]).encode()
        form = SentForm(
            session_hash=visit.on_duty.session.session_hash,
            form_hash=hash_form(visit.form_word, filled, keys=services.keys),
            sent_at=visit.now,
        )
        before = services.perform(visit.acting, begin_form, form.session_hash, form.form_hash)
        if before is not None:
            return visit.redirect(before.led_to or f"{visit.page_of_form}?{TWICE}")
        try:
            response = handler(visit)
        except (EztongError, ConfirmFirst):
            services.perform(visit.acting, forget_form, form)
            raise
        if isinstance(response, RedirectResponse):
            services.perform(visit.acting, end_form, form, response.headers["location"])
        elif response.status_code >= HTTPStatus.BAD_REQUEST:
            services.perform(visit.acting, forget_form, form)
        return response

    return handle
