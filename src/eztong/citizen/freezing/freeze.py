"""Freeze from the own browser: one of three presses says why, and it holds at once and everywhere (clause 2.9)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.browser.session import signed_out
from eztong.citizen.journey import FROZEN, RESULT, next_path
from eztong.citizen.visit import Visit
from eztong.domain.errors import InputInvalid
from eztong.domain.holder import FreezeReason
from eztong.usecases.access.find_session import require_device
from eztong.usecases.freezing.freeze_from_session import freeze_from_session
from eztong.usecases.told_loss import lost_since


def ask(visit: Visit) -> Response:
    """Say what will stop, and ask why."""
    with visit.services.store.read() as stored:
        signed_in = visit.signed_in(stored)
        if not signed_in.holder.has_account:
            return visit.redirect(next_path(signed_in, stored=stored))
        require_device(signed_in, stored=stored)
        # Whoever made a pause can still tell a loss.
        if lost_since(signed_in.holder, stored=stored) is not None:
            return visit.redirect(RESULT)
    # Each choice is a button: freezing takes two presses, and none is made in the holder's place. What the link was
    # about stands first.
    likely = visit.request.query_params.get("reason")
    return visit.form_page(
        "freezing/freeze.html",
        choices=sorted((reason.value for reason in FreezeReason), key=lambda reason: reason != likely),
        likely=likely,
        tab="me",
    )


def freeze(visit: Visit) -> Response:
    """Freeze the account; every session ends, this one too."""
    visit.act(freeze_from_session, visit.session_hash, _reason(visit))
    return signed_out(visit, FROZEN)


def _reason(visit: Visit) -> FreezeReason:
    # In an emergency no form is sent back for a missing choice: whoever says nothing pauses.
    try:
        return FreezeReason(visit.form.get("reason", FreezeReason.PAUSE.value))
    except ValueError as error:
        raise InputInvalid from error
