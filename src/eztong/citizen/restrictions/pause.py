"""Pause: keep my data and use it for nothing, until I say otherwise (PIPL art. 44)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.domain.errors import InputInvalid
from eztong.domain.restrictions.mark import Cause, open_marks
from eztong.i18n.moments import moment_words
from eztong.usecases.restrictions.pause_use import pause_use, resume_use

_HERE = "/me/pause"


def show(visit: Visit) -> Response:
    """Say what a pause does and what stays, with the button that begins or ends it.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    with visit.services.store.read() as stored:
        marks = stored.restrictions.list(visit.bound(stored).holder.holder_id)
    asked = next((mark for mark in open_marks(marks) if mark.cause is Cause.ASKED), None)
    since = "" if asked is None else moment_words(asked.since, now=visit.now, words=visit.words)
    return visit.form_page("restrictions/pause.html", tab="me", since=since)


def act(visit: Visit) -> Response:
    """Begin or end the pause.

    Raises:
        Locked: ending it takes an unlock; the page is shown again after that.
    """
    match visit.form.get("act"):
        case "pause":
            visit.act(pause_use, visit.session_hash)
        case "resume":
            visit.act(resume_use, visit.session_hash)
        case _:
            raise InputInvalid
    return visit.redirect(_HERE)
