"""What I am told, and where: each use, an e-mail address, promotional notices (2.4, 2.7)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.domain.errors import EztongError, InputInvalid, TooMany
from eztong.domain.identity.email_address import mask_email, parse_email
from eztong.domain.notices import EmailKept
from eztong.i18n.moments import moment_words
from eztong.pages.error_pages import sentence_of
from eztong.usecases.notices.sealed_email import open_email
from eztong.usecases.own_notices.add_email import AddEmail, add_email
from eztong.usecases.own_notices.choose_notices import choose_per_use, choose_promotions
from eztong.usecases.own_notices.remove_email import remove_email
from eztong.usecases.vault import open_vault

HERE: Final = "/me/notices/choices"
_ON_THE_PAGE: Final = (InputInvalid, EmailKept, TooMany)


def show(visit: Visit) -> Response:
    """Show the choices, the address masked.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see them.
    """
    return _page(visit)


def choose(visit: Visit) -> Response:
    """Do what one of the page's buttons says.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not.
        Locked: unlock first; the page is shown again after it.
    """
    session_hash, form = visit.session_hash, visit.form
    with visit.services.store.read() as stored:
        visit.bound(stored)
    match form.get("act"):
        case "per_use":
            visit.act(choose_per_use, session_hash, is_on=form.get("switch") == "on")
        case "promotions":
            visit.act(choose_promotions, session_hash, is_on=form.get("switch") == "on")
        case "remove_email":
            visit.act(remove_email, session_hash)
        case "add_email":
            return _add(visit)
        case _:
            raise InputInvalid
    return visit.redirect(HERE)


def _add(visit: Visit) -> Response:
    try:
        command = AddEmail(
            session_hash=visit.session_hash,
            address=parse_email(visit.form.get("email", "")),
            consents=visit.form.get("consent") == "yes",
        )
        visit.act(add_email, command, public_url=visit.services.deployment.public_url)
    except _ON_THE_PAGE as error:
        return _page(visit, error)
    return visit.redirect(HERE)


def _page(visit: Visit, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        holder = visit.bound(stored).holder
        choices = stored.notice_choices.get(holder.holder_id)
        email = stored.emails.get(holder.holder_id)
    lapsed = (
        email is not None and email.proven_at is None and (email.link_until is None or visit.now >= email.link_until)
    )
    shown = None if email is None or lapsed else email
    return visit.form_page(
        "notices/choices.html",
        because=error,
        tab="me",
        per_use=choices is not None and choices.per_use,
        promotions=choices is not None and choices.promotions,
        address=None if shown is None else mask_email(open_email(shown, open_vault(holder, keys=visit.services.keys))),
        is_proven=shown is not None and shown.proven_at is not None,
        until="" if shown is None or shown.link_until is None else _moment(visit, shown.link_until),
        typed=visit.form.get("email", "") if error is not None else "",
        problem="" if error is None else sentence_of(error, visit),
    )


def _moment(visit: Visit, moment: datetime) -> str:
    return moment_words(moment, now=visit.now, words=visit.words)
