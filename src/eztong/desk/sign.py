"""The printable sign of a counter: its QR, who asks, for what, and what rights a person has. Making one is a press."""

from __future__ import annotations

from starlette.responses import Response

from eztong.desk.sign_in import partner_name
from eztong.desk.visit import HOME, Visit
from eztong.domain.desks.desk_preset import preset_of
from eztong.domain.errors import InputInvalid, NotFound
from eztong.http.qr_svg import render_qr
from eztong.usecases.desks.open_desk_request import desk_name, issue_sign


def show(visit: Visit) -> Response:
    """Show the sign in use, or the button that makes one."""
    with visit.services.store.read() as stored:
        on_duty = visit.on_duty(stored)
        desk, scene_id = on_duty.session.desk, on_duty.session.scene
        if desk is None or scene_id is None:
            return visit.redirect(HOME)
        scene = stored.partners.scene(on_duty.partner.partner_id, scene_id)
        sign = stored.staff.live_sign(on_duty.partner.partner_id, desk, scene_id)
        name = desk if sign is None else desk_name(sign, stored=stored)
    if scene is None:
        raise NotFound
    url = None if sign is None else f"{visit.services.deployment.public_url}/at/{sign.token}"
    return visit.form_page(
        "sign.html",
        partner=partner_name(visit, on_duty),
        desk_name=name,
        scene=scene.title_en if visit.in_english else scene.title,
        purpose=scene.purpose_en if visit.in_english else scene.purpose,
        asks=sorted(preset_of(scene).asks(scene)),
        url=url,
        qr=None if url is None else render_qr(url, label=visit.words.text("desk.sign_qr")),
    )


def make(visit: Visit) -> Response:
    """Make the sign, or replace the one in use, whose QR then ends."""
    act = visit.form.get("act")
    if act not in {"make", "renew"}:
        raise InputInvalid
    visit.act(issue_sign, visit.staff_session, renew=act == "renew")
    return visit.redirect("/desk/sign")
