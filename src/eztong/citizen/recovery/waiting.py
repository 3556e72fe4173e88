"""A recovery that waits: what its own browser sees, and the ways to stop it (clauses 2.6, 2.9; ADR 0028)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.citizen.browser.session import opening_of, signed_in, signed_out_of
from eztong.citizen.journey import FROZEN
from eztong.citizen.recovery.recover import DONE, WAITING
from eztong.citizen.visit import Visit
from eztong.domain.errors import InputInvalid
from eztong.domain.recovery import Recovery, RecoveryState
from eztong.domain.standing import is_usable
from eztong.http.cookies import new_token
from eztong.i18n.moments import moment_words
from eztong.usecases.freezing.freeze_by_link import freeze_by_link
from eztong.usecases.recovery.waiting_recovery import (
    complete_recovery,
    find_by_link,
    stop_by_link,
    stop_from_session,
    withdraw,
)

STOPPED: Final = "/recover/stopped"
_SETUP: Final = f"/unlock/setup?next={DONE}"


def show(visit: Visit) -> Response:
    """Say until when it waits and how to stop it, or how it ended: nothing else of the account."""
    with visit.services.store.read() as stored:
        recovery = stored.recoveries.of_session(visit.session_hash)
    if recovery is None:
        return visit.redirect("/recover")
    stands = _stands(recovery, visit)
    return visit.form_page(
        "recovery/waiting.html",
        stands=stands,
        until=moment_words(recovery.due_at, now=visit.now, words=visit.words),
        at=None if recovery.ended_at is None else moment_words(recovery.ended_at, now=visit.now, words=visit.words),
        recovery_told=True,
    )


def go_on(visit: Visit) -> Response:
    """Open the account, once the waiting is over; or give up waiting.

    Raises:
        RecoveryOver, RecoveryNotDue: not, or not yet.
    """
    services, act = visit.services, visit.form.get("act", "")
    if act == "withdraw":
        visit.act(withdraw, visit.session_hash)
        return visit.redirect(WAITING)
    if act != "finish":
        raise InputInvalid
    token = new_token(entropy=services.entropy)
    opening = opening_of(visit, token)
    holder = visit.act(complete_recovery, opening)
    return signed_in(visit, token, visit.redirect(_SETUP if is_usable(holder) else DONE))


def stop(visit: Visit) -> Response:
    """Stop what waits for the account that is signed in here: one press.

    Raises:
        SessionMissing: nobody is signed in.
    """
    visit.act(stop_from_session, visit.session_hash)
    return visit.redirect(STOPPED)


def ask_by_link(visit: Visit) -> Response:
    """Show what the link would stop. Looking stops nothing: messages are opened by programs, too.

    Raises:
        RecoveryOver: nothing waits any more.
    """
    services = visit.services
    with services.store.read() as stored:
        recovery = find_by_link(visit.request.path_params["token"], stored=stored, keys=services.keys, now=visit.now)
    return visit.form_page(
        "recovery/waiting_stop.html",
        until=moment_words(recovery.due_at, now=visit.now, words=visit.words),
        since=moment_words(recovery.started_at, now=visit.now, words=visit.words),
        device=recovery.device_label,
        recovery_told=True,
    )


def stop_with_link(visit: Visit) -> Response:
    """Stop it, and freeze the account if that button was pressed.

    Raises:
        RecoveryOver: nothing waits any more.
    """
    token = visit.request.path_params["token"]
    if visit.form.get("act") == "freeze":
        return signed_out_of(visit, visit.act(freeze_by_link, token).holder_id, FROZEN)
    visit.act(stop_by_link, token)
    return visit.redirect(STOPPED)


def show_stopped(visit: Visit) -> Response:
    """Say what that means, and what to do next."""
    return visit.page("recovery/waiting_stopped.html")


def _stands(recovery: Recovery, visit: Visit) -> str:
    if recovery.state is not RecoveryState.WAITING:
        return recovery.state.value
    if not recovery.is_waiting(now=visit.now):
        return "lapsed"
    return "due" if recovery.is_due(now=visit.now) else "waiting"
