"""The code page: a press makes one code, and the page then shows it for as long as it lives (clause 2.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.responses import Response

from eztong.citizen.codes.shown_code import find_shown, keep_shown
from eztong.citizen.journey import CODE, IDENTITY_CHECK, next_path
from eztong.citizen.visit import Visit
from eztong.domain.canonical_json import render_time
from eztong.domain.codes.presentation_code import Channel, PresentationCode, ShownCode
from eztong.domain.holder import Holder
from eztong.domain.identity.masking import mask_name
from eztong.domain.incidents.incident import Affected
from eztong.domain.standing import NothingPasses, check_may_show_code
from eztong.http.qr_svg import render_qr
from eztong.i18n.moments import clock_words
from eztong.ports.storage.access.sessions import Session
from eztong.usecases.access.find_session import require_device
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from eztong.usecases.incidents.check_open import check_open
from eztong.usecases.vault import open_vault


def show(visit: Visit) -> Response:
    """Show the code that this browser was just given, else the locked card with the button that makes one.

    Raises:
        HolderNotUsable: the account or the device may not show codes.
    """
    with visit.services.store.read() as stored:
        signed_in = visit.signed_in(stored)
        way_on = next_path(signed_in, stored=stored)
        if way_on != CODE:
            return visit.redirect(way_on)
        try:
            check_may_show_code(signed_in.holder)
        except NothingPasses:
            return visit.redirect(IDENTITY_CHECK)
        require_device(signed_in, stored=stored)
        check_consent(signed_in.holder.holder_id, stored=stored)
        shown = find_shown(visit, signed_in, stored=stored)
    locked = _is_locked(signed_in.session, now=visit.now)
    if shown is not None and not locked:
        return _shown_page(visit, *shown, signed_in.holder)
    return visit.form_page(
        "codes/page.html",
        masked_name=_masked_name(visit, signed_in.holder),
        restricted=signed_in.holder.is_restricted,
        locked=locked,
        expired="expired" in visit.request.query_params,
        tab="code",
    )


def issue(visit: Visit) -> Response:
    """Make a code for the screen: QR and number, one minute."""
    return _issue(visit, Channel.SCREEN)


def issue_spoken(visit: Visit) -> Response:
    """Make a number to read out: five minutes, no QR."""
    return _issue(visit, Channel.SPOKEN)


def _issue(visit: Visit, channel: Channel) -> Response:
    with visit.services.store.read() as stored:
        signed_in = visit.signed_in(stored)
        way_on = next_path(signed_in, stored=stored)
    if way_on != CODE:
        return visit.redirect(way_on)
    services = visit.services
    check_open(Affected.CODES, board=services.incidents.look(), now=visit.now)
    command = IssueCode(session_hash=visit.session_hash, channel=channel)
    code = visit.act(issue_code, command)
    services.observer.code_issued(channel.value)
    return keep_shown(visit, visit.redirect(CODE), code)


def _shown_page(visit: Visit, shown: ShownCode, code: PresentationCode, holder: Holder) -> Response:
    return visit.form_page(
        "codes/page_shown.html",
        code=shown,
        qr=None if shown.qr is None else render_qr(shown.qr, label=visit.words.text("code.qr_label")),
        masked_name=_masked_name(visit, holder),
        life=int(code.channel.life.total_seconds()),
        left=(code.expires_at - visit.now).total_seconds(),
        life_words=_minutes(code.channel.life),
        clock=clock_words(visit.now),
        expires=render_time(code.expires_at),
        expires_words=clock_words(code.expires_at),
        tab="code",
    )


def _minutes(life: timedelta) -> str:
    minutes, seconds = divmod(int(life.total_seconds()), 60)
    return f"{minutes}:{seconds:02d}"


def _is_locked(session: Session, *, now: datetime) -> bool:
    return session.unlocked_until is None or now >= session.unlocked_until


def _masked_name(visit: Visit, holder: Holder) -> str:
    if holder.sealed_name is None:
        return ""
    return mask_name(open_vault(holder, keys=visit.services.keys).open("sealed_name", holder.sealed_name).decode())
