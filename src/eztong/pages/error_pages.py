"""Errors as pages: what happened, that nothing is lost, what to do next; a support number small at the end."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from eztong.domain.errors import EztongError, Locked, SessionMissing
from eztong.http.csrf import FormForged, SignedOut
from eztong.http.problems import status_of
from eztong.i18n.moments import moment_words, wait_words
from eztong.pages.visit import Visit

SENTENCE: Final = "error."
TITLE: Final = "error_title."
_WORDS_HOME: Final = "way.home"
_WORDS_SIGN_IN: Final = "way.sign_in_again"
_WORDS_AGAIN: Final = "way.open_again"


def sentence_of(error: EztongError, visit: Visit) -> str:
    """Return the sentence for the most precise class that has one."""
    seconds = error.retry_after or 60
    return visit.words.text(
        _key(SENTENCE, type(error), visit),
        wait=wait_words(seconds, words=visit.words),
        until=moment_words(visit.now + timedelta(seconds=seconds), now=visit.now, words=visit.words),
        contact=visit.services.deployment.operator_contact,
    )


def error_page(visit: Visit, error: Exception) -> Response:
    """Return the page of any exception.

    A session that is missing leads to the door's sign-in page, a locked one to its unlock page. An exception that is
    no :class:`EztongError` becomes the opaque page of an internal error.
    """
    if isinstance(error, SessionMissing):
        return visit.redirect(visit.sign_in_page)
    if isinstance(error, Locked) and visit.unlock_page is not None:
        return visit.redirect(visit.unlock_page)
    known = error if isinstance(error, EztongError) else EztongError()
    way, way_words = _way_on(visit, known)
    status = status_of(type(known))
    return visit.page(
        visit.door.plan.error_template or "error_pages.html",
        because=known,
        tone="danger" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "warning",
        title=visit.words.text(_key(TITLE, type(known), visit)),
        sentence=sentence_of(known, visit),
        way=way,
        way_words=visit.words.text(way_words),
        code=known.code,
    )


def _way_on(visit: Visit, error: EztongError) -> tuple[str, str]:
    if isinstance(error, SignedOut):
        return visit.sign_in_page, _WORDS_SIGN_IN
    if isinstance(error, FormForged):
        return visit.page_of_form, _WORDS_AGAIN
    return visit.door.plan.ways_on.get(error.code, (visit.door.plan.home, _WORDS_HOME))


def _key(prefix: str, kind: type[EztongError], visit: Visit) -> str:
    codes = [base.code for base in kind.__mro__ if issubclass(base, EztongError)]
    keys = (own + prefix + code for code in codes for own in (visit.door.plan.own_errors, ""))
    return next(key for key in keys if visit.words.has(key))
