"""The page of the link in the mail that proves an address: a press of a button confirms it, without a sign-in."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.domain.identity.email_address import mask_email
from eztong.usecases.own_notices.prove_email import find_by_email_link, prove_email


def show(visit: Visit) -> Response:
    """Ask whether the address is the reader's; opening the page confirms nothing, since mail programs open links.

    Raises:
        EmailLinkOver: the link is over.
    """
    services = visit.services
    with services.store.read() as stored:
        found = find_by_email_link(visit.request.path_params["token"], stored=stored, keys=services.keys, now=visit.now)
    return visit.form_page("notices/proof.html", address=mask_email(found.address))


def confirm(visit: Visit) -> Response:
    """Confirm it.

    Raises:
        EmailLinkOver: the link is over.
    """
    visit.act(prove_email, visit.request.path_params["token"])
    return visit.page("notices/proof_done.html")
