"""What the partner asked: page by page, by outcome, scene, desk and day; one of them, and its evidence.

It shows what the partner was told, and of that the kinds alone: what was told of a person stands in the answer that its
server got, and in the evidence.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from eztong.domain.codes.verification import Outcome, Verification
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.identifiers import PartnerId, VerificationId
from eztong.domain.portal.permission import PortalPermission
from eztong.domain.portal.usage import DayInvalid, parse_day
from eztong.partner_portal.visit import Visit
from eztong.ports.storage.codes.verifications import AskedVerifications
from eztong.usecases.disputes.give_evidence import give_to_person
from eztong.usecases.portal.read_usage import LOOKED_BACK, page_of_verifications

HOME: Final = "/partner/verifications"
SHOWN: Final = 50
FIELDS: Final = ("outcome", "scene", "desk")
_LONGEST: Final = 40


def show(visit: Visit) -> Response:
    """Show those that match, newest first."""
    query = visit.request.query_params
    asked = AskedVerifications(**{name: query.get(name, "").strip()[:_LONGEST] for name in FIELDS})
    typed_day, problem = query.get("day", "").strip()[:_LONGEST], None
    try:
        day = parse_day(typed_day) if typed_day else None
    except DayInvalid as error:
        day, problem = None, error
    with visit.services.store.read() as stored:
        found = page_of_verifications(
            visit.partner_id,
            asked,
            day=day,
            before=query.get("before", "")[:_LONGEST],
            limit=SHOWN + 1,
            stored=stored,
            now=visit.now,
        )
        scenes = stored.partners.scenes(visit.partner_id).those
        desks = stored.partners.desks(visit.partner_id)
    shown = [] if problem else found.those[:SHOWN]
    fields = {name: getattr(asked, name) for name in FIELDS} | {"day": typed_day}
    narrow = {name: value for name, value in fields.items() if value}
    older = urlencode({**narrow, "before": shown[-1].verification_id}) if len(found.those) > SHOWN and shown else ""
    return visit.form_page(
        "verifications.html",
        because=problem,
        found=shown,
        unreadable=found.unreadable,
        fields=fields,
        outcomes=list(Outcome),
        scenes={one.scene: one.title_en if visit.words.language == "en" else one.title for one in scenes},
        desks=dict(desks),
        older=f"{HOME}?{older}" if older else "",
        is_narrowed=bool(narrow),
        is_later_page="before" in query,
        looked_back=LOOKED_BACK // timedelta(days=1),
    )


def show_one(visit: Visit) -> Response:
    """Show one.

    Raises:
        NotFound: the partner has none of this id.
    """
    return _one(visit)


def take_evidence(visit: Visit) -> Response:
    """Give the partner's side of one as a file, for ``eztong evidence verify``.

    Raises:
        NotFound: the partner has none of this id.
    """
    services, wanted = visit.services, _id(visit)
    partner_id, by = visit.partner_id, visit.acting
    try:
        given = visit.audited(lambda: give_to_person(partner_id, wanted, by=by, services=services), subject=wanted)
    except NotFound:
        raise
    except EztongError as error:
        return _one(visit, error=error)
    named = {"Content-Disposition": f'attachment; filename="{given.file_name}"', "Cache-Control": "no-store"}
    return Response(given.file, media_type="application/json", headers=named)


def _id(visit: Visit) -> VerificationId:
    return VerificationId(str(visit.request.path_params["verification_id"]))


def _one(visit: Visit, *, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        found = stored.verifications.get(visit.partner_id, _id(visit))
        if found is None:
            raise NotFound("There is no such verification of yours.")
        scene = stored.partners.scene(visit.partner_id, found.scene)
        desks = dict(stored.partners.desks(visit.partner_id))
        asked_by = _asked_by(visit.partner_id, found, stored)
    title = found.scene if scene is None else scene.title_en if visit.words.language == "en" else scene.title
    return visit.form_page(
        "verifications_one.html",
        because=error,
        one=found,
        scene=title,
        desk=None if found.desk is None else desks.get(found.desk, found.desk),
        asked_by=asked_by,
        may_take=visit.may(PortalPermission.EVIDENCE_TAKE),
    )


def _asked_by(partner_id: PartnerId, found: Verification, stored: Any) -> str:  # noqa: ANN401 - the repositories
    """Return the label of the key, or the sign-in name of the staff, that asked."""
    if found.api_key_id is None:
        return ""
    keys = {one.key_id: one.label for one in stored.partners.keys(partner_id)}
    staff = stored.staff.get(partner_id, found.api_key_id)
    return keys.get(found.api_key_id) or (staff.login if staff is not None else found.api_key_id)
