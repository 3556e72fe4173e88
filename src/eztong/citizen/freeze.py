"""Freeze: a confirmation page, then at once and everywhere (clause 2.9)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.journey import CODE, next_path
from eztong.citizen.visit import Visit
from eztong.domain.holder import FreezeCause
from eztong.i18n.moments import moment_words
from eztong.usecases.freeze_holder import FreezeHolder, freeze_holder


def ask(visit: Visit) -> Response:
    """Say what will stop, and ask for the act."""
    with visit.services.store.read() as stored:
        way_on = next_path(visit.signed_in(stored), stored=stored)
    return visit.form_page("freeze.html", tab="me") if way_on == CODE else visit.redirect(way_on)


def freeze(visit: Visit) -> Response:
    """Freeze the account; every session ends, this one too."""
    services = visit.services
    with services.store.read() as stored:
        holder = visit.signed_in(stored).holder
    command = FreezeHolder(holder_id=holder.holder_id, cause=FreezeCause.SELF, channel="web")
    visit.write(
        lambda uow: freeze_holder(
            command, uow=uow, keys=services.keys, entropy=services.entropy, now=services.clock.now()
        )
    )
    response = visit.page("frozen.html", at=moment_words(visit.now, now=visit.now, words=visit.words))
    visit.house.cookies.drop_session(response)
    return response
