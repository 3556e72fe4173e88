"""The desk page: one input for scanners and fingers, the answer in huge letters, the last twenty beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from eztong.desk.showing import Shown, read_document, read_request, row_of, show_error, show_line, show_result
from eztong.desk.sign_in import partner_name, scene_choices
from eztong.desk.visit import HOME, PLACE, Visit
from eztong.domain.desks.desk_preset import preset_of
from eztong.domain.desks.staff import DeskEntry
from eztong.domain.errors import CodeAlreadyUsed, CodeUnknown, DeskUnknown, EztongError, NotFound, SceneNotAllowed
from eztong.domain.partners.partner import Scene
from eztong.domain.requests.request import Request, RequestState
from eztong.http.limits import check_replays
from eztong.http.presented_codes import count_refusal, parse_genuine
from eztong.ports.limiter import Limit
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.codes.verify_code import VerifyCode, handles_of
from eztong.usecases.desks.check_at_desk import CheckedAtDesk, check_at_desk
from eztong.usecases.desks.sign_in_staff import OnDuty
from eztong.usecases.desks.standing import Standing
from eztong.usecases.desks.tick_off_steps import LAST, TickOff, tick_off_steps
from eztong.usecases.refusal import accepted

CHECKS: Final = Limit("desk_checks", 300, 60)
CHECKS_PATH: Final = "/desk/checks"
_IN_PLACE: Final = "in_place"
_STEP: Final = "step_"
_MAX_INPUT: Final = 200
_FRESH_SECONDS: Final = 15
_LED_HERE_SECONDS: Final = 5
_AGAIN: Final = "again"


def show(visit: Visit) -> Response:
    """Show the desk, ready for the next code."""
    on_duty = visit.read_on_duty()
    if on_duty.session.desk is None:
        return visit.redirect(PLACE)
    return desk_page(visit, on_duty)


def check(visit: Visit) -> Response:
    """Verify what was scanned or typed, and show the answer on the page."""
    on_duty = visit.read_on_duty()
    if on_duty.session.desk is None:
        return visit.redirect(PLACE)
    try:
        shown = _check(visit, on_duty)
    except EztongError as error:
        return desk_page(visit, on_duty, shown=show_error(visit, error), because=error)
    # The page's script puts the panel into the page that stands. A form without script is led to the line's own
    # address: reloading it, or coming back to it, sends no code again.
    if visit.form.get(_IN_PLACE) == "yes":
        return desk_page(visit, on_duty, shown=shown)
    again = f"?{_AGAIN}=yes" if shown.is_again else ""
    return visit.redirect(f"{CHECKS_PATH}/{shown.entry_id}{again}")


def show_again(visit: Visit) -> Response:
    """Show a line of this desk's record.

    Raises:
        NotFound: not a line of this desk, or one without an answer.
    """
    on_duty = visit.read_on_duty()
    if on_duty.session.desk is None:
        return visit.redirect(PLACE)
    with visit.services.store.read() as stored:
        entry_id = visit.request.path_params["entry_id"]
        entry = stored.staff.entry(on_duty.partner.partner_id, on_duty.session.desk, entry_id)
        if entry is None:
            raise NotFound
        shown = show_line(visit, entry, stored, is_new=_is_new(visit, entry))
    return desk_page(visit, on_duty, shown=shown)


def _is_new(visit: Visit, entry: DeskEntry) -> bool:
    # The form without script is led here with its answer. Whoever comes later looks at an answer of before.
    is_fresh = (visit.now - entry.created_at).total_seconds() <= _LED_HERE_SECONDS
    return is_fresh and _AGAIN not in visit.request.query_params


def tick_off(visit: Visit) -> Response:
    """Keep what staff ticked off with the line of the record.

    Raises:
        NotFound: not one of this desk's newest lines.
    """
    ticked = frozenset(name.removeprefix(_STEP) for name, value in visit.form.items() if value == "yes")
    command = TickOff(staff_session=visit.staff_session, entry_id=visit.form.get("entry", ""), ticked=ticked)
    visit.act(tick_off_steps, command)
    return visit.redirect(HOME)


def desk_page(
    visit: Visit, on_duty: OnDuty, *, shown: Shown | None = None, because: EztongError | None = None
) -> Response:
    """Render the whole desk."""
    with visit.services.store.read() as stored:
        context = live_context(visit, on_duty, stored)
        scene = _scene(on_duty, stored)
        desks = dict(stored.partners.desks(on_duty.partner.partner_id))
        scenes = scene_choices(visit, on_duty, stored)
    context["shown"] = shown or context.pop("arrived")
    return visit.form_page(
        "counter.html",
        because=because,
        partner=partner_name(visit, on_duty),
        desk=on_duty.session.desk,
        desk_name=desks.get(on_duty.session.desk or "", on_duty.session.desk),
        scene=scene.scene,
        scenes=scenes,
        preset=preset_of(scene).key,
        asks=sorted(preset_of(scene).asks(scene)),
        staff=on_duty.staff.login,
        **context,
    )


def live_context(visit: Visit, on_duty: OnDuty, stored: Repositories) -> dict[str, Any]:
    """Return what changes while the page stands: waiting requests, a result that just arrived, the last twenty."""
    entries = _entries(on_duty, stored)
    rows = [row for entry in entries if (row := row_of(visit, entry, stored)) is not None]
    return {
        "waiting": [
            {"entry": entry.entry_id, "match": request.match_number, "opened": request.state is RequestState.DOING}
            for entry, request in _requests(visit, entries, stored)
            if request.state in {RequestState.INIT, RequestState.DOING}
        ],
        "arrived": _arrived(visit, entries, stored),
        "rows": rows,
    }


def _check(visit: Visit, on_duty: OnDuty) -> Shown:
    services = visit.services
    caller, desk = on_duty.caller(now=visit.now), on_duty.session.desk or ""
    with services.store.read() as stored:
        scene = _scene(on_duty, stored)
    services.limiter.hit(CHECKS, f"{caller.partner.partner_id}/{desk}")
    typed = visit.form.get("code", "")[: _MAX_INPUT + 1]
    presented = parse_genuine(typed, caller=caller, desk=desk, now=visit.now, services=services)
    command = VerifyCode(
        caller=caller,
        presented=presented,
        handles=handles_of(presented, keys=services.keys),
        scene=scene.scene,
        desk=desk,
        wants=preset_of(scene).asks(scene),
        environment=services.deployment.mode.value,
        asker=on_duty.session.session_hash.hex(),
    )
    check_replays(command, now=visit.now, services=services)
    checked = _verify(visit, command, on_duty)
    if checked.answered.leaf is not None:
        services.observer.verification(checked.answered.verification.outcome.value)
    document: Mapping[str, Any] = json.loads(checked.answered.result)
    return show_result(visit, document, scene=scene, entry=checked.entry, standing=checked.standing)


def _verify(visit: Visit, command: VerifyCode, on_duty: OnDuty) -> CheckedAtDesk:
    services = visit.services
    try:
        return accepted(visit.act(check_at_desk, command, on_duty.session.session_hash))
    except (CodeUnknown, CodeAlreadyUsed) as why:
        count_refusal(command, why, services=services)
        raise


def _scene(on_duty: OnDuty, stored: Repositories) -> Scene:
    scene = stored.partners.scene(on_duty.partner.partner_id, on_duty.session.scene or "")
    if scene is None:
        raise SceneNotAllowed
    return scene


def _entries(on_duty: OnDuty, stored: Repositories) -> list[DeskEntry]:
    if on_duty.session.desk is None:
        raise DeskUnknown
    return list(stored.staff.entries(on_duty.partner.partner_id, on_duty.session.desk, limit=LAST))


def _requests(visit: Visit, entries: list[DeskEntry], stored: Repositories) -> list[tuple[DeskEntry, Request]]:
    found = ((entry, read_request(visit, entry, stored)) for entry in entries)
    return [(entry, request) for entry, request in found if request is not None]


def _arrived(visit: Visit, entries: list[DeskEntry], stored: Repositories) -> Shown | None:
    for entry, request in _requests(visit, entries, stored):
        if request.state is not RequestState.FINISHED or request.verification_id is None:
            continue
        verification = stored.verifications.get(entry.partner_id, request.verification_id)
        scene = stored.partners.scene(entry.partner_id, entry.scene)
        if verification is None or scene is None:
            continue
        if (visit.now - verification.created_at).total_seconds() > _FRESH_SECONDS:
            continue
        document = read_document(visit, request.verification_id, entry, stored)
        return show_result(visit, document, scene=scene, entry=entry, standing=Standing.NEW)
    return None
