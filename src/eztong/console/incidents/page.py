"""What is out of order and what is announced: opened, updated and ended in both languages (clauses 2.12, 4.1, 4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.responses import Response

from eztong.console.typed import typed_moment
from eztong.console.visit import Visit
from eztong.domain.errors import EztongError
from eztong.domain.incidents.incident import (
    MAX_WORDS,
    PLANNED,
    REFUSABLE,
    Affected,
    Bilingual,
    Incident,
    IncidentIncomplete,
    IncidentKind,
    IncidentTimesInvalid,
    IncidentUnknown,
    parse_bilingual,
)
from eztong.domain.operators.permission import Permission
from eztong.i18n.translator import LANGUAGES, Translator
from eztong.pages.incident_words import incident_words
from eztong.usecases.incidents.open_incident import OpenIncident, open_incident, preview_incident
from eztong.usecases.incidents.update_incident import EndIncident, UpdateIncident, end_incident, update_incident

HOME: Final = "/console/incidents"
PAST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BannerPreview:
    """How pages of a language will tell what is not told yet."""

    language: str
    banner: str


TYPED: Final = ("kind", "effect_zh", "effect_en", "workaround_zh", "workaround_en", "starts", "until")


def show(visit: Visit) -> Response:
    """List what runs and what is over, with the form for a new one."""
    return _list(visit)


def tell(visit: Visit) -> Response:
    """Open an incident, or announce work, and go to its page; or first show how pages will tell it."""
    try:
        command = OpenIncident(
            kind=_kind(visit.form.get("kind", "")),
            affects=_affected(visit),
            effect=_both(visit, "effect"),
            workaround=_both_or_none(visit, "workaround"),
            starts_at=_moment(visit, "starts"),
            until=_moment(visit, "until"),
            refuses=tuple(one for one in REFUSABLE if visit.form.get(f"refuses_{one.value}") == "yes"),
        )
        if visit.form.get("act") == "preview":
            return _list(visit, previews=_previews(visit, preview_incident(command, now=visit.now)))
        opened = visit.audited(lambda: visit.services.perform(visit.acting, open_incident, command))
    except EztongError as error:
        return _list(visit, error=error)
    return visit.redirect_done(f"{HOME}/{opened.incident_id}")


def show_one(visit: Visit) -> Response:
    """Show one with everything that was done to it."""
    return _one(visit)


def go_on(visit: Visit) -> Response:
    """Say what is new, or end it."""
    incident_id = _id(visit)
    try:
        if visit.form.get("act") == "end":
            ended = EndIncident(incident_id=incident_id, words=_both_or_none(visit, "words"))
            visit.audited(lambda: visit.services.perform(visit.acting, end_incident, ended), subject=incident_id)
        else:
            news = UpdateIncident(incident_id=incident_id, words=_both(visit, "words"), until=_moment(visit, "until"))
            visit.audited(lambda: visit.services.perform(visit.acting, update_incident, news), subject=incident_id)
    except IncidentUnknown:
        raise
    except EztongError as error:
        return _one(visit, error=error)
    return visit.redirect_done(f"{HOME}/{incident_id}")


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["incident_id"])


def _kind(value: str) -> IncidentKind:
    if value not in {kind.value for kind in IncidentKind}:
        raise IncidentIncomplete
    return IncidentKind(value)


def _affected(visit: Visit) -> tuple[Affected, ...]:
    chosen = tuple(one for one in Affected if visit.form.get(f"affects_{one.value}") == "yes")
    if not chosen:
        raise IncidentIncomplete
    return chosen


def _both(visit: Visit, name: str) -> Bilingual:
    return parse_bilingual(visit.form.get(f"{name}_zh", ""), visit.form.get(f"{name}_en", ""))


def _both_or_none(visit: Visit, name: str) -> Bilingual | None:
    typed = visit.form.get(f"{name}_zh", "").strip() or visit.form.get(f"{name}_en", "").strip()
    return _both(visit, name) if typed else None


def _moment(visit: Visit, name: str) -> datetime | None:
    return typed_moment(visit, name, wrong=IncidentTimesInvalid)


def _previews(visit: Visit, incident: Incident) -> list[BannerPreview]:
    """Return the banner as every page will show it, in each language."""
    shown = []
    for language in LANGUAGES:
        words = Translator(language)
        told = incident_words(incident, now=visit.now, words=words)
        banner = visit.fragment(
            "incident_banner.html",
            t=words.text,
            joined=words.joined,
            incidents=[told],
            incident_advice="incident.advice",
        )
        # One page has one place for what is out of order, which the desk's script looks for.
        banner = banner.replace('id="incidents"', "")
        shown.append(BannerPreview(language=language, banner=banner))
    return shown


def _list(visit: Visit, *, error: EztongError | None = None, previews: Sequence[BannerPreview] = ()) -> Response:
    with visit.services.store.read() as stored:
        running, past = stored.incidents.running(), stored.incidents.past(limit=PAST)
        unreadable = stored.incidents.unreadable()
    live = [one for one in running if one.end(visit.now) is None]
    return visit.form_page(
        "incidents/page.html",
        because=error,
        running=live,
        past=[one for one in running if one not in live] + list(past),
        unreadable=unreadable,
        previews=previews,
        may_report=visit.may(Permission.INCIDENT_REPORTS_READ),
        kinds=list(IncidentKind),
        planned=PLANNED,
        affected=list(Affected),
        refusable=list(REFUSABLE),
        refused={one.value for one in REFUSABLE if visit.form.get(f"refuses_{one.value}") == "yes"},
        most=MAX_WORDS,
        may_tell=visit.may(Permission.INCIDENTS_TELL),
        typed={name: visit.form.get(name, "") for name in TYPED},
        ticked={one.value for one in Affected if visit.form.get(f"affects_{one.value}") == "yes"},
        in_language=visit.words.language,
    )


def _one(visit: Visit, *, error: EztongError | None = None) -> Response:
    incident_id = _id(visit)
    with visit.services.store.read() as stored:
        found = stored.incidents.get(incident_id)
        if found is None:
            raise IncidentUnknown
        updates = stored.incidents.updates(first=incident_id, last=incident_id)
    return visit.form_page(
        "incidents/page_one.html",
        because=error,
        incident=found,
        phase=found.phase(visit.now),
        ended_at=found.end(visit.now),
        updates=updates,
        most=MAX_WORDS,
        may_tell=visit.may(Permission.INCIDENTS_TELL) and found.end(visit.now) is None,
        typed={name: visit.form.get(name, "") for name in ("words_zh", "words_en", "until")},
        in_language=visit.words.language,
    )
