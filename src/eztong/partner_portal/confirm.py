"""Before a grave act the portal asks once more who is there: by a code of the person's app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from eztong.domain.portal.permission import PortalPermission
from eztong.pages.confirm import Confirming
from eztong.partner_portal.sign_in import demos
from eztong.partner_portal.visit import CONFIRM, Visit
from eztong.usecases.portal.prove_person import prove_person


def _ask(visit: Visit, shown: Mapping[str, Any]) -> Response:
    what = None if visit.permission is PortalPermission.HOME else visit.permission
    login = visit.signed_in.person.login
    demo = next((one for one in demos(visit) if one.login == login), None)
    return visit.form_page("confirm.html", what=what, demo=demo, **shown)


def _prove(visit: Visit, typed: str) -> None:
    prove_person(typed, visit.network, by=visit.acting, services=visit.services)


CONFIRMING: Final = Confirming(CONFIRM, _ask, _prove)
