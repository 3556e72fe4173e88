"""The page of the link in a notice of a use: a press of a button freezes the account, without a sign-in (2.9)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.browser.session import signed_out_of
from eztong.citizen.journey import FROZEN
from eztong.citizen.visit import Visit
from eztong.i18n.moments import moment_words
from eztong.usecases.freezing.freeze_by_notice import find_freeze_link, freeze_by_notice


def show(visit: Visit) -> Response:
    """Ask once more; opening the page freezes nothing, since others may open links by themselves.

    Raises:
        FreezeLinkOver: the link is over.
    """
    services = visit.services
    with services.store.read() as stored:
        link = find_freeze_link(visit.request.path_params["token"], stored=stored, keys=services.keys, now=visit.now)
    return visit.form_page(
        "freezing/by_notice.html",
        sent=moment_words(link.made_at, now=visit.now, words=visit.words),
        until=moment_words(link.until, now=visit.now, words=visit.words),
    )


def freeze(visit: Visit) -> Response:
    """Freeze the account, and end the session of this browser, should it be one of it.

    Raises:
        FreezeLinkOver: the link is over.
        NotFound, StateConflict: there is no account any more.
    """
    frozen = visit.act(freeze_by_notice, visit.request.path_params["token"])
    return signed_out_of(visit, frozen.holder_id, FROZEN)
