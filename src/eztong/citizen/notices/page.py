"""My notices: every message about the account, but for message codes, to be read again (clause 2.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.domain.errors import EztongError
from eztong.domain.holder import Holder
from eztong.domain.notices import Notice, Topic
from eztong.i18n.moments import moment_words
from eztong.i18n.notices import render_notice
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.assistance.parties import helped_name
from eztong.usecases.notices.keep_notice import open_notice
from eztong.usecases.own_notices.mark_read import mark_read
from eztong.usecases.vault import open_vault

HERE: Final = "/me/notices"
PAGE: Final = 20
_ID: Final = re.compile(r"msg_[0-9A-Z]{26}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One notice on the page. ``text`` is empty where this version has no words for it."""

    title: str
    text: str
    at: str
    is_read: bool


def show(visit: Visit) -> Response:
    """List a page of notices, newest first.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see them.
    """
    before = visit.request.query_params.get("before", "")
    cursor = before if _ID.fullmatch(before) else None
    with visit.services.store.read() as stored:
        holder = visit.bound(stored).holder
        found = stored.notices.page(holder.holder_id, before=cursor, limit=PAGE + 1)
        newest = found if cursor is None else stored.notices.page(holder.holder_id, before=None, limit=1)
        unread = stored.notices.unread(holder.holder_id, at_most=1)
        shown = found[:PAGE]
        told = [_told(visit, notice, holder, stored=stored) for notice in shown]
    return visit.form_page(
        "notices/page.html",
        tab="me",
        told=told,
        is_first=cursor is None,
        more=shown[-1].notice_id if len(found) > PAGE else None,
        up_to=newest[0].notice_id if unread and newest else None,
    )


def mark(visit: Visit) -> Response:
    """Mark what was there when the page was shown as read.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not.
    """
    visit.act(mark_read, visit.session_hash, visit.form.get("up_to", ""))
    return visit.redirect(HERE)


def _told(visit: Visit, notice: Notice, holder: Holder, *, stored: Repositories) -> _Told:
    keys = visit.services.keys
    title, text = "notices.topic.unknown", ""
    try:
        topic = Topic(notice.topic)
        params = dict(open_notice(notice, open_vault(holder, keys=keys)))
        # Whom the holder helps is opened anew, by that person's key, as long as the help lasts.
        helps = params.get("assistance", "")
        name = helped_name(helps, holder.holder_id, stored=stored, keys=keys, now=visit.now) if helps else ""
        text = render_notice(
            topic,
            params | ({"name": name} if name else {}),
            language=visit.words.language,
            texts=visit.services.texts.look(),
            at=notice.at,
        )
        title = f"notices.topic.{topic}"
        if visit.words.has(f"{title}.{params.get('kind', '')}"):
            title = f"{title}.{params['kind']}"
    except (ValueError, EztongError):
        # Told by another version, or changed in the store: the others are shown all the same.
        text = ""
    return _Told(
        title=visit.words.text(title),
        text=text,
        at=moment_words(notice.at, now=visit.now, words=visit.words),
        is_read=notice.read_at is not None,
    )
