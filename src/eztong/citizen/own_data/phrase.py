"""The own phrase: chosen, changed, removed, and where it is shown (clause 4.2.4)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.domain.access.unlock import is_unlocked
from eztong.domain.errors import InputInvalid
from eztong.domain.own_data.phrase import LONGEST, PhraseInvalid
from eztong.pages.error_pages import sentence_of
from eztong.usecases.own_data.own_phrase import ChoosePhrase, choose_phrase, phrase_of, remove_phrase

HERE: Final = "/me/phrase"


def show(visit: Visit) -> Response:
    """Show the phrase, with the forms to change it once the browser is unlocked.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    return _page(visit)


def choose(visit: Visit) -> Response:
    """Keep or remove the phrase.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not.
        Locked: unlock first; the page is shown again after it.
    """
    with visit.services.store.read() as stored:
        visit.bound(stored)
    match visit.form.get("act"):
        case "remove":
            visit.act(remove_phrase, visit.session_hash)
        case "choose":
            try:
                phrase = visit.form.get("phrase", "")
                visit.act(choose_phrase, ChoosePhrase(session_hash=visit.session_hash, phrase=phrase))
            except PhraseInvalid as error:
                return _page(visit, error)
        case _:
            raise InputInvalid
    return visit.redirect(HERE)


def _page(visit: Visit, error: PhraseInvalid | None = None) -> Response:
    with visit.services.store.read() as stored:
        signed_in = visit.bound(stored)
        phrase = phrase_of(signed_in.holder, stored=stored, keys=visit.services.keys)
    return visit.form_page(
        "own_data/phrase.html",
        because=error,
        tab="me",
        phrase=phrase,
        typed="" if error is None else visit.form.get("phrase", ""),
        error="" if error is None else sentence_of(error, visit),
        longest=LONGEST,
        unlocked=is_unlocked(signed_in.session.unlocked_until, now=visit.now),
        site=urlsplit(visit.services.deployment.public_url).netloc,
    )
