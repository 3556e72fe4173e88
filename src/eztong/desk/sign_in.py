"""Staff sign in, choose their desk and scene, sign out. Wrong names and wrong passwords look alike and cost alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.desk.set_up import TRIES_BY_ADDRESS, offer_page, typed_at_desk
from eztong.desk.visit import HOME, PLACE, Visit
from eztong.domain.desks.staff import LONGEST_PASSWORD, SignInWrong, StaffSetUpNeeded
from eztong.domain.errors import EztongError, SessionMissing, TooMany
from eztong.http.cookies import new_token
from eztong.http.limits import hit_network
from eztong.pages.error_pages import sentence_of
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.desks.prove_staff import TypedAtDesk, prove_staff
from eztong.usecases.desks.sign_in_staff import OnDuty, SignInStaff, sign_in_staff, sign_out_staff, take_place
from eztong.usecases.refusal import accepted

PASSWORD_SETTING: Final = "sandbox_desk_password"  # noqa: S105 - the setting's name


@dataclass(frozen=True, slots=True)
class Demo:
    """An account of the sandbox, to be tried out; one whose app somebody set up has a password of its own."""

    partner: str
    login: str
    password: str


def ask(visit: Visit) -> Response:
    """Ask for name and password; whoever is signed in goes on to the desk."""
    try:
        visit.read_on_duty()
    except SessionMissing:
        return _form(visit, login=visit.form.get("login", "")[:LONGEST_PASSWORD])
    return visit.redirect(HOME)


def sign_in(visit: Visit) -> Response:
    """Begin a session under a fresh token, and go on to the choice of desk, or to setting up an app first."""
    typed, token = typed_at_desk(visit), new_token(entropy=visit.services.entropy)
    try:
        hit_network(visit.services.limiter, TRIES_BY_ADDRESS, visit.address)
        _begin(visit, typed, token)
    except StaffSetUpNeeded:
        return offer_page(visit, typed)
    except (SignInWrong, TooMany) as error:
        return _form(visit, error=error, login=typed.login)
    response = visit.redirect(PLACE)
    visit.door.cookies.keep_session(response, token)
    return response


def sign_out(visit: Visit) -> Response:
    """End the session on the server and in the browser."""
    visit.act(sign_out_staff, visit.staff_session)
    response = visit.redirect(visit.door.plan.sign_in)
    visit.door.cookies.drop_session(response)
    return response


def ask_place(visit: Visit) -> Response:
    """Ask for desk and scene."""
    with visit.services.store.read() as stored:
        on_duty = visit.on_duty(stored)
        all_desks = stored.partners.all_desks(on_duty.partner.partner_id)
        scenes = scene_choices(visit, on_duty, stored)
    return visit.form_page(
        "sign_in_place.html",
        partner=partner_name(visit, on_duty),
        desks=[(one.desk, one.name) for one in all_desks if one.is_open],
        scenes=scenes,
        has_lost_place=on_duty.session.has_lost_place,
        chosen_desk=on_duty.session.desk,
        chosen_scene=on_duty.session.scene,
    )


def take(visit: Visit) -> Response:
    """Note desk and scene.

    Raises:
        DeskUnknown, SceneNotAllowed: not this partner's.
    """
    desk, scene = visit.form.get("desk", ""), visit.form.get("scene", "")
    visit.act(take_place, visit.staff_session, desk=desk, scene=scene)
    return visit.redirect(HOME)


def scene_choices(visit: Visit, on_duty: OnDuty, stored: Repositories) -> list[tuple[str, str]]:
    """Return the partner's scenes with their titles."""
    scenes = stored.partners.scenes(on_duty.partner.partner_id).those
    return [(scene.scene, scene.title_en if visit.in_english else scene.title) for scene in scenes]


def partner_name(visit: Visit, on_duty: OnDuty) -> str:
    """Return the partner's name in the page's language."""
    return on_duty.partner.name_en if visit.in_english else on_duty.partner.name


def _begin(visit: Visit, typed: TypedAtDesk, token: str) -> None:
    proven = prove_staff(typed, by=visit.door.plan.by, services=visit.services)
    command = SignInStaff(staff=proven.staff, password_fits=proven.password_fits, step=proven.step, token=token)
    accepted(visit.act(sign_in_staff, command))


def _form(visit: Visit, *, error: EztongError | None = None, login: str = "") -> Response:
    return visit.form_page(
        "sign_in.html",
        because=error,
        problem="" if error is None else sentence_of(error, visit),
        login=login,
        demos=_demos(visit),
    )


def _demos(visit: Visit) -> list[Demo]:
    if not visit.services.deployment.is_sandbox:
        return []
    with visit.services.store.read() as stored:
        password = stored.settings.get(PASSWORD_SETTING)
        partners = stored.partners.list().those
        if password is None:
            return []
        found = [(partner, stored.staff.by_login(partner.partner_id)) for partner in partners]
    return [
        Demo(partner.name_en if visit.in_english else partner.name, partner.partner_id, password)
        for partner, staff in found
        if staff is not None and not staff.is_set_up
    ]
