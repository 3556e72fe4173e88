"""A partner's API keys at the console: making one, and revoking one after a look at it."""

from __future__ import annotations

from starlette.responses import Response

from eztong.console.partners.page import HOME, id_of, partner_page
from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.operators.permission import Permission
from eztong.domain.partners.partner import ApiKey
from eztong.pages.key_forms import typed_key
from eztong.usecases.partners.authenticate_partner import issue_api_key, revoke_api_key
from eztong.usecases.partners.find_key import find_key
from eztong.usecases.partners.find_partner import find_partner


def make(visit: Visit) -> Response:
    """Make an API key and show it, once; the same form sent again shows the same key.

    Raises:
        NotFound: no such partner.
    """
    services, partner_id = visit.services, id_of(visit)
    try:
        command = typed_key(visit, partner_id)
        _key, text = visit.audited(lambda: services.perform(visit.acting, issue_api_key, command), subject=partner_id)
    except NotFound:
        raise
    except EztongError as error:
        return partner_page(visit, error=error)
    return partner_page(visit, new_key=text)


def show(visit: Visit) -> Response:
    """Show one key, and ask whether it shall be revoked.

    Raises:
        NotFound: no such partner, or it has no such key.
    """
    with visit.services.store.read() as stored:
        partner = find_partner(id_of(visit), stored=stored)
    may_revoke = visit.may(Permission.PARTNERS_KEEP)
    return visit.form_page("partners/keys.html", partner=partner, key=_found(visit), may_revoke=may_revoke)


def revoke(visit: Visit) -> Response:
    """Revoke a key: nothing is answered to it any more.

    Raises:
        NotFound: the partner has no such live key.
    """
    services, partner_id, key = visit.services, id_of(visit), _found(visit)
    visit.audited(lambda: services.perform(visit.acting, revoke_api_key, partner_id, key.key_id), subject=partner_id)
    return visit.redirect(f"{HOME}/{partner_id}?done=revoked")


def _found(visit: Visit) -> ApiKey:
    with visit.services.store.read() as stored:
        return find_key(id_of(visit), str(visit.request.path_params["key_id"]), stored=stored)
