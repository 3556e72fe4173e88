"""Freeze from the own browser: three choices, then at once and everywhere (clause 2.9)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.journey import CODE, next_path
from eztong.citizen.lost import frozen_page
from eztong.citizen.visit import Visit
from eztong.domain.errors import InputInvalid
from eztong.domain.holder import FreezeCause, FreezeReason
from eztong.usecases.freeze_holder import FreezeHolder, freeze_holder


def ask(visit: Visit) -> Response:
    """Say what will stop, and ask why."""
    with visit.services.store.read() as stored:
        way_on = next_path(visit.signed_in(stored), stored=stored)
    if way_on != CODE:
        return visit.redirect(way_on)
    return visit.form_page("freeze.html", choices=[reason.value for reason in FreezeReason], tab="me")


def freeze(visit: Visit) -> Response:
    """Freeze the account; every session ends, this one too."""
    services = visit.services
    with services.store.read() as stored:
        holder = visit.signed_in(stored).holder
    command = FreezeHolder(holder_id=holder.holder_id, cause=FreezeCause.SELF, channel="web", reason=_reason(visit))
    visit.write(
        lambda uow: freeze_holder(
            command, uow=uow, keys=services.keys, entropy=services.entropy, now=services.clock.now()
        )
    )
    return frozen_page(visit)


def _reason(visit: Visit) -> FreezeReason:
    # In an emergency no form is sent back for a missing choice: whoever says nothing pauses.
    try:
        return FreezeReason(visit.form.get("reason", FreezeReason.PAUSE.value))
    except ValueError as error:
        raise InputInvalid from error
