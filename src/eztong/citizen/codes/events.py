"""What becomes of the code on the screen, told to the page at once: used, tried again, ended (clauses 2.2, 2.11)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eztong.citizen.visit import Visit
from eztong.citizen.words.told_words import told_words
from eztong.domain.codes.presentation_code import CodeState, PresentationCode
from eztong.domain.codes.verification import Verification
from eztong.domain.errors import EztongError, HolderNotUsable, NotFound, SessionMissing
from eztong.domain.identifiers import CodeId, HolderId
from eztong.http.problems import status_and_headers
from eztong.http.streams import MEDIA_TYPE, Event, EventStreams
from eztong.i18n.moments import moment_words
from eztong.pages.visit import Door
from eztong.ports.storage.repositories import Repositories

PATH: Final = "/code/events"
# A used code is watched a little longer: a second try with it is what its holder must hear of.
AFTER_USE: Final = timedelta(seconds=20)
_NEWEST: Final = 20
_ENDED: Final = Event("ended", last=True)


def route(door: Door[Visit], streams: EventStreams) -> Route:
    """Return the route of the stream for one code of the browser's own device."""

    async def events(request: Request) -> Response:
        visit = door.visit(request)
        try:
            watch = _begin(visit, CodeId(request.query_params.get("code", "")))
            seconds = (watch.code.expires_at - visit.now + AFTER_USE).total_seconds()
            return streams.respond(watch, subject=watch.code.device_id, seconds=max(seconds, 0.0))
        except (SessionMissing, HolderNotUsable, NotFound):
            # Frozen, signed out or used elsewhere before the page asked. A page hears events; it cannot read a status.
            return Response(_ENDED.render(), media_type=MEDIA_TYPE)
        except EztongError as error:
            status, headers = status_and_headers(error)
            return Response(status_code=status, headers=headers)

    return Route(PATH, events)


def _begin(visit: Visit, code_id: CodeId) -> _Watch:
    with visit.services.store.read() as stored:
        signed_in = visit.bound(stored)
        holder_id, device_id = signed_in.holder.holder_id, signed_in.session.device_id
        code = stored.codes.get(code_id)
        if code is None or code.holder_id != holder_id or code.device_id != device_id:
            raise NotFound
        newest = stored.codes.newest_attempt(holder_id)
    return _Watch(visit, code, last_attempt=None if newest is None else newest.attempt_id)


@dataclass(slots=True)
class _Watch:
    """One look after the other at one code."""

    visit: Visit
    code: PresentationCode
    last_attempt: str | None
    is_used: bool = False

    def __call__(self) -> Event | None:
        """Return what is new since the last look."""
        with self.visit.services.store.read() as stored:
            return self._state(stored) or self._attempt(stored)

    def _state(self, stored: Repositories) -> Event | None:
        code = stored.codes.get(self.code.code_id)
        if code is None:
            return _ENDED
        now = self.visit.services.clock.now()
        match code.state:
            case CodeState.ISSUED:
                return Event("over", last=True) if now >= code.expires_at else None
            case CodeState.CONSUMED if self.is_used:
                return Event("over", last=True) if now >= code.expires_at + AFTER_USE else None
            case CodeState.CONSUMED:
                self.is_used = True
                return self._used(code, stored)
            case _:
                return _ENDED

    def _used(self, code: PresentationCode, stored: Repositories) -> Event:
        verification = _verification(code, code.holder_id, stored)
        return _ENDED if verification is None else _told(self.visit, verification, code, stored)

    def _attempt(self, stored: Repositories) -> Event | None:
        attempt = stored.codes.newest_attempt(self.code.holder_id)
        if attempt is None or attempt.attempt_id == self.last_attempt:
            return None
        self.last_attempt = attempt.attempt_id
        if attempt.code_id != self.code.code_id:
            return None
        partner = stored.partners.get(attempt.partner_id)
        html = self.visit.fragment(
            "codes/events_tried.html",
            partner="" if partner is None else _name(self.visit, partner.name, partner.name_en),
            at=moment_words(attempt.at, now=self.visit.services.clock.now(), words=self.visit.words),
        )
        return Event("tried", json.dumps(html))


def _verification(code: PresentationCode, holder_id: HolderId, stored: Repositories) -> Verification | None:
    newest = stored.verifications.for_holder(holder_id, before=None, limit=_NEWEST)
    return next((found for found in newest if found.verification_id == code.verification_id), None)


def _told(visit: Visit, verification: Verification, code: PresentationCode, stored: Repositories) -> Event:
    partner = stored.partners.get(verification.partner_id)
    scene = stored.partners.scene(verification.partner_id, verification.scene)
    if partner is None or scene is None:
        return _ENDED
    desks = dict(stored.partners.desks(verification.partner_id))
    reason = f"error.{verification.reason}"
    contact = visit.services.deployment.operator_contact
    html = visit.fragment(
        "codes/events_used.html",
        verification=verification,
        partner=_name(visit, partner.name, partner.name_en),
        scene=_name(visit, scene.title, scene.title_en),
        desk=desks.get(verification.desk or ""),
        at=moment_words(verification.created_at, now=visit.services.clock.now(), words=visit.words),
        told=told_words(visit, verification, code.holder_id, stored=stored),
        reason=visit.words.text(reason, contact=contact) if visit.words.has(reason) else "",
    )
    return Event("used", json.dumps(html))


def _name(visit: Visit, chinese: str, english: str) -> str:
    return english if visit.words.language == "en" else chinese
