"""The partner's API keys: which there are, making one, and revoking one after a look at it."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.domain.errors import EztongError
from eztong.domain.partners.partner import ApiKey
from eztong.domain.portal.permission import PortalPermission
from eztong.pages.key_forms import key_form, typed_key
from eztong.partner_portal.visit import Visit
from eztong.usecases.partners.authenticate_partner import issue_api_key, revoke_api_key
from eztong.usecases.partners.find_key import find_key

HOME: Final = "/partner/keys"


def show(visit: Visit) -> Response:
    """List the keys, those that work first."""
    return _page(visit)


def make(visit: Visit) -> Response:
    """Make a key and show it, once; the same form sent again shows the same key."""
    services, partner_id = visit.services, visit.partner_id
    try:
        command = typed_key(visit, partner_id)
        _key, text = visit.audited(lambda: services.perform(visit.acting, issue_api_key, command), subject=partner_id)
    except EztongError as error:
        return _page(visit, error=error)
    return _page(visit, new_key=text)


def show_one(visit: Visit) -> Response:
    """Show one key, and ask whether it shall be revoked.

    Raises:
        NotFound: the partner has no such key.
    """
    return visit.form_page("keys_one.html", key=_key(visit), may_revoke=visit.may(PortalPermission.KEYS_REVOKE))


def revoke(visit: Visit) -> Response:
    """Revoke the key: nothing is answered to it any more.

    Raises:
        NotFound: the partner has no such live key.
    """
    services, key, partner_id = visit.services, _key(visit), visit.partner_id
    visit.audited(lambda: services.perform(visit.acting, revoke_api_key, partner_id, key.key_id), subject=key.key_id)
    return visit.redirect(f"{HOME}?done=revoked")


def _key(visit: Visit) -> ApiKey:
    with visit.services.store.read() as stored:
        return find_key(visit.partner_id, str(visit.request.path_params["key_id"]), stored=stored)


def _page(visit: Visit, *, error: EztongError | None = None, new_key: str = "") -> Response:
    with visit.services.store.read() as stored:
        keys = stored.partners.keys(visit.partner_id)
    return visit.form_page(
        "keys.html",
        because=error,
        keys=[one for one in keys if one.is_live(visit.now)],
        over=[one for one in reversed(keys) if not one.is_live(visit.now)][:20],
        new_key=new_key,
        may_make=visit.may(PortalPermission.KEYS_MAKE),
        is_open=error is not None,
        was_revoked=visit.request.query_params.get("done") == "revoked",
        **key_form(visit),
    )
