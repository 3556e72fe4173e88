"""The link in the message to the number of before: keep that number, without signing in (clause 2.7; ADR 0058)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.citizen.browser.session import signed_out_of
from eztong.citizen.journey import FROZEN
from eztong.citizen.visit import Visit
from eztong.i18n.moments import moment_words
from eztong.usecases.contact.keep_number import find_by_link, keep_by_link
from eztong.usecases.freezing.freeze_by_link import freeze_by_phone_link

KEPT: Final = "/phone/kept"


def ask(visit: Visit) -> Response:
    """Show what the link would do. Looking does nothing: messages are opened by programs, too.

    Raises:
        PhoneChangeOver: there is nothing to keep any more.
    """
    services = visit.services
    with services.store.read() as stored:
        change = find_by_link(visit.request.path_params["token"], stored=stored, keys=services.keys, now=visit.now)
    until = change.until or visit.now
    begun = change.begun_at or change.asked_at
    return visit.form_page(
        "contact/keep.html",
        stands="waiting" if change.is_waiting() else "undo",
        since=moment_words(begun, now=visit.now, words=visit.words),
        until=moment_words(until, now=visit.now, words=visit.words),
        phone_told=True,
    )


def keep(visit: Visit) -> Response:
    """Keep the number of before, and freeze the account if that button was pressed.

    Raises:
        PhoneChangeOver: there is nothing to keep any more.
    """
    token = visit.request.path_params["token"]
    if visit.form.get("act") == "freeze":
        return signed_out_of(visit, visit.act(freeze_by_phone_link, token).holder_id, FROZEN)
    visit.act(keep_by_link, token)
    return visit.redirect(KEPT)


def show_kept(visit: Visit) -> Response:
    """Say what that means, and what to do next."""
    return visit.page("contact/keep_kept.html", phone_told=True)
