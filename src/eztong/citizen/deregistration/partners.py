"""What partners were told of an account that ended, and what each answered, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from eztong.citizen.visit import Visit
from eztong.citizen.words.record_words import name_of
from eztong.domain.deregistration.partner_event import PartnerEvent
from eztong.domain.identity.age import SHANGHAI, service_date
from eztong.domain.partners.partner import Partner
from eztong.i18n.moments import date_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPartner:
    """A partner and where it stands; ``key`` leads to the words, ``law`` is a quotation."""

    name: str
    key: str
    day: str
    due: str
    until: str
    law: str


def told_partners(visit: Visit, news: Sequence[tuple[Partner, PartnerEvent]]) -> Sequence[ToldPartner]:
    """Return who is told, in the visit's language."""
    return [_told(visit, partner, event) for partner, event in news]


def _told(visit: Visit, partner: Partner, event: PartnerEvent) -> ToldPartner:
    answered = event.answered
    until = None if answered is None else answered.until
    return ToldPartner(
        name=name_of(partner, visit),
        key=_key(visit, event),
        day=_day(visit, service_date(event.answered_at or event.tell_at)),
        due=_day(visit, event.answer_by(visit.services.deployment.calendar)),
        until="" if until is None else _day(visit, until),
        law="" if answered is None or answered.law is None else answered.law,
    )


def _key(visit: Visit, event: PartnerEvent) -> str:
    if event.answered is not None:
        return event.answered.answer.value
    if not event.is_told(now=visit.now):
        return "waits"
    return "overdue" if event.is_overdue(visit.services.deployment.calendar, now=visit.now) else "told"


def _day(visit: Visit, day: date) -> str:
    return date_words(datetime.combine(day, time(), SHANGHAI), words=visit.words)
