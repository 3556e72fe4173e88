"""After my death: whether relatives may ask about the account, or everything is deleted (PIPL art. 49)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.domain.death.after_death import GRACE, Wish, parse_wish, wish_of
from eztong.i18n.moments import span_words
from eztong.usecases.death.choose_after_death import choose_after_death

HERE: Final = "/me/after-death"


def show(visit: Visit) -> Response:
    """Say what happens to the account after a death, with what was chosen for it.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    with visit.services.store.read() as stored:
        wish = wish_of(visit.bound(stored).holder)
    kept = visit.services.deployment.deceased_kept
    return visit.form_page(
        "own_data/after_death.html",
        tab="me",
        wishes=tuple(Wish),
        wish=wish,
        kept=span_words(kept.days, words=visit.words),
        grace=span_words(min(GRACE, kept).days, words=visit.words),
    )


def choose(visit: Visit) -> Response:
    """Store the choice.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not.
        Locked: unlock first; the page is shown again after it.
        InputInvalid: nothing was chosen.
    """
    with visit.services.store.read() as stored:
        # Whoever may not enter hears that, whatever they sent.
        visit.bound(stored)
    visit.act(choose_after_death, visit.session_hash, parse_wish(visit.form.get("wish", "")))
    return visit.redirect(HERE)
