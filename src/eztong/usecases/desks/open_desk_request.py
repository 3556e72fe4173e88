"""The citizen scans the counter's QR: a request opens for that desk, as if the partner's server had asked for it."""

from __future__ import annotations

from eztong.domain.desks.desk_preset import preset_of
from eztong.domain.desks.staff import SCANS_OF_HOLDER, DeskEntry, DeskSign, SignUnknown
from eztong.domain.errors import NotFound
from eztong.domain.partners.partner import ApiKey, Partner, PartnerState, Scene, Scope, check_caller
from eztong.domain.requests.request import Request
from eztong.domain.standing import check_may_show_code
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.desks.sign_in_staff import find_duty
from eztong.usecases.naming import new_id
from eztong.usecases.requests.open_request import OpenRequest, open_request
from eztong.usecases.spend_budget import spend

_TOKEN_BYTES = 16


def find_sign(token: str, *, stored: Repositories) -> tuple[DeskSign, Partner, Scene]:
    """Return what a counter's QR stands for.

    Raises:
        SignUnknown: never printed, replaced, or the partner, desk or scene is gone.
    """
    sign = stored.staff.sign_by_token(token)
    if sign is None or sign.revoked_at is not None:
        raise SignUnknown
    partner = stored.partners.get(sign.partner_id)
    scene = stored.partners.scene(sign.partner_id, sign.scene)
    if partner is None or partner.state is not PartnerState.APPROVED or scene is None:
        raise SignUnknown
    if not stored.partners.has_desk(sign.partner_id, sign.desk):
        raise SignUnknown
    return sign, partner, scene


def desk_name(sign: DeskSign, *, stored: Repositories) -> str:
    """Return what the partner calls the desk."""
    return dict(stored.partners.desks(sign.partner_id)).get(sign.desk, sign.desk)


def open_desk_request(act: Act, token: str, session_hash: bytes) -> Request:
    """Open a request for the desk behind the sign.

    1. The session is live on a bound device, freshly unlocked, and its account could answer.
    2. The sign is in use, its partner approved. A holder opens a few a day at one partner: a picture of a sign must not
       be enough to use up the partner's quota, nor to fill its screens.
    3. The request asks for the scene at the desk, for this time only.
    4. The desk's record gets its line, by which the desk's screen shows the match number.

    Raises:
        SessionMissing, DeviceNotBound, Locked, HolderNotUsable, SignUnknown, TooMany: nothing was opened.
    """
    holder = find_unlocked(session_hash, stored=act.uow, now=act.now).holder
    check_may_show_code(holder)
    sign, partner, scene = find_sign(token, stored=act.uow)
    spend(act, SCANS_OF_HOLDER, partner.partner_id.encode(), holder.holder_id.encode())
    acting = ApiKey(
        key_id=sign.sign_id,
        partner_id=partner.partner_id,
        label="sign",
        scopes=frozenset({Scope.REQUEST}),
        created_at=sign.created_at,
    )
    command = OpenRequest(
        caller=check_caller(partner, acting, now=act.now),
        scene=scene.scene,
        desk=sign.desk,
        wants=preset_of(scene).asks(scene),
        grant_days=0,
        reference=None,
    )
    request = open_request(act, command)
    act.uow.staff.add_entry(
        DeskEntry(
            partner_id=partner.partner_id,
            desk=sign.desk,
            entry_id=new_id(act, "dsk"),
            staff_id=None,
            scene=scene.scene,
            verification_id=None,
            request_id=request.request_id,
            created_at=act.now,
        )
    )
    return request


def issue_sign(act: Act, staff_session: bytes, *, renew: bool = False) -> DeskSign:
    """Return the sign of the desk and scene that staff stand at; ``renew`` revokes the one in use for a new one.

    Raises:
        SessionMissing: the session was ended.
        NotFound: the session has no desk yet.
    """
    on_duty = find_duty(staff_session, stored=act.uow, now=act.now)
    desk, scene = on_duty.session.desk, on_duty.session.scene
    if desk is None or scene is None:
        raise NotFound
    partner_id = on_duty.partner.partner_id
    in_use = act.uow.staff.live_sign(partner_id, desk, scene)
    if in_use is not None and not renew:
        return in_use
    if in_use is not None:
        act.uow.staff.revoke_sign(in_use, now=act.now)
    sign = DeskSign(
        partner_id=partner_id,
        desk=desk,
        scene=scene,
        sign_id=new_id(act, "sgn"),
        token=act.entropy.token(_TOKEN_BYTES).hex(),
        created_at=act.now,
    )
    act.uow.staff.add_sign(sign)
    return sign
